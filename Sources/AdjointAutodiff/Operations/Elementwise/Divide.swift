extension Variable {
  /// Returns the elementwise quotient of two variables.
  ///
  ///     y = a / b                    a, b: shapes that broadcast   y: the common shape
  ///     ā = ȳ / b, b̄ = −ȳ y / b      each 0 where ȳ is, at b = 0 too; summed to its operand's shape
  ///
  /// - Complexity: O(`y.count`) time; keeps the divisor and the quotient.
  public static func / (a: Variable, b: Variable) -> Variable {
    record(static: .divide, a, b, value: a.value / b.value)
  }
}

extension OperationRule {
  static let divide = OperationRule(
    "divide", saving: [.input1, .output], broadcasts: true, batching: .elementwise,
    { dy, saved in AdjointAutodiff.divideOrZero(dy, saved[1]) },
    { dy, saved in -AdjointAutodiff.divideOrZero(AdjointAutodiff.multiplyOrZero(dy, saved.output), saved[1]) })
}

extension OperationSample {
  static let divide = OperationSample(elementwise: 2, in: 0.5...2) { $0[0] / $0[1] }
  static let divideByColumn = OperationSample("divide by a column", [[3, 4], [3, 1]], yields: [3, 4], in: 0.5...2) {
    $0[0] / $0[1]
  }
}
