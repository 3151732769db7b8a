import AdjointKernels

/// Returns the softmax along an axis.
///
///     y[i] = exp(x[i] − max x) / Σⱼ exp(x[j] − max x)      x, y: [any shape]; every slice along `axis` sums to 1
///     x̄ = y ⊙ (ȳ − Σⱼ ȳ[j] y[j])                          the output alone is kept
///
/// A slice that is all −∞ gives zeros and gets no gradient.
///
/// - Parameters:
///   - x: A variable with at least one axis.
///   - axis: The axis, negative ones counting from the end.
/// - Returns: A variable of the same shape.
/// - Complexity: O(`x.count`) time.
public func softmax(_ x: Variable, along axis: Int = -1) -> Variable {
  alongLastAxis(x, axis, operation: "softmax") { x in
    record(.softmax, x, value: x.value.rowwise { adjoint_softmax(x.dtype.kernel, $0, $1, $2, $3) })
  }
}

/// Returns y ⊙ (ȳ − Σ ȳ y) along the last axis in one pass.
func softmaxPullback(_ dy: Variable, _ y: Variable) -> Variable {
  let upstream = dy.value.pointer
  let value = y.value.rowwise { adjoint_softmax_pullback(y.dtype.kernel, $0, upstream, $1, $2, $3) }
  return record(.softmaxPullback, dy, y, value: value)
}

/// Applies an operation on the last axis to any axis.
func alongLastAxis(_ x: Variable, _ axis: Int, operation: String, _ body: (Variable) -> Variable) -> Variable {
  let axis = x.shape.resolvedAxis(axis, operation: operation)
  if axis == x.rank - 1 { return body(x) }
  var order = Array(0..<x.rank)
  order.swapAt(axis, x.rank - 1)
  return body(x.transposed(order)).transposed(order)
}

extension Tensor {
  /// A tensor of the same shape that `kernel(result, self, rows, columns)` fills, with the last axis as columns.
  func rowwise(_ kernel: (UnsafeMutableRawPointer, UnsafeRawPointer, Int, Int) -> Void) -> Tensor {
    let columns = shape[rank - 1], source = pointer
    return Tensor(shape: shape, dtype: dtype) { kernel($0, source, shape.dropLast().reduce(1, *), columns) }
  }
}

extension OperationRule {
  static let softmax = OperationRule("softmax", saving: .output) { dy, saved in
    AdjointAutodiff.softmaxPullback(dy, saved.output)
  }
  static let softmaxPullback = OperationRule(
    "softmax′", saving: .inputs, { g, saved in AdjointAutodiff.softmaxPullback(g, saved[1]) },
    { g, saved in
      let (dy, y) = (saved[0], saved[1])
      return g * (dy - (dy * y).sum(along: -1, keepingAxes: true)) - dy * (g * y).sum(along: -1, keepingAxes: true)
    })
}

extension OperationSample {
  static let softmax = OperationSample([[3, 4]], yields: [3, 4]) { AdjointAutodiff.softmax($0[0]) }.varying(3, 4).also(
    on: [[5]], yields: [5])
  static let softmaxFirst = OperationSample("softmax along the first axis", [[3, 2, 2]], yields: [3, 2, 2]) {
    AdjointAutodiff.softmax($0[0], along: 0)
  }.varying(3, 2).also(on: [[5]], yields: [5])
  static let softmaxPullback = OperationSample("softmax′", [[3, 4], [3, 4]], yields: [3, 4]) {
    AdjointAutodiff.softmaxPullback($0[0], $0[1])
  }.varying(3, 4)
}
