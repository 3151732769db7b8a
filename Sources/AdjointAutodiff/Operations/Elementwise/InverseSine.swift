/// Returns the inverse sine of every element, in −π/2 ... π/2.
///
///     y = arcsin x             x, y: [any shape]; NaN outside −1 ... 1
///     x̄ = ȳ / √((1 − x)(1 + x))    ∞ at ±1, but 0 where ȳ is exactly 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.4.52.
public func asin(_ x: Variable) -> Variable { record(.asin, x, value: asin(x.value)) }

/// Returns the inverse cosine of every element, in 0 ... π.
///
///     y = arccos x             x, y: [any shape]; NaN outside −1 ... 1
///     x̄ = −ȳ / √((1 − x)(1 + x))   −∞ at ±1, but 0 where ȳ is exactly 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.4.53.
public func acos(_ x: Variable) -> Variable { record(.acos, x, value: acos(x.value)) }

extension OperationRule {
  static let asin = OperationRule("asin", saving: .inputs) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.rsqrt((1 - saved[0]) * (1 + saved[0])))
  }
  static let acos = OperationRule("acos", saving: .inputs) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, -AdjointAutodiff.rsqrt((1 - saved[0]) * (1 + saved[0])))
  }
}

extension OperationSample {
  static let asin = OperationSample(elementwise: 1, in: -0.8...0.8) { AdjointAutodiff.asin($0[0]) }
  static let acos = OperationSample(elementwise: 1, in: -0.8...0.8) { AdjointAutodiff.acos($0[0]) }
}
