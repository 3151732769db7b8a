import AdjointKernels

/// Returns the elementwise maximum of two variables.
///
///     y = max(a, b)            a, b: shapes that broadcast   y: the common shape
///     ā = ȳ ⊙ [a > b], b̄ = ȳ ⊙ [b > a]
///
/// Where a = b, two recorded operands get half the gradient each; one recorded operand beside a constant gets none, so
/// that `max(x, 0)` is `relu(x)`. NaN in either operand gives NaN.
///
/// - Parameters:
///   - a: A variable.
///   - b: A variable that broadcasts with `a`.
/// - Returns: The maxima.
/// - Complexity: O(`y.count`) time; keeps both operands.
public func max(_ a: Variable, _ b: Variable) -> Variable {
  record(static: .maximum, a, b, value: max(a.value, b.value))
}

/// Returns the elementwise minimum of two variables.
///
///     y = min(a, b)            a, b: shapes that broadcast   y: the common shape
///     ā = ȳ ⊙ [a < b], b̄ = ȳ ⊙ [b < a]
///
/// Ties and NaN are treated as in `max`.
///
/// - Parameters:
///   - a: A variable.
///   - b: A variable that broadcasts with `a`.
/// - Returns: The minima.
/// - Complexity: O(`y.count`) time; keeps both operands.
public func min(_ a: Variable, _ b: Variable) -> Variable {
  record(static: .minimum, a, b, value: min(a.value, b.value))
}

extension OperationRule {
  static let maximum = OperationRule(
    "max", saving: .inputs, broadcasts: true, batching: .elementwise,
    { dy, saved in dy * share(of: 0, saved, ADJOINT_MAXIMUM_SHARE) },
    { dy, saved in dy * share(of: 1, saved, ADJOINT_MAXIMUM_SHARE) })
  static let minimum = OperationRule(
    "min", saving: .inputs, broadcasts: true, batching: .elementwise,
    { dy, saved in dy * share(of: 0, saved, ADJOINT_MINIMUM_SHARE) },
    { dy, saved in dy * share(of: 1, saved, ADJOINT_MINIMUM_SHARE) })

  /// The part of the gradient that one operand gets: 1, 0, or what a tie leaves it.
  @inline(__always)
  private static func share(of input: Int, _ saved: Saved, _ operation: adjoint_binary_operation) -> Variable {
    let own = saved[input].value, other = saved[1 - input].value
    if saved.needsGradient(1 - input) { return sharedWithTies(own, other, operation) }
    return Variable(operation == ADJOINT_MAXIMUM_SHARE ? greater(own, other) : greater(other, own))
  }

  @inline(never)
  private static func sharedWithTies(
    _ own: Tensor, _ other: Tensor, _ operation: adjoint_binary_operation
  ) -> Variable {
    let sign: Double = operation == ADJOINT_MAXIMUM_SHARE ? 1 : -1
    return Variable(
      Tensor.binary(operation, "share", own, other) { $0 == $1 ? 0.5 : sign * ($0 - $1) > 0 ? 1 : 0 })
  }
}

extension OperationSample {
  static let maximum = OperationSample("max", elementwise: 2) { max($0[0], $0[1]) }
  static let maximumRow = OperationSample("max with a row", [[3, 4], [4]], yields: [3, 4]) { max($0[0], $0[1]) }
  static let maximumConstant = OperationSample("max with a constant", elementwise: 1) { max($0[0], 0.1) }
  static let minimum = OperationSample("min", elementwise: 2) { min($0[0], $0[1]) }
}
