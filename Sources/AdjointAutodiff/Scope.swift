import AdjointKernels

extension UnsafeMutablePointer<TapeState> {
  /// The tape that parameters join on this thread, if any.
  @inline(__always)
  static var current: UnsafeMutablePointer<TapeState>? {
    adjoint_scope()?.assumingMemoryBound(to: TapeState.self)
  }

  func recording<Result>(_ body: () throws -> Result) rethrows -> Result {
    let previous = adjoint_set_scope(self)
    defer { adjoint_set_scope(previous) }
    return try body()
  }
}

/// Runs `body` while recording, and differentiates its result with respect to every parameter that it read.
///
///     let (loss, gradients) = valueWithGradients { softmaxCrossEntropy(logits: model(x), labels) }
///     optimizer.update(model, with: gradients)
///
/// The tape lives for this call only: what it kept is released while the reverse sweep goes on. Inside another recording
/// scope the operations, and the sweep itself, are recorded on the outer tape, so that the gradients can be differentiated.
///
/// - Parameter body: Computes a value with one element. It runs on this thread.
/// - Returns: The value, as a constant unless the scope is inside another one, and the gradients of the parameters. A value
///   with several elements, or one that no parameter went into, stops the program.
public func valueWithGradients(_ body: () throws -> Variable) rethrows -> (value: Variable, gradients: Gradients) {
  if UnsafeMutablePointer<TapeState>.current != nil {
    let value = try body()
    return (value, value.gradients(recorded: true, keeping: .leaves))
  }
  let state = TapeState.make()
  defer { TapeState.recycle(state) }
  let value = try state.recording(body)
  require(
    !value.isRecorded || value.tape == state,
    "valueWithGradients: the result was recorded on a tape of its own; call gradients() on it, or use parameters alone")
  let gradients = value.gradients(recorded: false, keeping: .leaves, consuming: true, operation: "valueWithGradients")
  return (value.detached(), gradients)
}

/// Runs `body` outside any recording scope: parameters read inside are constants.
///
/// - Parameter body: The code to run, on this thread.
/// - Returns: What `body` returns.
public func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
  let previous = adjoint_set_scope(nil)
  defer { adjoint_set_scope(previous) }
  return try body()
}
