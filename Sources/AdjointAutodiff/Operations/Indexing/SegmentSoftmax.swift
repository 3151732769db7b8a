import AdjointKernels

extension Variable {
  /// Returns the softmax over the rows of every segment, separately for every column.
  ///
  ///     y[e] = exp(x[e] − max) / Σ exp(x[j] − max)      over j with segments[j] = segments[e]
  ///     x̄[e] = y[e] (ȳ[e] − Σ ȳ[j] y[j])
  ///
  /// Rows of a segment that are all −∞ give zeros.
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of segments.
  /// - Returns: A variable of the same shape.
  /// - Complexity: O(`x.count`) time; keeps the output. Rows that are not in the order of their segments are moved there
  ///   and back.
  public func segmentSoftmax(over segments: IndexArray, count: Int) -> Variable {
    let rows = checkedGrouping(segments, count, operation: "segmentSoftmax")
    guard let order = rows.columns else { return groupedSoftmax(rows, segments) }
    let sorted = segments.gathered(order)
    let grouped = RowGrouping(rowCount: count, offsets: rows.offsets, columns: nil, order: nil)
    return gatherRows(order).groupedSoftmax(grouped, sorted).gatherRows(order.inverted())
  }

  /// The softmax of rows that lie in the order of their segments.
  func groupedSoftmax(_ rows: RowGrouping, _ segments: IndexArray) -> Variable {
    let source = value.pointer
    let result = Tensor(shape: shape, dtype: dtype) { result in
      rows.withKernel { adjoint_rows_softmax(dtype.kernel, $0, source, value.rowWidth, result) }
    }
    return record("segmentSoftmax", self, value: result, saving: .output) { dy, saved in
      groupedSoftmaxPullback(dy, saved.output, rows, segments)
    }
  }
}

/// Returns y (ȳ − Σ ȳ y), the sum over the rows of every segment, in one pass.
func groupedSoftmaxPullback(
  _ dy: Variable, _ y: Variable, _ rows: RowGrouping, _ segments: IndexArray
) -> Variable {
  let (upstream, output) = (dy.value.pointer, y.value.pointer)
  let value = Tensor(shape: y.shape, dtype: y.dtype) { result in
    rows.withKernel { adjoint_rows_softmax_pullback(y.dtype.kernel, $0, upstream, output, y.value.rowWidth, result) }
  }
  return record(
    "segmentSoftmax′", dy, y, value: value, saving: .inputs,
    { g, saved in groupedSoftmaxPullback(g, saved[1], rows, segments) },
    { g, saved in
      let (dy, y) = (saved[0], saved[1])
      func total(_ x: Variable) -> Variable { x.scatterSum(to: segments, count: rows.rowCount).gatherRows(segments) }
      return g * (dy - total(dy * y)) - dy * total(g * y)
    })
}

extension IndexArray {
  /// The inverse of a permutation.
  func inverted() -> IndexArray {
    var inverse = [Int](repeating: 0, count: count)
    for (position, index) in enumerated() { inverse[index] = position }
    return IndexArray(inverse)
  }
}

extension OperationSample {
  static let segmentSoftmax = OperationSample([[5, 2]], yields: [5, 2]) {
    $0[0].segmentSoftmax(over: $0[0].rows(of: [0, 0, 2, 2, 2]), count: 4)
  }.varying(5, 2).also(on: [[5, 2, 2]], yields: [5, 2, 2])
  static let segmentSoftmaxUnsorted = OperationSample("segmentSoftmax, unsorted", [[5]], yields: [5]) {
    $0[0].segmentSoftmax(over: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5)
}
