extension Variable {
  /// Returns the variable surrounded by copies of a number.
  ///
  ///     y[before + i] = x[i], the number elsewhere
  ///     x̄[i] = ȳ[before + i]
  ///
  /// - Parameters:
  ///   - before: How many to put before the elements along every axis.
  ///   - after: How many to put after them.
  ///   - filling: The number.
  /// - Returns: A variable with extents increased by `before` and `after`. Counts below 0, or not as many as axes, stop the
  ///   program.
  /// - Complexity: O(`y.count`) time; nothing is kept.
  public func padded(before: [Int], after: [Int], with filling: Double = 0) -> Variable {
    require(
      before.count == rank && after.count == rank && (before + after).allSatisfy { $0 >= 0 },
      "pad: \(before) before and \(after) after do not fit the axes of shape \(shape)")
    if rank == 0 || (before + after).allSatisfy({ $0 == 0 }) { return self }
    let result = Shape(shape.indices.map { before[$0] + shape[$0] + after[$0] })
    var view = StridedView(result)
    for axis in shape.indices { view.select(shape[axis], along: axis, from: before[axis], by: 1) }
    return placed(view, in: result, "pad", around: filling)
  }
}

extension OperationSample {
  static let pad = OperationSample([[2, 3]], yields: [5, 4]) {
    $0[0].padded(before: [1, 0], after: [2, 1], with: 0.5)
  }.also(on: [[0, 0]], yields: [3, 1]).also(on: [[1, 1]], yields: [4, 2])
}
