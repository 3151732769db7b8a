extension Variable {
  /// Returns the rows that an index array names.
  ///
  ///     y[i] = x[indices[i]]             x: [N, ...]   y: [indices.count, ...]
  ///     x̄[n] = Σ ȳ[i] over i with indices[i] = n
  ///
  /// The gradient of a parameter from which rows are only gathered stays those rows: ``Gradients/rows(of:)``.
  ///
  /// - Parameter indices: Positions along the first axis. One outside it stops the program with
  ///   "gatherRows: index 7 at row 3 is outside 0 ..< 5".
  /// - Returns: The rows.
  /// - Complexity: O(`y.count`) time; nothing is kept but the indices.
  public func gatherRows(_ indices: IndexArray) -> Variable {
    recordGather("gatherRows", self, indices, value: value.gatherRows(indices))
  }
}

extension OperationSample {
  static let gatherRows = OperationSample([[4, 3]], yields: [5, 3]) { $0[0].gatherRows([2, 0, 2, 3, 2]) }.varying(3)
    .also(on: [[4]], yields: [5])
}
