extension Optimizer {
  /// Changes some rows of a parameter, such as the looked-up rows of an embedding, at the cost of these rows alone.
  ///
  /// The rows are taken out together with what is remembered of them, updated as a parameter of their own, and put back. Other rows
  /// neither decay nor move, and what is remembered of them stays as it is; the update counts for the whole parameter, as in
  /// the "sparse" or "lazy" variants of Adam.
  ///
  /// - Parameters:
  ///   - parameter: A parameter of shape `[N, ...]`.
  ///   - rows: Distinct rows of it; a row named twice or outside `0 ..< N` stops the program.
  ///   - gradient: `[rows.count, ...]`: the sum of the gradients of each row.
  /// - Complexity: O(rows · width) time and memory.
  public func update(_ parameter: Parameter, rows: IndexArray, with gradient: Tensor) {
    require(parameter.value.rank > 0, "update: a single number has no rows")
    var seen: Set<Int> = []
    for (i, row) in rows.enumerated() {
      require(seen.insert(row).inserted, "update: row \(row) is named twice, at position \(i) again")
    }
    guard rows.count > 0 else { return }
    let shape = parameter.value.shape, dtype = parameter.value.dtype
    let part = Parameter(parameter.value.gatherRows(rows))
    var entry =
      states.remove(parameter)
      ?? ParameterStates.Entry(tensors: states.names.map { _ in Tensor(zeros: shape, dtype: dtype) })
    states[part] = ParameterStates.Entry(updates: entry.updates, tensors: entry.tensors.map { $0.gatherRows(rows) })
    update(part, with: gradient)
    if let updated = states.remove(part) {
      entry.updates = updated.updates
      for i in entry.tensors.indices { entry.tensors[i].setRows(rows, to: updated.tensors[i]) }
      states[parameter] = entry
    }
    parameter.value.setRows(rows, to: part.value)
  }
}
