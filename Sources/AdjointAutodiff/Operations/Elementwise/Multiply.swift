extension Variable {
  /// Returns the elementwise product of two variables.
  ///
  ///     y = a ⊙ b            a, b: shapes that broadcast   y: the common shape
  ///     ā = ȳ ⊙ b, b̄ = ȳ ⊙ a  each summed to its operand's shape
  ///
  /// - Complexity: O(`y.count`) time; keeps an operand only where the other one's gradient needs it.
  @inline(__always)
  public static func * (a: Variable, b: Variable) -> Variable {
    // Most products of numbers are taken in pullbacks.
    a.index & b.index < 0 && a.value.isScalar && b.value.isScalar ? Variable(a.value * b.value) : product(a, b)
  }

  @inline(never)
  private static func product(_ a: Variable, _ b: Variable) -> Variable {
    record(static: .multiply, a, b, value: a.value * b.value)
  }
}

/// Returns a ⊙ b, and exactly 0 wherever a is 0, whatever b is.
///
///     y = a ≠ 0 ? a ⊙ b : 0
///
/// An upstream gradient of 0 stops here even where a local derivative is infinite.
package func multiplyOrZero(_ a: Variable, _ b: Variable) -> Variable {
  record(static: .multiplyOrZero, a, b, value: multiplyOrZero(a.value, b.value))
}

extension OperationRule {
  static let multiply = OperationRule(
    "multiply", saving: .otherInputs, broadcasts: true, batching: .elementwise, { dy, saved in dy * saved[1] },
    { dy, saved in dy * saved[0] })
  static let multiplyOrZero = OperationRule(
    "multiplyOrZero", saving: .otherInputs, broadcasts: true, batching: .elementwise,
    { dy, saved in AdjointAutodiff.multiplyOrZero(dy, saved[1]) },
    { dy, saved in AdjointAutodiff.multiplyOrZero(saved[0], dy) })
}

extension OperationSample {
  static let multiply = OperationSample(elementwise: 2) { $0[0] * $0[1] }
  static let multiplyRow = OperationSample("multiply by a row", [[3, 4], [4]], yields: [3, 4]) { $0[0] * $0[1] }
  static let multiplyOuter = OperationSample("multiply a column by a row", [[3, 1], [1, 4]], yields: [3, 4]) {
    $0[0] * $0[1]
  }
  static let multiplyItself = OperationSample("multiply by itself", [[2, 3]], yields: [2, 3]) { $0[0] * $0[0] }
  static let multiplyOrZero = OperationSample(elementwise: 2) {
    AdjointAutodiff.multiplyOrZero($0[0], $0[1])
  }
}
