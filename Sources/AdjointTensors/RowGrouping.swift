import AdjointKernels

/// Entries grouped by row, as compressed sparse rows: the entries of row r are `offsets[r] ..< offsets[r + 1]`.
///
/// Entry e refers to row `columns[e]` of a dense operand (e itself if nil) and to element `order[e]` of a per-entry array
/// (e itself if nil).
package struct RowGrouping: Sendable {
  package let rowCount: Int
  package let offsets: IndexArray
  package let columns: IndexArray?
  package let order: IndexArray?

  package init(rowCount: Int, offsets: IndexArray, columns: IndexArray?, order: IndexArray?) {
    (self.rowCount, self.offsets, self.columns, self.order) = (rowCount, offsets, columns, order)
  }

  /// The positions of `rows` grouped by their value, in ascending order within a row. Values lie in `0 ..< count`.
  package init(grouping rows: IndexArray, into count: Int) {
    let keys = rows.pointer, entries = rows.count
    var isSorted = true
    for i in 0..<Swift.max(0, entries - 1) where keys[i] > keys[i + 1] {
      isSorted = false
      break
    }
    let offsets = IndexArray(count: count + 1) { result in
      result.initialize(repeating: 0, count: count + 1)
      for i in 0..<entries { result[Int(keys[i]) + 1] += 1 }
      for row in 0..<count { result[row + 1] += result[row] }
    }
    var columns: IndexArray?
    if !isSorted {
      columns = IndexArray(count: entries) { result in
        var next = Array(UnsafeBufferPointer(start: offsets.pointer, count: count))
        for i in 0..<entries {
          let row = Int(keys[i])
          result[Int(next[row])] = Int32(i)
          next[row] += 1
        }
      }
    }
    self.init(rowCount: count, offsets: offsets, columns: columns, order: columns)
  }

  /// The number of entries.
  package var entryCount: Int { Int(offsets.pointer[rowCount]) }

  /// 1 / (entries of the row) for every row, 0 for one without entries.
  package func inverseCounts(dtype: DType) -> Tensor {
    let offsets = offsets.pointer, counts = (0..<rowCount).lazy.map { offsets[$0 + 1] - offsets[$0] }
    return Tensor(counts.map { $0 == 0 ? 0 : 1 / Double($0) }, dtype: dtype)
  }

  /// Calls `body` with the kernels' view of the grouping.
  package func withKernel<Result>(_ body: (UnsafePointer<adjoint_rows>) -> Result) -> Result {
    var rows = adjoint_rows(
      row_count: rowCount, offsets: offsets.pointer, columns: columns?.pointer, order: order?.pointer)
    return body(&rows)
  }
}
