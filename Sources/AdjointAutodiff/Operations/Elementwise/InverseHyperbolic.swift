/// Returns the inverse hyperbolic sine of every element.
///
///     y = arsinh x         x, y: [any shape]
///     x̄ = ȳ / √(x² + 1)    0 once x² overflows
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.6.37.
public func asinh(_ x: Variable) -> Variable { record(.asinh, x, value: asinh(x.value)) }

/// Returns the inverse hyperbolic cosine of every element.
///
///     y = arcosh x         x, y: [any shape]; NaN below 1
///     x̄ = ȳ / (√(x − 1) √(x + 1))   ∞ at 1, but 0 where ȳ is exactly 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.6.38.
public func acosh(_ x: Variable) -> Variable { record(.acosh, x, value: acosh(x.value)) }

/// Returns the inverse hyperbolic tangent of every element.
///
///     y = artanh x         x, y: [any shape]; ±∞ at ±1, NaN beyond
///     x̄ = ȳ / ((1 − x)(1 + x))   ∞ at ±1, but 0 where ȳ is exactly 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.6.39.
public func atanh(_ x: Variable) -> Variable { record(.atanh, x, value: atanh(x.value)) }

extension OperationRule {
  static let asinh = OperationRule("asinh", saving: .inputs) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.rsqrt(AdjointAutodiff.square(saved[0]) + 1))
  }
  static let acosh = OperationRule("acosh", saving: .inputs) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.rsqrt(saved[0] - 1) * AdjointAutodiff.rsqrt(saved[0] + 1))
  }
  static let atanh = OperationRule("atanh", saving: .inputs) { dy, saved in
    AdjointAutodiff.divideOrZero(dy, (1 - saved[0]) * (1 + saved[0]))
  }
}

extension OperationSample {
  static let asinh = OperationSample(elementwise: 1, in: -2...2) { AdjointAutodiff.asinh($0[0]) }
  static let acosh = OperationSample(elementwise: 1, in: 1.5...3) { AdjointAutodiff.acosh($0[0]) }
  static let atanh = OperationSample(elementwise: 1, in: -0.7...0.7) { AdjointAutodiff.atanh($0[0]) }
}
