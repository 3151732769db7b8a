/// Returns the hyperbolic sine of every element.
///
///     y = sinh x           x, y: [any shape]
///     x̄ = ȳ ⊙ cosh x       0 where ȳ is 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.5.71.
public func sinh(_ x: Variable) -> Variable { record(.sinh, x, value: sinh(x.value)) }

/// Returns the hyperbolic cosine of every element.
///
///     y = cosh x           x, y: [any shape]
///     x̄ = ȳ ⊙ sinh x       0 where ȳ is 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.5.72.
public func cosh(_ x: Variable) -> Variable { record(.cosh, x, value: cosh(x.value)) }

extension OperationRule {
  static let sinh = OperationRule("sinh", saving: .inputs) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.cosh(saved[0]))
  }
  static let cosh = OperationRule("cosh", saving: .inputs) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.sinh(saved[0]))
  }
}

extension OperationSample {
  static let sinh = OperationSample(elementwise: 1, in: -2...2) { AdjointAutodiff.sinh($0[0]) }
  static let cosh = OperationSample(elementwise: 1, in: -2...2) { AdjointAutodiff.cosh($0[0]) }
}
