import AdjointKernels

/// Which rows attain the extremes of their groups, column by column, and how many do: for each row a bit for each lane of the
/// vectors that hold it, and a byte for a vector of fewer than eight lanes.
package struct ExtremeWinners: Sendable {
  private let rows: RowGrouping
  private let shape: Shape
  private let marks: Storage
  /// How many rows attain each extreme; 0 for a group without rows, and for an extreme that is NaN.
  package let count: Tensor

  /// Finds the largest (sign > 0) or smallest elements of the rows of `x` in every group. Every row belongs to one of them.
  package static func extremes(of x: Tensor, over rows: RowGrouping, sign: Int) -> (value: Tensor, winners: Self) {
    let source = x.pointer, dtype = x.dtype, shape = x.shape(withRows: rows.rowCount)
    let marks = Storage(byteCount: rows.entryCount * adjoint_winner_bytes(dtype.kernel, x.rowWidth))
    var count = Tensor(uninitialized: shape, dtype: dtype)
    let counts = count.uniquePointer()
    let value = Tensor(shape: shape, dtype: dtype) { result in
      rows.withKernel {
        adjoint_rows_extreme(
          dtype.kernel, Int32(sign), $0, nil, source, x.rowWidth, result, counts, marks.pointer)
      }
    }
    return (value, Self(rows: rows, shape: x.shape, marks: marks, count: count))
  }

  /// What reaches the rows of x when every extreme hands an equal part of `dy` to each row that attains it; 0 for the others,
  /// and for all of a group whose extreme is NaN.
  package func sharing(_ dy: Tensor) -> Tensor {
    let (upstream, counts) = (dy.pointer, count.pointer)
    return Tensor(shape: shape, dtype: dy.dtype) { result in
      rows.withKernel {
        adjoint_rows_extreme_shares(
          dy.dtype.kernel, $0, marks.pointer, counts, upstream, dy.rowWidth, result)
      }
    }
  }
}
