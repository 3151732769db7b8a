/// What a block that runs again for the reverse sweep had around it when it ran first.
struct Surroundings {
  /// Whether parameters that the block reads join the tape.
  private let isInScope: Bool
  private let dtype = DType.default
  private let settings = ExecutionSettings.current
  private let rows = drawnRows

  init(isInScope: Bool) { self.isInScope = isInScope }

  /// Runs a block on a tape as it ran first.
  func run(on state: UnsafeMutablePointer<TapeState>, _ block: () -> Variable) -> Variable {
    withDefaultDType(dtype) {
      ExecutionSettings.$current.withValue(settings) {
        withDrawnRows(rows) { isInScope ? state.recording(block) : withoutRecording(block) }
      }
    }
  }
}
