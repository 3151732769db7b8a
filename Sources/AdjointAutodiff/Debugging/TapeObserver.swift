/// Something that looks at every operation that a tape records and at every gradient that a sweep finds.
///
/// A tape without observers pays nothing for them when it records: an observed tape pretends to be full, so that every operation
/// takes the way of one that needs more room, and is shown to the observers there.
protocol TapeObserver: AnyObject {
  /// Whether there is nothing more to see.
  var isDone: Bool { get }

  /// An operation was recorded.
  func didRecord(
    _ rule: OperationRule, at index: Int32, of state: UnsafeMutablePointer<TapeState>, inputs: [Variable], value: Tensor
  )

  /// A pullback gave the gradient of one of its operation's inputs.
  func didPull(
    _ rule: OperationRule, at index: Int32, of state: UnsafeMutablePointer<TapeState>, upstream: Tensor, input: Int,
    gradient: Tensor)
}

extension UnsafeMutablePointer<TapeState> {
  /// Shows an operation to the observers; the ones that have seen enough leave.
  @inline(never)
  func show(
    _ rule: Unmanaged<OperationRule>?, at index: Int32, inputs: [Variable], value: Tensor
  ) {
    pointee.observers.removeAll(where: \.isDone)
    guard let rule = rule?.takeUnretainedValue() else { return }
    for observer in pointee.observers { observer.didRecord(rule, at: index, of: self, inputs: inputs, value: value) }
  }
}
