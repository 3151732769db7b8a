import AdjointKernels

/// A rectangular selection of a dense tensor's elements, in any order: what slices with steps, flips, padding and diagonals
/// have in common.
///
/// Element [i, j, …] of the view is element `offset + i · strides[0] + j · strides[1] + …` of the tensor. No element
/// is selected twice.
package struct StridedView: Sendable {
  package var shape: Shape
  package var strides: [Int]
  package var offset: Int

  package init(shape: Shape, strides: [Int], offset: Int = 0) {
    (self.shape, self.strides, self.offset) = (shape, strides, offset)
  }

  /// All elements of a dense tensor.
  package init(_ shape: Shape) { self.init(shape: shape, strides: shape.strides) }

  /// Limits an axis to `count` positions: `start`, `start + step`, …
  package mutating func select(_ count: Int, along axis: Int, from start: Int, by step: Int) {
    offset += count == 0 ? 0 : start * strides[axis]
    strides[axis] *= step
    shape[axis] = count
  }
}

extension Tensor {
  /// The elements of this tensor that a view selects.
  package func selected(_ view: StridedView) -> Tensor {
    strided(shape: view.shape, strides: view.strides, offset: view.offset)
  }

  /// A tensor filled with `value`, with this one's elements where a view selects: for 0, the adjoint of `selected`.
  package func placed(_ view: StridedView, in shape: Shape, around value: Double = 0) -> Tensor {
    var result = Tensor(repeating: value, shape: shape, dtype: dtype)
    let target = result.uniquePointer() + view.offset * dtype.byteCount
    adjoint_strided_copy(
      Int32(dtype.byteCount), Int32(rank), Array(view.shape), target, view.strides, pointer, view.shape.strides)
    return result
  }
}
