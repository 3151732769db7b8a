import AdjointKernels

/// Returns the logistic sigmoid of every element.
///
///     y = 1 / (1 + e⁻ˣ)    x, y: [any shape]; every element of y in [0, 1]
///     x̄ = ȳ ⊙ y (1 − y)    the output alone is kept for the reverse sweep
///
/// - Complexity: O(`x.count`) time.
public func sigmoid(_ x: Variable) -> Variable { record(.sigmoid, x, value: sigmoid(x.value)) }

/// Returns ȳ ⊙ y (1 − y) in one pass.
func sigmoidPullback(_ dy: Variable, _ y: Variable) -> Variable {
  record(
    .sigmoidPullback, dy, y,
    value: Tensor.binary(ADJOINT_SIGMOID_PULLBACK, "sigmoid′", dy.value, y.value) { $0 * $1 * (1 - $1) })
}

extension OperationRule {
  static let sigmoid = OperationRule("sigmoid", saving: .output, batching: .elementwise) { dy, saved in
    AdjointAutodiff.sigmoidPullback(dy, saved.output)
  }
  static let sigmoidPullback = OperationRule(
    "sigmoid′", saving: .inputs, batching: .elementwise, { g, saved in AdjointAutodiff.sigmoidPullback(g, saved[1]) },
    { g, saved in g * saved[0] * (1 - 2 * saved[1]) })
}

extension OperationSample {
  static let sigmoid = OperationSample(elementwise: 1) { AdjointAutodiff.sigmoid($0[0]) }
  static let sigmoidPullback = OperationSample("sigmoid′", [[3, 4], [3, 4]], yields: [3, 4]) {
    AdjointAutodiff.sigmoidPullback($0[0], $0[1])
  }.varying(3, 4).also(on: [[], []], yields: [])
}
