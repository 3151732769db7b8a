/// Returns the rows of a table that indices name: one vector for every word, node or category.
///
///     y[i] = table[indices[i]]             table: [V, D]   y: [indices.count, D]
///     t̄[v] = Σ ȳ[i] over i with indices[i] = v
///
/// This is ``Variable/gatherRows(_:)`` under the name that language models know it by.
///
/// - Parameters:
///   - table: The vectors, one in each row.
///   - indices: Rows of the table. One outside it stops the program and is named.
///   - shape: The shape that the indices are to be seen in, for instance `[batch, time]`; one axis if left out.
/// - Returns: A variable of that shape, with the table's remaining axes at the end.
/// - Complexity: O(`y.count`) time; nothing is kept but the indices.
public func embedding(_ table: Variable, _ indices: IndexArray, shape: Shape? = nil) -> Variable {
  let rows = table.gatherRows(indices)
  guard let shape else { return rows }
  require(shape.elementCount == indices.count, "embedding: \(indices.count) indices do not fill shape \(shape)")
  return rows.reshaped(to: Array(shape) + table.shape.dropFirst())
}

extension OperationSample {
  static let embedding = OperationSample([[4, 3]], yields: [2, 2, 3]) {
    AdjointAutodiff.embedding($0[0], [2, 0, 2, 3], shape: [2, 2])
  }.varying(3)
}
