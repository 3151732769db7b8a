/// Returns the sine of every element, in radians.
///
///     y = sin x            x, y: [any shape]; NaN at ±∞
///     x̄ = ȳ ⊙ cos x        0 where ȳ is 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.3.105.
public func sin(_ x: Variable) -> Variable { record(.sin, x, value: sin(x.value)) }

/// Returns the cosine of every element, in radians.
///
///     y = cos x            x, y: [any shape]; NaN at ±∞
///     x̄ = −ȳ ⊙ sin x       0 where ȳ is 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.3.106.
public func cos(_ x: Variable) -> Variable { record(.cos, x, value: cos(x.value)) }

extension OperationRule {
  static let sin = OperationRule("sin", saving: .inputs, batching: .elementwise) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.cos(saved[0]))
  }
  static let cos = OperationRule("cos", saving: .inputs, batching: .elementwise) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, -AdjointAutodiff.sin(saved[0]))
  }
}

extension OperationSample {
  static let sin = OperationSample(elementwise: 1, in: -3...3) { AdjointAutodiff.sin($0[0]) }
  static let cos = OperationSample(elementwise: 1, in: -3...3) { AdjointAutodiff.cos($0[0]) }
}
