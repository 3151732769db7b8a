extension Variable {
  /// Returns a quantile of all elements, or the quantiles along some axes.
  ///
  ///     y = (1 − w) v[⌊p⌋] + w v[⌊p⌋ + 1]      p = q (n − 1), w = p − ⌊p⌋, v: the n elements in order
  ///     x̄ = Σ over the two values of ȳ times its weight / (number of elements that equal it), where x does
  ///
  /// Between two elements it is interpolated linearly. Ties share the gradient equally. NaN counts as largest.
  ///
  /// - Parameters:
  ///   - q: The part of the elements that lies below, in 0 ... 1; another one stops the program.
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The quantiles. A quantile of no elements stops the program.
  /// - Complexity: O(`x.count` · log n) time; keeps the input and the two values.
  public func quantile(_ q: Double, along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    orderStatistic(q, axes, keepingAxes, operation: "quantile")
  }

  /// Returns the quantiles along one axis.
  ///
  /// - Parameters:
  ///   - q: The part of the elements that lies below, in 0 ... 1.
  ///   - axis: The axis, negative ones counting from the end.
  ///   - keepingAxes: Whether it stays, with extent 1.
  /// - Returns: The quantiles.
  public func quantile(_ q: Double, along axis: Int, keepingAxes: Bool = false) -> Variable {
    quantile(q, along: [axis], keepingAxes: keepingAxes)
  }

  /// Returns the median of all elements, or the medians along some axes: the mean of the two elements in the middle where their
  /// number is even.
  ///
  /// Ties share the gradient equally. NaN counts as largest.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The medians. A median of no elements stops the program.
  /// - Complexity: O(`x.count` · log n) time; keeps the input and the two values.
  public func median(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    orderStatistic(0.5, axes, keepingAxes, operation: "median")
  }

  /// Returns the medians along one axis.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - keepingAxes: Whether it stays, with extent 1.
  /// - Returns: The medians.
  public func median(along axis: Int, keepingAxes: Bool = false) -> Variable {
    median(along: [axis], keepingAxes: keepingAxes)
  }

  private func orderStatistic(_ q: Double, _ axes: [Int]?, _ keepingAxes: Bool, operation: String) -> Variable {
    require(q >= 0 && q <= 1, "\(operation): the quantile \(q) is outside 0 ... 1")
    let axes = value.reductionAxes(axes, operation: operation)
    for axis in axes { require(shape[axis] > 0, "\(operation): axis \(axis) of shape \(shape) has no elements") }
    let kept = shape.indices.filter { !axes.contains($0) }
    let result = Array(shape.reduced(along: axes, keepingAxes: keepingAxes))
    // Every slice becomes a segment.
    let count = kept.reduce(1) { $0 * shape[$1] }, extent = axes.reduce(1) { $0 * shape[$1] }
    let inOrder = kept + axes == Array(0..<rank) ? self : transposed(kept + axes)
    let segments = IndexArray((0..<count * extent).map { $0 / extent })
    return inOrder.flattened().scatterQuantile(q, to: segments, count: count).reshaped(to: result)
  }
}

extension OperationSample {
  static let quantile = OperationSample([[3, 5]], yields: [3]) { $0[0].quantile(0.3, along: 1) }.varying(3).varying(
    5, from: 1)
  static let quantileOuter = OperationSample("quantile along two axes", [[2, 3, 3]], yields: [1, 3, 1]) {
    $0[0].quantile(0.9, along: [0, 2], keepingAxes: true)
  }.varying(2, 3, from: 1)
  static let median = OperationSample([[4, 3]], yields: [1, 3]) { $0[0].median(along: 0, keepingAxes: true) }.varying(3)
    .varying(4, from: 1).also(on: [[5]], yields: [1])
}
