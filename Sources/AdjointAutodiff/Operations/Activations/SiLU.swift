import AdjointKernels

/// Returns the sigmoid linear unit (swish) of every element.
///
///     y = x σ(x)                           x, y: [any shape]; σ(x) = 1 / (1 + e⁻ˣ)
///     x̄ = ȳ ⊙ σ(x) (1 + x (1 − σ(x)))
///
/// The value at −∞ is 0.
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Elfwing, Uchibe & Doya, *Sigmoid-Weighted Linear Units for Neural Network Function Approximation in
///   Reinforcement Learning*, Neural Networks 107, 2018, eq. 5.
public func silu(_ x: Variable) -> Variable { record(.silu, x, value: silu(x.value)) }

/// Returns ȳ ⊙ σ(x) (1 + x (1 − σ(x))) in one pass.
func siluPullback(_ dy: Variable, _ x: Variable) -> Variable {
  let value = Tensor.binary(ADJOINT_SILU_PULLBACK, "silu′", dy.value, x.value) { dy, x in
    let x = x < -1000 ? -1000 : x > 1000 ? 1000 : x
    let s = sigmoid(Tensor(x, dtype: .float64)).item()
    return dy * (s * (1 + x * (1 - s)))
  }
  return record(.siluPullback, dy, x, value: value)
}

extension OperationRule {
  static let silu = OperationRule("silu", saving: .inputs, batching: .elementwise) { dy, saved in
    AdjointAutodiff.siluPullback(dy, saved[0])
  }
  // d/dx σ (1 + x (1 − σ)) = σ (1 − σ) (2 + x (1 − 2σ)).
  static let siluPullback = OperationRule(
    "silu′", saving: .inputs, { g, saved in AdjointAutodiff.siluPullback(g, saved[1]) },
    { g, saved in
      let x = AdjointAutodiff.clamp(saved[1], to: -1000...1000), s = AdjointAutodiff.sigmoid(x)
      return g * saved[0] * (s * (1 - s) * (2 + x * (1 - 2 * s)))
    })
}

extension OperationSample {
  static let silu = OperationSample(elementwise: 1, in: -3...3) { AdjointAutodiff.silu($0[0]) }
  static let siluPullback = OperationSample("silu′", [[3, 4], [3, 4]], yields: [3, 4]) {
    AdjointAutodiff.siluPullback($0[0], $0[1])
  }.varying(3, 4).also(on: [[], []], yields: [])
}
