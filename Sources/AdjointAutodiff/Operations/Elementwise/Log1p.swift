/// Returns ln(1 + x) of every element, with all digits near 0, where 1 + x itself would lose them.
///
///     y = ln(1 + x)        x, y: [any shape]; −∞ at −1, NaN below
///     x̄ = ȳ / (1 + x)      0 where ȳ is 0, at x = −1 too
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Kahan, *Branch Cuts for Complex Elementary Functions*, 1987.
public func log1p(_ x: Variable) -> Variable { record(.log1p, x, value: log1p(x.value)) }

extension OperationRule {
  static let log1p = OperationRule("log1p", saving: .inputs) { dy, saved in
    AdjointAutodiff.divideOrZero(dy, 1 + saved[0])
  }
}

extension OperationSample {
  static let log1p = OperationSample(elementwise: 1, in: -0.5...1) { AdjointAutodiff.log1p($0[0]) }
}
