import AdjointKernels

/// Returns the rectified linear unit of every element.
///
///     y = max(x, 0)        x, y: [any shape]
///     x̄ = ȳ ⊙ [x > 0]      0 at x = 0
///
/// NaN stays NaN and gets no gradient. The output alone is kept for the reverse sweep.
///
/// - Complexity: O(`x.count`) time.
/// - SeeAlso: Nair & Hinton, *Rectified Linear Units Improve Restricted Boltzmann Machines*, ICML 2010.
public func relu(_ x: Variable) -> Variable { record(.relu, x, value: relu(x.value)) }

/// Returns ȳ where y > 0, and 0 elsewhere.
func reluPullback(_ dy: Variable, _ y: Tensor) -> Variable {
  let value = Tensor.binary(ADJOINT_RELU_PULLBACK, "relu′", dy.value, y) { $1 > 0 ? $0 : 0 }
  return record(.reluPullback, dy, Variable(y), value: value)
}

extension OperationRule {
  static let relu = OperationRule("relu", saving: .output, batching: .elementwise) { dy, saved in
    AdjointAutodiff.reluPullback(dy, saved.output.value)
  }
  static let reluPullback = OperationRule(
    "relu′", saving: .input1, batching: .elementwise,
    { ddy, saved in AdjointAutodiff.reluPullback(ddy, saved[1].value) },
    { _, saved in Variable(Tensor(zeros: saved[1].shape, dtype: saved[1].dtype)) })
}

extension OperationSample {
  static let relu = OperationSample(elementwise: 1) { AdjointAutodiff.relu($0[0]) }
}
