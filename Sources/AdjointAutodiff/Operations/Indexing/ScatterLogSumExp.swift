extension Variable {
  /// Returns, for every segment, the logarithm of the sum of the exponentials of the rows assigned to it, elementwise.
  ///
  ///     y[s, d] = m + ln Σ exp(x[e, d] − m) over e with segments[e] = s       x: [E, ...]   y: [count, ...]
  ///     x̄[e, d] = ȳ[s, d] exp(x[e, d] − y[s, d])                              m: the maximum of s
  ///
  /// Elements of any size do not overflow. An empty segment yields 0; one that is all −∞ yields −∞ and gets gradient 0.
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of segments.
  /// - Returns: The logarithms.
  /// - Complexity: O(`x.count`) time, in three passes; keeps the input and the output.
  public func scatterLogSumExp(to segments: IndexArray, count: Int) -> Variable {
    let rows = checkedGrouping(segments, count, operation: "scatterLogSumExp")
    let shift = value.extremes(over: rows, sign: 1).replacingInfinite()
    let empty = (0..<count).map { rows.offsets[$0] == rows.offsets[$0 + 1] ? 1.0 : 0 }
    let units = Tensor(empty, shape: Shape([count] + [Int](repeating: 1, count: rank - 1)), dtype: dtype)
    let total = log(exp(value - shift.gatherRows(segments)).summed(over: rows) + units) + shift
    return record("scatterLogSumExp", self, value: total, saving: [.inputs, .output]) { dy, saved in
      let total = multiplyOrZero(Variable(saved.output.value.finiteMask()), saved.output)
      return [dy.gatherRows(segments) * exp(saved[0] - total.gatherRows(segments))]
    }
  }
}

extension OperationSample {
  static let scatterLogSumExp = OperationSample([[5, 2]], yields: [4, 2]) {
    $0[0].scatterLogSumExp(to: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5, 2).also(on: [[5]], yields: [4])
}
