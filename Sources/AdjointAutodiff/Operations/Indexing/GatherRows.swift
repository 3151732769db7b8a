extension Variable {
  /// Returns the rows that an index array names.
  ///
  ///     y[i] = x[indices[i]]             x: [N, ...]   y: [indices.count, ...]
  ///     x̄[n] = Σ ȳ[i] over i with indices[i] = n
  ///
  /// - Parameter indices: Positions along the first axis. One outside it stops the program with
  ///   "gatherRows: index 7 at row 3 is outside 0 ..< 5".
  /// - Returns: The rows.
  /// - Complexity: O(`y.count`) time; nothing is kept but the indices.
  public func gatherRows(_ indices: IndexArray) -> Variable {
    let result = value.gatherRows(indices)
    let count = shape[0]
    return record("gatherRows", self, value: result, saving: .nothing, batching: .rows) { dy, _ in
      dy.scatterSum(to: indices, count: count)
    }
  }
}

extension OperationSample {
  static let gatherRows = OperationSample([[4, 3]], yields: [5, 3]) { $0[0].gatherRows([2, 0, 2, 3, 2]) }
}
