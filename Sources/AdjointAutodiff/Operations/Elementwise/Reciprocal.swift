/// Returns one over every element.
///
///     y = 1 / x            x, y: [any shape]; ±∞ at ±0
///     x̄ = −ȳ y²            −∞ at x = 0, but 0 where ȳ is exactly 0
///
/// - Complexity: O(`x.count`) time; keeps the output.
public func reciprocal(_ x: Variable) -> Variable { record(.reciprocal, x, value: reciprocal(x.value)) }

extension OperationRule {
  static let reciprocal = OperationRule("reciprocal", saving: .output, batching: .elementwise) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, -AdjointAutodiff.square(saved.output))
  }
}

extension OperationSample {
  static let reciprocal = OperationSample(elementwise: 1, in: 0.5...2) { AdjointAutodiff.reciprocal($0[0]) }
}
