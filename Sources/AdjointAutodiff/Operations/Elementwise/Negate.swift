extension Variable {
  /// Returns the negated variable.
  ///
  ///     y = −x               x, y: [any shape]
  ///     x̄ = −ȳ
  ///
  /// - Complexity: O(`x.count`) time; nothing is kept for the reverse sweep.
  public static prefix func - (x: Variable) -> Variable { record(.negate, x, value: -x.value) }
}

extension OperationRule {
  static let negate = OperationRule("negate", saving: .nothing, batching: .elementwise) { dy, _ in -dy }
}

extension OperationSample {
  static let negate = OperationSample(elementwise: 1) { -$0[0] }
}
