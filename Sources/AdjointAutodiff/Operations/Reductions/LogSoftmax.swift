import AdjointKernels

/// Returns the logarithm of the softmax along an axis.
///
///     y[i] = x[i] − max x − ln Σⱼ exp(x[j] − max x)      x, y: [any shape]
///     x̄ = ȳ − exp(y) Σⱼ ȳ[j]                            the output alone is kept
///
/// - Parameters:
///   - x: A variable with at least one axis.
///   - axis: The axis, negative ones counting from the end.
/// - Returns: A variable of the same shape, every element at most 0.
/// - Complexity: O(`x.count`) time.
public func logSoftmax(_ x: Variable, along axis: Int = -1) -> Variable {
  alongLastAxis(x, axis, operation: "logSoftmax") { x in
    record(.logSoftmax, x, value: x.value.rowwise { adjoint_log_softmax(x.dtype.kernel, $0, $1, $2, $3) })
  }
}

/// Returns ȳ − exp(y) Σ ȳ along the last axis in one pass.
func logSoftmaxPullback(_ dy: Variable, _ y: Variable) -> Variable {
  let upstream = dy.value.pointer
  let value = y.value.rowwise { adjoint_log_softmax_pullback(y.dtype.kernel, $0, upstream, $1, $2, $3) }
  return record(.logSoftmaxPullback, dy, y, value: value)
}

extension OperationRule {
  static let logSoftmax = OperationRule("logSoftmax", saving: .output) { dy, saved in
    AdjointAutodiff.logSoftmaxPullback(dy, saved.output)
  }
  static let logSoftmaxPullback = OperationRule(
    "logSoftmax′", saving: .inputs,
    { g, saved in g - (g * AdjointAutodiff.exp(saved[1])).sum(along: -1, keepingAxes: true) },
    { g, saved in -(g * AdjointAutodiff.exp(saved[1]) * saved[0].sum(along: -1, keepingAxes: true)) })
}

extension OperationSample {
  static let logSoftmax = OperationSample([[3, 4]], yields: [3, 4]) { AdjointAutodiff.logSoftmax($0[0]) }.varying(3, 4)
    .also(on: [[5]], yields: [5])
  static let logSoftmaxFirst = OperationSample("logSoftmax along the first axis", [[3, 4]], yields: [3, 4]) {
    AdjointAutodiff.logSoftmax($0[0], along: 0)
  }.varying(3, 4).also(on: [[5]], yields: [5])
  static let logSoftmaxPullback = OperationSample("logSoftmax′", [[3, 4], [3, 4]], yields: [3, 4]) {
    AdjointAutodiff.logSoftmaxPullback($0[0], $0[1])
  }.varying(3, 4)
}
