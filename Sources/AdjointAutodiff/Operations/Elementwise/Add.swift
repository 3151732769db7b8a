extension Variable {
  /// Returns the sum of two variables.
  ///
  ///     y = a + b            a, b: shapes that broadcast   y: the common shape
  ///     ā = ȳ, b̄ = ȳ         each summed to its operand's shape
  ///
  /// - Complexity: O(`y.count`) time; nothing is kept for the reverse sweep.
  public static func + (a: Variable, b: Variable) -> Variable { record(static: .add, a, b, value: a.value + b.value) }
}

extension OperationRule {
  static let add = OperationRule(
    "add", saving: .nothing, broadcasts: true, batching: .elementwise, { dy, _ in dy }, { dy, _ in dy })
}

extension OperationSample {
  static let add = OperationSample(elementwise: 2) { $0[0] + $0[1] }
  static let addRow = OperationSample("add a row", [[3, 4], [4]], yields: [3, 4]) { $0[0] + $0[1] }
  static let addScalar = OperationSample("add a number", [[2, 3], []], yields: [2, 3]) { $0[0] + $0[1] }
  static let addItself = OperationSample("add to itself", [[2, 3]], yields: [2, 3]) { $0[0] + $0[0] }
}
