/// Returns one over the square root of every element.
///
///     y = 1 / √x           x, y: [any shape]; ∞ at 0, NaN below
///     x̄ = −½ ȳ y³          −∞ at x = 0, but 0 where ȳ is exactly 0
///
/// - Complexity: O(`x.count`) time; keeps the output.
public func rsqrt(_ x: Variable) -> Variable { record(.rsqrt, x, value: rsqrt(x.value)) }

extension OperationRule {
  static let rsqrt = OperationRule("rsqrt", saving: .output) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, -0.5 * saved.output * AdjointAutodiff.square(saved.output))
  }
}

extension OperationSample {
  static let rsqrt = OperationSample(elementwise: 1, in: 0.5...2) { AdjointAutodiff.rsqrt($0[0]) }
}
