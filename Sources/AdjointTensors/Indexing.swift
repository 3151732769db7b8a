import AdjointKernels

extension Tensor {
  /// The number of elements in a row: the product of all extents but the first.
  package var rowWidth: Int { shape.dropFirst().reduce(1, *) }

  /// This tensor's shape with another extent of the first axis.
  package func shape(withRows count: Int) -> Shape {
    var result = shape
    result[0] = count
    return result
  }

  /// The rows that `indices` names, in their order.
  ///
  /// - Parameter indices: Positions along the first axis; one outside it stops the program.
  /// - Returns: `[indices.count, ...]`.
  public func gatherRows(_ indices: IndexArray) -> Tensor { gatherRows(indices, scaledBy: nil) }

  /// The rows that `indices` names, each times the number that `factors` holds for it, if there are any.
  package func gatherRows(_ indices: IndexArray, scaledBy factors: Tensor?) -> Tensor {
    require(rank > 0, "gatherRows: a single number has no rows")
    indices.check(within: shape[0], operation: "gatherRows")
    let source = pointer
    return Tensor(shape: shape(withRows: indices.count), dtype: dtype) {
      adjoint_gather_rows(
        dtype.kernel, source, factors?.pointer, indices.pointer, indices.count, rowWidth, $0)
    }
  }

  /// Overwrites the rows that `indices` names, in place when nothing else shares the memory; of a row named twice the last one stays.
  ///
  /// - Parameters:
  ///   - indices: Positions along the first axis; one outside it stops the program.
  ///   - values: `[indices.count, ...]`, of this tensor's element type.
  public mutating func setRows(_ indices: IndexArray, to values: Tensor) {
    require(rank > 0, "setRows: a single number has no rows")
    require(
      values.shape == shape(withRows: indices.count) && values.dtype == dtype,
      "setRows: \(indices.count) rows of \(dtype) \(shape) cannot be \(values.dtype) \(values.shape)")
    indices.check(within: shape[0], operation: "setRows")
    let length = rowWidth * dtype.byteCount
    if length == 0 || indices.count == 0 { return }
    let (target, source) = (uniquePointer(), values.pointer)
    for (i, row) in indices.enumerated() {
      (target + row * length).copyMemory(from: source + i * length, byteCount: length)
    }
  }

  /// Σ over the entries of every row of `rows` of the row of this tensor that the entry names, times its value.
  package func summed(
    over rows: RowGrouping, values: Tensor? = nil, mean: Bool = false, bias: Tensor? = nil
  ) -> Tensor {
    let source = pointer
    return Tensor(shape: shape(withRows: rows.rowCount), dtype: dtype) { result in
      rows.withKernel {
        adjoint_rows_sum(dtype.kernel, $0, values?.pointer, source, rowWidth, mean, bias?.pointer, result)
      }
    }
  }

  /// The largest (sign > 0) or smallest of the rows of this tensor that the entries of a row of `rows` name, times their values.
  package func extremes(over rows: RowGrouping, sign: Int, values: Tensor? = nil) -> Tensor {
    let source = pointer
    return Tensor(shape: shape(withRows: rows.rowCount), dtype: dtype) { result in
      rows.withKernel {
        adjoint_rows_extreme(dtype.kernel, Int32(sign), $0, values?.pointer, source, rowWidth, result, nil, nil)
      }
    }
  }

  /// The same, and how many entries attain it.
  package func countedExtremes(over rows: RowGrouping, sign: Int, values: Tensor?) -> (value: Tensor, count: Tensor) {
    let source = pointer, shape = shape(withRows: rows.rowCount)
    var count = Tensor(uninitialized: shape, dtype: dtype)
    let counts = count.uniquePointer()
    let value = Tensor(shape: shape, dtype: dtype) { result in
      rows.withKernel {
        adjoint_rows_extreme(dtype.kernel, Int32(sign), $0, values?.pointer, source, rowWidth, result, counts, nil)
      }
    }
    return (value, count)
  }
}
