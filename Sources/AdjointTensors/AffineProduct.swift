import AdjointKernels

/// The product of two matrices plus a row, x W + b, or with a second product, x W + b + z V; or its positive part. Where there are
/// many rows, it takes one pass over the result.
///
/// - Parameters:
///   - x: `[M, K]`.
///   - weight: `[K, N]`.
///   - bias: `[N]`; nil for none.
///   - other: z, `[M, L]`, and V, `[L, N]`; nil for none.
///   - rectified: Whether negative elements become 0.
/// - Returns: `[M, N]`.
package func affine(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, plus other: (x: Tensor, weight: Tensor)? = nil,
  rectified: Bool = false
) -> Tensor {
  let operation = rectified ? "rectifiedLinear" : "linear"
  let layout = MatmulLayout(x, weight, false, false, operation: operation)
  let shape: Shape = [layout.rows, layout.columns], dtype = x.dtype
  if let bias {
    require(
      bias.shape == [layout.columns] && bias.dtype == dtype,
      "\(operation): bias \(bias.dtype) \(bias.shape) does not fit \(dtype) \(x.shape) × \(weight.shape)")
  }
  if let (z, otherWeight) = other {
    let added = MatmulLayout(z, otherWeight, false, false, operation: operation)
    require(
      shape == [added.rows, added.columns] && dtype == z.dtype,
      "\(operation): the product \(z.dtype) \(z.shape) × \(otherWeight.shape) cannot be added to \(dtype) \(shape)")
  }
  var map = adjoint_affine(
    rows: layout.rows, outputs: layout.columns, inputs: [layout.inner] + (other.map { [$0.weight.shape[0]] } ?? []),
    factors: [(x, weight)] + (other.map { [$0] } ?? []))
  let offset = bias?.pointer
  return withExtendedLifetime((x, weight, bias, other)) {
    Tensor(shape: shape, dtype: dtype) { adjoint_affine_forward(dtype.kernel, &map, rectified, offset, $0) }
  }
}

extension adjoint_affine {
  /// A map whose products have these factors, at most two of them. Gradients may need neither or one of a product's.
  fileprivate init(rows: Int, outputs: Int, inputs: [Int], factors: [(x: Tensor?, weight: Tensor?)]) {
    self.init()
    (self.rows, self.outputs, count) = (rows, outputs, factors.count)
    let products = zip(inputs, factors).map { inputs, factors in
      adjoint_affine_product(
        inputs: inputs, x: factors.x?.pointer, weight: factors.weight?.pointer, dx: nil, d_weight: nil)
    }
    self.products.0 = products[0]
    if products.count > 1 { self.products.1 = products[1] }
  }
}

/// The gradients of y = Σₖ xₖ Wₖ + b for one product or two, or of y = max(Σₖ xₖ Wₖ + b, 0).
///
///     z̄ = ȳ where y > 0 and 0 elsewhere, or ȳ itself
///     x̄ₖ = z̄ Wₖᵀ   W̄ₖ = xₖᵀ z̄   b̄ = Σₙ z̄[n]
///
/// With many rows, z̄ is never stored: a block of rows goes through all products while it is in the cache.
package struct AffineGradients {
  /// The gradients of the factors of every product; nil for those that are not wanted.
  package private(set) var products: [(x: Tensor?, weight: Tensor?)]
  /// The gradient of the row; nil if it is not wanted.
  package private(set) var bias: Tensor?

  /// Computes gradients. Those that have the shape of y may take the place of `dy` and of `y`, where nothing else shares these,
  /// which are empty then.
  ///
  /// - Parameters:
  ///   - dy: The gradient of y, `[M, N]`.
  ///   - y: The result if it is rectified; nil if it is not.
  ///   - inputs: The columns of every x.
  ///   - factors: For every product x, if the gradient of W is wanted, and W, if that of x is.
  ///   - wantsBias: Whether the gradient of b is wanted.
  package init(
    _ dy: inout Tensor, rectified y: inout Tensor?, inputs: [Int], factors: [(x: Tensor?, weight: Tensor?)],
    wantsBias: Bool
  ) {
    let dtype = dy.dtype, (rows, outputs) = (dy.shape[0], dy.shape[1])
    var map = adjoint_affine(rows: rows, outputs: outputs, inputs: inputs, factors: factors)
    guard adjoint_affine_is_tall(&map) else {
      let z = y.map { Self.masked(dy, $0) } ?? (gradient: dy, sums: wantsBias ? dy.sum(along: [0]) : nil)
      products = factors.map { x, weight in
        (
          weight.map { matmul(z.gradient, $0, transposingRight: true) },
          x.map { matmul($0, z.gradient, transposingLeft: true) }
        )
      }
      bias = wantsBias ? z.sums : nil
      return
    }
    let (upstream, result) = (dy.pointer, y?.pointer)
    // Every block of both is read before any of it is written.
    var free: [Tensor] = []
    if dy.isUnique {
      free.append(dy)
      dy = Tensor(scalar: 0, dtype: dtype)
    }
    if y?.isUnique == true, let unshared = y {
      free.append(unshared)
      y = nil
    }
    products = factors.map { factors in
      let replaces = factors.weight?.shape[0] == outputs && !free.isEmpty
      return (
        replaces
          ? free.removeFirst() : factors.weight.map { Tensor(uninitialized: [rows, $0.shape[0]], dtype: dtype) },
        factors.x.map { Tensor(uninitialized: [$0.shape[1], outputs], dtype: dtype) }
      )
    }
    bias = wantsBias ? Tensor(uninitialized: [outputs], dtype: dtype) : nil
    for position in products.indices {
      let dx = products[position].x.map { UnsafeMutableRawPointer(mutating: $0.pointer) }
      let dWeight = products[position].weight?.uniquePointer()
      if position == 0 { (map.products.0.dx, map.products.0.d_weight) = (dx, dWeight) }
      if position == 1 { (map.products.1.dx, map.products.1.d_weight) = (dx, dWeight) }
    }
    adjoint_affine_backward(dtype.kernel, &map, result, upstream, bias?.uniquePointer())
    withExtendedLifetime((dy, y, free, factors)) {}
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
