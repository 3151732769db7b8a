/// One step of a recurrent network: s′ = φ(x, s; θ).
///
/// A conforming layer writes its step as `callAsFunction`, taking and returning the state explicitly. ``scan(_:over:from:lengths:reversed:truncatingEvery:)``
/// applies it along a sequence, and ``Recurrent`` stacks cells. The cells of this library run a whole sequence as one operation
/// besides; their step is the definition that this operation is tested against.
public protocol RecurrentCell: Layer {
  /// What is carried from step to step.
  associatedtype State: RecurrentState

  /// The number of features of a state's output.
  var units: Int { get }

  /// The state before the first step where none is given: zeros.
  ///
  /// - Parameters:
  ///   - batch: The number of sequences B.
  ///   - dtype: The element type.
  /// - Returns: The state.
  func zeroState(batch: Int, dtype: DType) -> State

  /// One step.
  ///
  /// - Parameters:
  ///   - x: The input, `[B, D]`.
  ///   - state: The state before the step.
  /// - Returns: The state after it.
  func callAsFunction(_ x: Variable, _ state: State) -> State

  /// All steps of a sequence. The default takes them one by one.
  ///
  /// - Parameters:
  ///   - x: The inputs, `[T, B, D]`.
  ///   - state: The state before the first step.
  ///   - lengths: The number of steps that each sequence takes part in; all if nil. They are within `0 ... T`.
  ///   - reversed: Whether the steps go from the last to the first.
  /// - Returns: The output after every step, `[T, B, H]`, and the state after the last one.
  func sequence(
    over x: Variable, from state: State, lengths: IndexArray?, reversed: Bool
  ) -> (outputs: Variable, last: State)
}

extension RecurrentCell {
  /// All steps of a sequence, one by one.
  ///
  /// - Parameters:
  ///   - x: The inputs, `[T, B, D]`.
  ///   - state: The state before the first step.
  ///   - lengths: The number of steps that each sequence takes part in; all if nil.
  ///   - reversed: Whether the steps go from the last to the first.
  /// - Returns: The output after every step, `[T, B, H]`, and the state after the last one.
  public func sequence(
    over x: Variable, from state: State, lengths: IndexArray?, reversed: Bool
  ) -> (outputs: Variable, last: State) {
    let scanned = scan(self, over: x, from: state, lengths: lengths, reversed: reversed)
    return (scanned.outputs, scanned.last)
  }

  /// All steps of a sequence in windows that gradients do not cross.
  func sequence(
    over x: Variable, from state: State?, lengths: IndexArray?, reversed: Bool, truncatingEvery window: Int?
  ) -> (outputs: Variable, last: State) {
    let state = checkedState(state, x, lengths, window)
    let steps = x.shape[0]
    guard let window, window < steps else {
      return sequence(over: x, from: state, lengths: lengths, reversed: reversed)
    }
    var last = state
    var outputs: [Variable] = []
    for number in 0..<(steps + window - 1) / window {
      let near = number * window, far = Swift.min(steps, near + window)
      let range = reversed ? steps - far..<steps - near : near..<far
      let inside = lengths.map { IndexArray($0.map { Swift.min(Swift.max(0, $0 - range.lowerBound), range.count) }) }
      let piece = sequence(
        over: x.rows(range), from: number == 0 ? last : last.detached(), lengths: inside, reversed: reversed)
      last = piece.last
      outputs.append(piece.outputs)
    }
    return (concatenate(reversed ? outputs.reversed() : outputs, along: 0), last)
  }

  /// The state to begin with, after checks of everything that goes into a sequence.
  func checkedState(_ state: State?, _ x: Variable, _ lengths: IndexArray?, _ window: Int?) -> State {
    let name = "\(Self.self)"
    require(x.rank == 3, "\(name): the input has shape \(x.shape); it needs the axes time, batch and features")
    let (steps, batch) = (x.shape[0], x.shape[1])
    if let lengths {
      require(lengths.count == batch, "\(name): \(lengths.count) lengths for a batch of \(batch)")
      for (row, length) in lengths.enumerated() {
        require(length >= 0 && length <= steps, "\(name): length \(length) at row \(row) is outside 0 ... \(steps)")
      }
    }
    if let window { require(window >= 1, "\(name): truncation every \(window) steps") }
    let zero = zeroState(batch: batch, dtype: x.dtype)
    guard let state else { return zero }
    for (given, expected) in zip(state.stateVariables, zero.stateVariables) {
      require(
        given.shape == expected.shape && given.dtype == expected.dtype,
        "\(name): the initial state is \(given.dtype) \(given.shape), not \(expected.dtype) \(expected.shape)")
    }
    return state
  }
}
