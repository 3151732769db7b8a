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
      dy.sharedOut(to: segments, rows)
    }
  }

  /// Returns x[s] / n[s] for the segment s of every row, n[s] being the number of rows of s: the transpose of the mean.
  private func sharedOut(to segments: IndexArray, _ rows: RowGrouping) -> Variable {
    let shares = value.gatherRows(segments, scaledBy: rows.inverseCounts(dtype: dtype))
    return record("scatterMean′", self, value: shares, saving: .nothing) { dy, _ in
      dy.scatterMean(to: segments, count: rows.rowCount)
    }
  }
}

extension OperationSample {
  static let scatterMean = OperationSample([[5, 3]], yields: [4, 3]) {
    $0[0].scatterMean(to: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5, 3).also(on: [[5]], yields: [4])
}
