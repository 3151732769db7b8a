/// Returns the square root of every element.
///
///     y = √x               x, y: [any shape]; NaN below 0
///     x̄ = ȳ / (2y)         ∞ at x = 0, but 0 where ȳ is exactly 0
///
/// - Complexity: O(`x.count`) time; keeps the output.
public func sqrt(_ x: Variable) -> Variable { record(.sqrt, x, value: sqrt(x.value)) }

extension OperationRule {
  static let sqrt = OperationRule("sqrt", saving: .output, batching: .elementwise) { dy, saved in
    AdjointAutodiff.divideOrZero(0.5 * dy, saved.output)
  }
}

extension OperationSample {
  static let sqrt = OperationSample(elementwise: 1, in: 0.5...2) { AdjointAutodiff.sqrt($0[0]) }
}
