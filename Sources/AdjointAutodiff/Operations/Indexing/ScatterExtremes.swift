extension Variable {
  /// Returns, for every segment, the elementwise maximum of the rows assigned to it.
  ///
  ///     y[s, d] = max x[e, d] over e with segments[e] = s       x: [E, ...]   y: [count, ...]
  ///     x̄[e, d] = ȳ[s, d] / (number of rows of s that attain the maximum), 0 for the others
  ///
  /// An empty segment yields 0 and passes no gradient. Ties share the gradient equally.
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program with
  ///     "scatterMax: segment 7 at row 3 is outside 0 ..< 5".
  ///   - count: The number of segments.
  /// - Returns: The maxima.
  /// - Complexity: O(`x.count`) time; keeps one to four bits for each element of the input and a count for each of the result.
  /// - SeeAlso: Hamilton, Ying & Leskovec, *Inductive Representation Learning on Large Graphs*, NeurIPS 2017, eq. 3.
  public func scatterMax(to segments: IndexArray, count: Int) -> Variable {
    scatterExtreme("scatterMax", sign: 1, segments, count)
  }

  /// Returns, for every segment, the elementwise minimum of the rows assigned to it.
  ///
  ///     y[s, d] = min x[e, d] over e with segments[e] = s       x: [E, ...]   y: [count, ...]
  ///     x̄[e, d] = ȳ[s, d] / (number of rows of s that attain the minimum), 0 for the others
  ///
  /// An empty segment yields 0 and passes no gradient. Ties share the gradient equally.
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of segments.
  /// - Returns: The minima.
  /// - Complexity: O(`x.count`) time; keeps one to four bits for each element of the input and a count for each of the result.
  public func scatterMin(to segments: IndexArray, count: Int) -> Variable {
    scatterExtreme("scatterMin", sign: -1, segments, count)
  }

  private func scatterExtreme(_ name: String, sign: Int, _ segments: IndexArray, _ count: Int) -> Variable {
    let rows = checkedGrouping(segments, count, operation: name)
    let (result, winners) = ExtremeWinners.extremes(of: value, over: rows, sign: sign)
    return record(name, self, value: result, saving: .nothing) { dy, _ in
      guard dy.isRecorded else { return Variable(winners.sharing(dy.value)) }
      let attained = Variable(winners.sharing(winners.count))
      return (dy / Variable(AdjointTensors.max(winners.count, 1))).gatherRows(segments) * attained
    }
  }
}

extension OperationSample {
  static let scatterMax = OperationSample([[5, 3]], yields: [4, 3]) {
    $0[0].scatterMax(to: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5, 3).also(on: [[5]], yields: [4])
  static let scatterMin = OperationSample([[5, 3]], yields: [4, 3]) {
    $0[0].scatterMin(to: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5, 3).also(on: [[5, 2, 1]], yields: [4, 2, 1])
}
