/// Returns a / b, and exactly 0 wherever a is 0, whatever b is.
///
///     y = a ≠ 0 ? a / b : 0        a, b: shapes that broadcast   y: the common shape
///     ā = ȳ / b, b̄ = −ȳ y / b      each 0 where ȳ is 0, and b̄ where a is; summed to its operand's shape
///
/// An upstream gradient of 0 stops here even where the divisor is 0.
///
/// - Complexity: O(`y.count`) time; keeps the divisor and the quotient.
func divideOrZero(_ a: Variable, _ b: Variable) -> Variable {
  record(static: .divideOrZero, a, b, value: divideOrZero(a.value, b.value))
}

extension OperationRule {
  static let divideOrZero = OperationRule(
    "divideOrZero", saving: [.input1, .output], broadcasts: true, batching: .elementwise,
    { dy, saved in AdjointAutodiff.divideOrZero(dy, saved[1]) },
    { dy, saved in -AdjointAutodiff.divideOrZero(AdjointAutodiff.multiplyOrZero(dy, saved.output), saved[1]) })
}

extension OperationSample {
  static let divideOrZero = OperationSample(elementwise: 2, in: 0.5...2) {
    AdjointAutodiff.divideOrZero($0[0], $0[1])
  }
}
