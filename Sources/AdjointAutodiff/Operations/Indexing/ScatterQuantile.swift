extension Variable {
  /// Returns, for every segment, a quantile of the rows assigned to it, elementwise.
  ///
  ///     y[s, d] = (1 − w) v[⌊p⌋] + w v[⌊p⌋ + 1]      p = q (n[s] − 1), w = p − ⌊p⌋, v: the values x[e, d] of s in order
  ///     x̄[e, d] = Σ over the two values of ȳ[s, d] times its weight / (number of rows that equal it), if e does
  ///
  /// An empty segment yields 0 and passes no gradient. Ties share the gradient equally. NaN counts as largest.
  ///
  /// - Parameters:
  ///   - q: The part of the rows that lies below, in 0 ... 1.
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of segments.
  /// - Returns: The quantiles.
  /// - Complexity: O(`x.count` · log n) time for segments of n rows; keeps the input and the two values.
  public func scatterQuantile(_ q: Double, to segments: IndexArray, count: Int) -> Variable {
    require(q >= 0 && q <= 1, "scatterQuantile: the quantile \(q) is outside 0 ... 1")
    let rows = checkedGrouping(segments, count, operation: "scatterQuantile")
    let width = value.rowWidth, elements = value.scalars(as: Double.self)
    var low = [Double](repeating: 0, count: count * width), high = low, weights = [Double](repeating: 0, count: count)
    for segment in 0..<count {
      let group = (rows.offsets[segment]..<rows.offsets[segment + 1]).map { rows.columns?[$0] ?? $0 }
      if group.isEmpty { continue }
      let place = q * Double(group.count - 1), below = Int(place)
      weights[segment] = place - Double(below)
      for column in 0..<width {
        let ordered = group.map { elements[$0 * width + column] }.sorted { $0 < $1 || ($1.isNaN && !$0.isNaN) }
        low[segment * width + column] = ordered[below]
        high[segment * width + column] = ordered[Swift.min(below + 1, group.count - 1)]
      }
    }
    let shape = value.shape(withRows: count), dtype = dtype
    let lower = Tensor(low, shape: shape, dtype: dtype), upper = Tensor(high, shape: shape, dtype: dtype)
    let weight = Tensor(weights, shape: Shape([count] + [Int](repeating: 1, count: rank - 1)), dtype: dtype)
    let result = lower + multiplyOrZero(Variable(weight), Variable(upper - lower)).value
    return record("scatterQuantile", self, value: result, saving: .inputs) { dy, saved in
      func part(_ value: Tensor, _ weight: Tensor) -> Variable {
        let attained = AdjointTensors.equal(saved[0].value, value.gatherRows(segments))
        let ties = AdjointTensors.max(attained.summed(over: rows), 1)
        return (dy * Variable(weight / ties)).gatherRows(segments) * Variable(attained)
      }
      return [part(lower, 1 - weight) + part(upper, weight)]
    }
  }

  /// Returns, for every segment, the median of the rows assigned to it, elementwise: the mean of the two values in the middle
  /// where their number is even.
  ///
  /// An empty segment yields 0. Ties share the gradient equally.
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of segments.
  /// - Returns: The medians.
  public func scatterMedian(to segments: IndexArray, count: Int) -> Variable {
    scatterQuantile(0.5, to: segments, count: count)
  }
}

extension OperationSample {
  static let scatterQuantile = OperationSample([[5, 2]], yields: [4, 2]) {
    $0[0].scatterQuantile(0.3, to: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5, 2).also(on: [[5]], yields: [4])
  static let scatterMedian = OperationSample([[6]], yields: [2]) {
    $0[0].scatterMedian(to: [1, 0, 1, 1, 0, 1], count: 2)
  }.also(on: [[6, 2]], yields: [2, 2]).also(on: [[6, 0]], yields: [2, 0])
}
