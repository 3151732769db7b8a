import AdjointKernels

/// The product of two matrices plus a row, x W + b, or its positive part, in one pass over the result.
///
/// - Parameters:
///   - x: `[M, K]`.
///   - weight: `[K, N]`.
///   - bias: `[N]`.
///   - rectified: Whether negative elements become 0.
/// - Returns: `[M, N]`.
package func affine(_ x: Tensor, _ weight: Tensor, _ bias: Tensor, rectified: Bool = false) -> Tensor {
  let operation = rectified ? "rectifiedLinear" : "linear"
  let layout = MatmulLayout(x, weight, false, false, operation: operation)
  require(
    bias.shape == [layout.columns] && bias.dtype == x.dtype,
    "\(operation): bias \(bias.dtype) \(bias.shape) does not fit \(x.dtype) \(x.shape) × \(weight.shape)")
  var map = adjoint_affine(rows: layout.rows, inputs: layout.inner, outputs: layout.columns)
  let (left, right, offset) = (x.pointer, weight.pointer, bias.pointer)
  return Tensor(shape: [layout.rows, layout.columns], dtype: x.dtype) {
    adjoint_affine_forward(x.dtype.kernel, &map, rectified, left, right, offset, $0)
  }
}

/// The gradients of y = x W + b, or of y = max(x W + b, 0).
///
///     z̄ = ȳ where y > 0 and 0 elsewhere, or ȳ itself
///     x̄ = z̄ Wᵀ   W̄ = xᵀ z̄   b̄ = Σₙ z̄[n]
///
/// With many rows, z̄ is never stored: a block of rows goes through both products while it is in the cache.
package struct AffineGradients {
  /// The gradients; nil for those that are not wanted.
  package private(set) var x, weight, bias: Tensor?

  /// Computes gradients.
  ///
  /// - Parameters:
  ///   - dy: The gradient of y, `[M, N]`.
  ///   - y: The result if it is rectified; nil if it is not.
  ///   - x: The left operand, if the gradient of W is wanted.
  ///   - weight: The right operand, if the gradient of x is wanted.
  ///   - wantsBias: Whether the gradient of b is wanted.
  package init(_ dy: Tensor, rectified y: Tensor?, x: Tensor?, weight: Tensor?, wantsBias: Bool) {
    let inputs = x?.shape[1] ?? weight?.shape[0] ?? 0, dtype = dy.dtype
    var map = adjoint_affine(rows: dy.shape[0], inputs: inputs, outputs: dy.shape[1])
    guard adjoint_affine_is_tall(&map) else {
      let z = y.map { Self.masked(dy, $0) } ?? (gradient: dy, sums: wantsBias ? dy.sum(along: [0]) : nil)
      self.x = weight.map { matmul(z.gradient, $0, transposingRight: true) }
      self.weight = x.map { matmul($0, z.gradient, transposingLeft: true) }
      bias = wantsBias ? z.sums : nil
      return
    }
    if weight != nil { self.x = Tensor(uninitialized: [map.rows, inputs], dtype: dtype) }
    if x != nil { self.weight = Tensor(uninitialized: [inputs, map.outputs], dtype: dtype) }
    if wantsBias { bias = Tensor(uninitialized: [map.outputs], dtype: dtype) }
    adjoint_affine_backward(
      dtype.kernel, &map, x?.pointer, weight?.pointer, y?.pointer, dy.pointer, self.x?.uniquePointer(),
      self.weight?.uniquePointer(), bias?.uniquePointer())
    withExtendedLifetime((dy, y, x, weight)) {}
  }

  /// The gradient where the result is positive, and the sums of its columns.
  private static func masked(_ dy: Tensor, _ y: Tensor) -> (gradient: Tensor, sums: Tensor?) {
    let (rows, columns) = (dy.shape[0], dy.shape[1])
    let (upstream, result) = (dy.pointer, y.pointer)
    var sums = Tensor(uninitialized: [columns], dtype: dy.dtype)
    let place = sums.uniquePointer()
    let gradient = Tensor(shape: dy.shape, dtype: dy.dtype) {
      adjoint_rectified_backward(dy.dtype.kernel, rows, columns, result, upstream, $0, place)
    }
    return (gradient, sums)
  }
}
