extension Variable {
  /// Returns the variable with some rows replaced.
  ///
  ///     y[n] = values[i] for the last i with indices[i] = n, x[n] if there is none
  ///     x̄[n] = ȳ[n] where the row stays, else 0      v̄[i] = ȳ[indices[i]] where i was the last, else 0
  ///
  /// - Parameters:
  ///   - values: The new rows, as many as indices, of this variable's width. Another shape stops the program.
  ///   - indices: The rows to replace. One outside the first axis stops the program and is named.
  /// - Returns: A variable of this one's shape; this one stays as it is.
  /// - Complexity: O(`x.count` + `values.count`) time; nothing is kept but the indices.
  public func setting(rows values: Variable, at indices: IndexArray) -> Variable {
    checkRows(values, indices, operation: "setting")
    let count = shape[0]
    let sources = IndexArray(count: count) { source in
      for row in 0..<count { source[row] = Int32(row) }
      for i in 0..<indices.count { source[Int(indices.pointer[i])] = Int32(count + i) }
    }
    return concatenate([self, values], along: 0).gatherRows(sources)
  }

  /// Returns the variable with something added to some rows.
  ///
  ///     y[n] = x[n] + Σ values[i] over i with indices[i] = n
  ///     x̄ = ȳ      v̄[i] = ȳ[indices[i]]
  ///
  /// - Parameters:
  ///   - values: What to add, as many rows as indices, of this variable's width. Another shape stops the program.
  ///   - indices: The rows to add to; those named repeatedly get every addend. One outside the first axis stops the program
  ///     and is named.
  /// - Returns: A variable of this one's shape; this one stays as it is.
  /// - Complexity: O(`x.count` + `values.count`) time; nothing is kept but the indices.
  public func adding(rows values: Variable, at indices: IndexArray) -> Variable {
    checkRows(values, indices, operation: "adding")
    return self + values.scatterSum(to: indices, count: shape[0])
  }

  private func checkRows(_ values: Variable, _ indices: IndexArray, operation: String) {
    require(rank > 0, "\(operation): a single number has no rows")
    require(
      values.shape == value.shape(withRows: indices.count),
      "\(operation): rows of shape \(values.shape) for \(indices.count) rows of shape \(shape)")
    indices.check(within: shape[0], operation: operation)
  }
}

extension OperationSample {
  static let settingRows = OperationSample("setting rows", [[4, 2], [3, 2]], yields: [4, 2]) {
    $0[0].setting(rows: $0[1], at: [2, 0, 2]) * $0[0]
  }.varying(2).also(on: [[4], [3]], yields: [4])
  static let addingRows = OperationSample("adding rows", [[4, 2], [3, 2]], yields: [4, 2]) {
    $0[0].adding(rows: $0[1], at: [2, 0, 2])
  }.varying(2).also(on: [[4], [3]], yields: [4])
}
