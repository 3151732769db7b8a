extension Variable {
  /// Returns, for every segment, the sum of the rows assigned to it.
  ///
  ///     y[s] = Σ x[e] over e with segments[e] = s       x: [E, ...]   y: [count, ...]
  ///     x̄[e] = ȳ[segments[e]]
  ///
  /// An empty segment yields 0. Rows are added in the order of e, whatever the number of threads.
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program with
  ///     "scatterSum: segment 7 at row 3 is outside 0 ..< 5".
  ///   - count: The number of segments.
  /// - Returns: The sums.
  /// - Complexity: O(`x.count`) time. The first call with an index array groups it, and it remembers the grouping.
  public func scatterSum(to segments: IndexArray, count: Int) -> Variable {
    let rows = checkedGrouping(segments, count, operation: "scatterSum")
    return record("scatterSum", self, value: value.summed(over: rows), saving: .nothing, batching: .rows) { dy, _ in
      dy.gatherRows(segments)
    }
  }

  /// The rows grouped by segment, after checking that there are as many segments as rows.
  func checkedGrouping(_ segments: IndexArray, _ count: Int, operation: String) -> RowGrouping {
    require(rank > 0, "\(operation): a single number has no rows")
    require(segments.count == shape[0], "\(operation): \(segments.count) segments for shape \(shape)")
    return segments.grouped(into: count, operation: operation)
  }
}

extension OperationSample {
  static let scatterSum = OperationSample([[5, 3]], yields: [4, 3]) {
    $0[0].scatterSum(to: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5, 3).also(on: [[5]], yields: [4]).also(on: [[5, 2, 1]], yields: [4, 2, 1])
}
