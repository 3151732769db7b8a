extension Variable {
  /// Returns, for every segment, the variance of the rows assigned to it, elementwise.
  ///
  ///     y[s, d] = Σ (x[e, d] − μ[s, d])² / (n[s] − correction)      x: [E, ...]   y: [count, ...]   μ: the mean of s
  ///     x̄[e, d] = 2 ȳ[s, d] (x[e, d] − μ[s, d]) / (n[s] − correction)
  ///
  /// A segment of as few rows as `correction`, or without any, yields 0 and passes no gradient.
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of segments.
  ///   - correction: 0 for the variance of a population, 1 for an estimate from a sample.
  /// - Returns: The variances.
  /// - Complexity: O(`x.count`) time, in two passes; keeps the differences from the mean.
  public func scatterVariance(to segments: IndexArray, count: Int, correction: Int = 0) -> Variable {
    let rows = checkedGrouping(segments, count, operation: "scatterVariance")
    let differences = self - scatterMean(to: segments, count: count).gatherRows(segments)
    let scales = (0..<count).map { segment in
      let degrees = rows.offsets[segment + 1] - rows.offsets[segment] - correction
      return degrees > 0 ? 1 / Double(degrees) : 0
    }
    let shape = Shape([count] + [Int](repeating: 1, count: rank - 1))
    let squares = square(differences).scatterSum(to: segments, count: count)
    return squares * Variable(Tensor(scales, shape: shape, dtype: dtype))
  }

  /// Returns, for every segment, the standard deviation of the rows assigned to it, elementwise.
  ///
  ///     y = √variance
  ///     x̄[e, d] = ȳ[s, d] (x[e, d] − μ[s, d]) / ((n[s] − correction) y[s, d]), 0 where y is 0
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of segments.
  ///   - correction: 0 for the deviation of a population, 1 for an estimate from a sample.
  /// - Returns: The standard deviations.
  /// - Complexity: O(`x.count`) time, in two passes; keeps the differences from the mean.
  public func scatterStandardDeviation(to segments: IndexArray, count: Int, correction: Int = 0) -> Variable {
    rootOrZero(scatterVariance(to: segments, count: count, correction: correction))
  }
}

extension OperationSample {
  static let scatterVariance = OperationSample([[5, 2]], yields: [4, 2]) {
    $0[0].scatterVariance(to: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5, 2).also(on: [[5]], yields: [4])
  static let scatterStandardDeviation = OperationSample([[5]], yields: [2]) {
    $0[0].scatterStandardDeviation(to: [1, 0, 1, 0, 1], count: 2, correction: 1)
  }.also(on: [[5, 3]], yields: [2, 3]).also(on: [[5, 0]], yields: [2, 0])
}
