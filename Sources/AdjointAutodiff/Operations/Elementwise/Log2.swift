/// Returns the logarithm to base 2 of every element.
///
///     y = log₂ x           x, y: [any shape]; exact for powers of two; −∞ at 0, NaN below
///     x̄ = ȳ / (x ln 2)     0 where ȳ is 0, at x = 0 too
///
/// - Complexity: O(`x.count`) time; keeps the input.
public func log2(_ x: Variable) -> Variable { record(.log2, x, value: log2(x.value)) }

extension OperationRule {
  static let log2 = OperationRule("log2", saving: .inputs) { dy, saved in
    AdjointAutodiff.divideOrZero(1.442695040888963407 * dy, saved[0])
  }
}

extension OperationSample {
  static let log2 = OperationSample(elementwise: 1, in: 0.5...2) { AdjointAutodiff.log2($0[0]) }
}
