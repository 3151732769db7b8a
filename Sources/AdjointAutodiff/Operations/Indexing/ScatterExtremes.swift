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
  /// - Complexity: O(`x.count`) time; keeps a count for each element of the result and, for each row of the input, a bit for each
  ///   lane of the vectors that hold it, or a byte for a vector of fewer than eight lanes.
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
  /// - Complexity: O(`x.count`) time; keeps a count for each element of the result and, for each row of the input, a bit for each
  ///   lane of the vectors that hold it, or a byte for a vector of fewer than eight lanes.
  public func scatterMin(to segments: IndexArray, count: Int) -> Variable {
    scatterExtreme("scatterMin", sign: -1, segments, count)
  }

  private func scatterExtreme(_ name: String, sign: Int, _ segments: IndexArray, _ count: Int) -> Variable {
    let rows = checkedGrouping(segments, count, operation: name)
    guard isRecorded else { return Variable(value.extremes(over: rows, sign: sign)) }
    let (result, winners) = ExtremeWinners.extremes(of: value, over: rows, sign: sign)
    return record(name, self, value: result, saving: .nothing) { dy, _ in
      scatterExtremePullback(dy, winners, segments)
    }
  }
}

/// The gradient of the rows, linear in `dy`.
private func scatterExtremePullback(_ dy: Variable, _ winners: ExtremeWinners, _ segments: IndexArray) -> Variable {
  record("scatterExtreme′", dy, value: winners.sharing(dy.value), saving: .nothing) { g, _ in
    // ⟨g, x̄⟩ is linear in ȳ: every row that attains the extreme hands back its share of g.
    let attained = Variable(winners.sharing(winners.count))
    return multiplyOrZero(attained, g).scatterSum(to: segments, count: winners.count.shape[0])
      / Variable(AdjointTensors.max(winners.count, 1))
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
