import AdjointKernels

/// The product of matrices, or of stacks of matrices.
///
/// - Parameters:
///   - a: `[..., M, K]`, or `[..., K, M]` when transposed.
///   - b: `[..., K, N]`, or `[..., N, K]` when transposed.
///   - transposingLeft: Whether `a` is transposed first (without moving its elements).
///   - transposingRight: Whether `b` is transposed first.
/// - Returns: `[..., M, N]`; leading axes broadcast.
/// - Complexity: O(M · N · K) for each pair of matrices.
public func matmul(
  _ a: Tensor, _ b: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
) -> Tensor {
  let layout = MatmulLayout(a, b, transposingLeft, transposingRight, operation: "matmul")
  return layout.product(a, b)
}

/// The extents of a matrix product, checked.
struct MatmulLayout {
  let rows, columns, inner: Int
  let transposingLeft, transposingRight: Bool
  let batch, leftBatch, rightBatch: Shape

  init(_ a: Tensor, _ b: Tensor, _ transposingLeft: Bool, _ transposingRight: Bool, operation: String) {
    func text(_ x: Tensor, _ transposed: Bool) -> String { "\(x.shape)" + (transposed ? "ᵀ" : "") }
    func shapes() -> String { "\(text(a, transposingLeft)) × \(text(b, transposingRight))" }
    require(a.rank >= 2 && b.rank >= 2, "\(operation): both operands need two axes: \(shapes())")
    require(a.dtype == b.dtype, "\(operation): element types differ: \(a.dtype) \(a.shape) and \(b.dtype) \(b.shape)")
    let left = a.shape.suffix(2).map { $0 }, right = b.shape.suffix(2).map { $0 }
    (rows, inner) = transposingLeft ? (left[1], left[0]) : (left[0], left[1])
    columns = transposingRight ? right[0] : right[1]
    require(inner == (transposingRight ? right[1] : right[0]), "\(operation): inner extents differ: \(shapes())")
    leftBatch = Shape(a.shape.dropLast(2))
    rightBatch = Shape(b.shape.dropLast(2))
    batch = broadcastShape(leftBatch, rightBatch, operation: operation)
    (self.transposingLeft, self.transposingRight) = (transposingLeft, transposingRight)
  }

  func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    // A stack that is neither whole nor a single matrix is repeated in memory first.
    let a = leftBatch == batch || leftBatch.elementCount == 1 ? a : a.broadcast(to: Shape(batch + a.shape.suffix(2)))
    let b = rightBatch == batch || rightBatch.elementCount == 1 ? b : b.broadcast(to: Shape(batch + b.shape.suffix(2)))
    let leftStride = leftBatch.elementCount == 1 && batch.elementCount != 1 ? 0 : rows * inner
    let rightStride = rightBatch.elementCount == 1 && batch.elementCount != 1 ? 0 : inner * columns
    let left = a.pointer, right = b.pointer
    return Tensor(shape: Shape(batch + [rows, columns]), dtype: a.dtype) { result in
      adjoint_matmul(
        a.dtype.kernel, transposingLeft, transposingRight, batch.elementCount, rows, columns, inner, left, leftStride,
        right, rightStride, result, nil, false)
    }
  }
}
