import AdjointKernels

/// Returns the hyperbolic tangent of every element.
///
///     y = tanh x           x, y: [any shape]; every element of y in [−1, 1]
///     x̄ = ȳ ⊙ (1 − y²)     the output alone is kept for the reverse sweep
///
/// - Complexity: O(`x.count`) time.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.5.73.
public func tanh(_ x: Variable) -> Variable { record(.tanh, x, value: tanh(x.value)) }

/// Returns ȳ ⊙ (1 − y²) in one pass.
func tanhPullback(_ dy: Variable, _ y: Variable) -> Variable {
  record(
    .tanhPullback, dy, y,
    value: Tensor.binary(ADJOINT_TANH_PULLBACK, "tanh′", dy.value, y.value) { $0 * (1 - $1 * $1) })
}

extension OperationRule {
  static let tanh = OperationRule("tanh", saving: .output, batching: .elementwise) { dy, saved in
    AdjointAutodiff.tanhPullback(dy, saved.output)
  }
  static let tanhPullback = OperationRule(
    "tanh′", saving: .inputs, batching: .elementwise, { g, saved in AdjointAutodiff.tanhPullback(g, saved[1]) },
    { g, saved in -2 * g * saved[0] * saved[1] })
}

extension OperationSample {
  static let tanh = OperationSample(elementwise: 1) { AdjointAutodiff.tanh($0[0]) }
  static let tanhPullback = OperationSample("tanh′", [[3, 4], [3, 4]], yields: [3, 4]) {
    AdjointAutodiff.tanhPullback($0[0], $0[1])
  }.varying(3, 4).also(on: [[], []], yields: [])
}
