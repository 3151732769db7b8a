extension Variable {
  /// Returns, for every segment, the elementwise product of the rows assigned to it.
  ///
  ///     y[s, d] = Π x[e, d] over e with segments[e] = s       x: [E, ...]   y: [count, ...]
  ///     x̄[e, d] = ȳ[s, d] Π x[j, d] over the other rows j of s
  ///
  /// An empty segment yields 1. Rows are multiplied along a tree of pairs, never divided out again, so that gradients of every order
  /// are right with one zero and with several.
  ///
  /// - Parameters:
  ///   - segments: The segment of every row; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of segments.
  /// - Returns: The products.
  /// - Complexity: O(`x.count`) time for segments of like size; keeps about as many partial products as elements.
  public func scatterProduct(to segments: IndexArray, count: Int) -> Variable {
    let grouping = checkedGrouping(segments, count, operation: "scatterProduct")
    let one = Variable(Tensor(ones: value.shape(withRows: 1), dtype: dtype))
    var factors = self
    // The rows of `factors` that every segment still has to multiply.
    var rows = (0..<count).map { segment in
      (grouping.offsets[segment]..<grouping.offsets[segment + 1]).map { grouping.columns?[$0] ?? $0 }
    }
    while rows.contains(where: { $0.count > 1 }) {
      var left: [Int] = [], right: [Int] = []
      let unit = factors.shape[0]
      for segment in rows.indices {
        let start = left.count, group = rows[segment]
        for i in stride(from: 0, to: group.count, by: 2) {
          left.append(group[i])
          right.append(i + 1 < group.count ? group[i + 1] : unit)
        }
        rows[segment] = Array(start..<left.count)
      }
      let extended = concatenate([factors, one], along: 0)
      factors = extended.gatherRows(IndexArray(left)) * extended.gatherRows(IndexArray(right))
    }
    let unit = factors.shape[0]
    return concatenate([factors, one], along: 0).gatherRows(IndexArray(rows.map { $0.first ?? unit }))
  }
}

extension OperationSample {
  static let scatterProduct = OperationSample([[5, 2]], yields: [4, 2]) {
    $0[0].scatterProduct(to: $0[0].rows(of: [2, 0, 2, 3, 2]), count: 4)
  }.varying(5, 2).also(on: [[5]], yields: [4])
  static let scatterProductSorted = OperationSample("scatterProduct with zeros, sorted", [[5]], yields: [3]) { inputs in
    let zeros: Tensor = [0, 1, 1, 0, 0]
    return (inputs[0] * Variable(zeros.converted(to: inputs[0].dtype))).scatterProduct(to: [0, 0, 0, 1, 1], count: 3)
  }
}
