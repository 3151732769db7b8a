extension Variable {
  /// Returns the difference of two variables.
  ///
  ///     y = a − b            a, b: shapes that broadcast   y: the common shape
  ///     ā = ȳ, b̄ = −ȳ        each summed to its operand's shape
  ///
  /// - Complexity: O(`y.count`) time; nothing is kept for the reverse sweep.
  public static func - (a: Variable, b: Variable) -> Variable {
    record(static: .subtract, a, b, value: a.value - b.value)
  }
}

extension OperationRule {
  static let subtract = OperationRule(
    "subtract", saving: .nothing, broadcasts: true, batching: .elementwise, { dy, _ in dy }, { dy, _ in -dy })
}

extension OperationSample {
  static let subtract = OperationSample(elementwise: 2) { $0[0] - $0[1] }
  static let subtractColumn = OperationSample("subtract a column", [[3, 4], [3, 1]], yields: [3, 4]) { $0[0] - $0[1] }
  static let subtractItself = OperationSample("subtract from itself", [[2, 3]], yields: [2, 3]) { $0[0] - $0[0] }
}
