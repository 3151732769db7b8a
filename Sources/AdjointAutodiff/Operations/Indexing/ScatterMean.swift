extension Variable {
  /// Returns, for every segment, the mean of the rows assigned to it.
  ///
  ///     y[s] = Σ x[e] / n[s] over e with segments[e] = s       x: [E, ...]   y: [count, ...]   n[s]: rows of s
  ///     x̄[e] = ȳ[s] / n[s] with s = segments[e]
  ///
  /// An empty segment yields 0.
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of segments.
  /// - Returns: The means.
  /// - Complexity: O(`x.count`) time.
  public func scatterMean(to segments: IndexArray, count: Int) -> Variable {
    let rows = checkedGrouping(segments, count, operation: "scatterMean")
    return record("scatterMean", self, value: value.summed(over: rows, mean: true), saving: .nothing) { dy, _ in
      (dy * Variable(rows.inverseCounts(dtype: dy.dtype, rank: dy.rank))).gatherRows(segments)
    }
  }
}

extension RowGrouping {
  /// 1 / (entries of the row), 0 for a row without entries, with axes of extent 1 after the first.
  func inverseCounts(dtype: DType, rank: Int) -> Tensor {
    let inverses = (0..<rowCount).map { row in
      let count = offsets[row + 1] - offsets[row]
      return count == 0 ? 0 : 1 / Double(count)
    }
    return Tensor(inverses, shape: Shape([rowCount] + [Int](repeating: 1, count: rank - 1)), dtype: dtype)
  }
}

extension OperationSample {
  static let scatterMean = OperationSample([[5, 3]], yields: [4, 3]) {
    $0[0].scatterMean(to: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5, 3).also(on: [[5]], yields: [4])
}
