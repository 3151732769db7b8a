/// Updates that touch some rows of a parameter alone.
extension Optimizer {
  /// Changes the rows of a table that a gradient has, and what is remembered of them.
  ///
  /// The other rows, and what is remembered of them, stay as they are: a row that no example uses neither decays nor goes on
  /// along its momentum, just as a parameter that the loss does not depend on is left alone. The number of updates is that of the
  /// whole table. Any optimizer will do whose update of an element depends on nothing but that element.
  ///
  /// - Parameters:
  ///   - table: The parameter.
  ///   - gradient: The rows of its gradient, as ``Gradients/rows(of:)`` gives them.
  /// - Complexity: O(`gradient.values.count`) time, whatever the size of the table.
  public func update(_ table: Parameter, with gradient: RowGradient) {
    let rows = gradient.rows
    let part = Parameter(table.value.gatherRows(rows))
    part.path = table.path
    // Out of the dictionary meanwhile, so that nothing else shares the tensors that are written to.
    var whole = states[table]
    states[table] = nil
    states[part] = whole.map { whole in
      var entry = whole
      entry.tensors = whole.tensors.map { $0.gatherRows(rows) }
      return entry
    }
    update(part, with: gradient.values)
    table.value.setRows(rows, to: part.value)
    guard let changed = states[part] else { return }
    states[part] = nil
    var tensors =
      whole?.tensors ?? changed.tensors.map { Tensor(zeros: table.value.shape, dtype: $0.dtype) }
    whole = nil
    for i in tensors.indices { tensors[i].setRows(rows, to: changed.tensors[i]) }
    var entry = changed
    entry.tensors = tensors
    states[table] = entry
  }
}

extension Tensor {
  /// Overwrites rows, in place where nothing shares the memory.
  fileprivate mutating func setRows(_ rows: IndexArray, to values: Tensor) {
    let byteCount = rowWidth * dtype.byteCount
    let target = uniquePointer(), source = values.pointer
    for (i, row) in rows.enumerated() {
      (target + row * byteCount).copyMemory(from: source + i * byteCount, byteCount: byteCount)
    }
  }
}
