/// Returns every element times the hyperbolic tangent of its softplus.
///
///     y = x tanh(ln(1 + eˣ))       x, y: [any shape]; 0 at −∞
///     x̄ = ȳ ⊙ (t + x (1 − t²) σ(x))    t = tanh(ln(1 + eˣ))
///
/// - Complexity: O(`x.count`) time; keeps the input and two more arrays.
/// - SeeAlso: Misra, *Mish: A Self Regularized Non-Monotonic Activation Function*, BMVC 2020, eq. 1.
public func mish(_ x: Variable) -> Variable {
  // Below −1000 the result is 0; the bound keeps ∞ · 0 out.
  multiplyOrZero(tanh(softplus(x)), max(x, -1000))
}

extension OperationSample {
  static let mish = OperationSample(elementwise: 1, in: -3...3) { AdjointAutodiff.mish($0[0]) }
}
