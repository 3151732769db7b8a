import AdjointKernels

/// Returns the entries of a bᵀ that a sparse pattern names (a sampled dense–dense product).
///
///     w[e] = ⟨a[r(e)], b[c(e)]⟩        a: [R, ...]   b: [C, ...]   w: [entries]
///     ā = W̄ b,   b̄ = W̄ᵀ a              with W̄ the sparse matrix that holds w̄
///
/// - Parameters:
///   - pattern: The entries to compute.
///   - a: A variable with a row for every row of the pattern.
///   - b: A variable with a row of the same shape for every column; shapes that do not fit stop the program.
/// - Returns: One number for every entry, in the pattern's order.
/// - Complexity: O(entries · width) time; keeps an operand only where the other one's gradient needs it.
public func sampledProduct(_ pattern: SparsePattern, _ a: Variable, _ b: Variable) -> Variable {
  require(
    a.rank >= 1 && b.rank >= 1 && a.shape[0] == pattern.rowCount && b.shape[0] == pattern.columnCount
      && a.shape.dropFirst().elementsEqual(b.shape.dropFirst()),
    "sampledProduct: \(a.label) and \(b.label) do not fit a pattern of [\(pattern.rowCount), \(pattern.columnCount)]")
  require(a.dtype == b.dtype, "sampledProduct: element types differ: \(a.dtype) \(a.shape) and \(b.dtype) \(b.shape)")
  let (left, right) = (a.value.pointer, b.value.pointer)
  let value = Tensor(shape: [pattern.count], dtype: a.dtype) { result in
    pattern.grouping.withKernel { adjoint_rows_dot(a.dtype.kernel, $0, left, right, a.value.rowWidth, result) }
  }
  return record(
    "sampledProduct", a, b, value: value, saving: .otherInputs,
    { dw, saved in matmul(SparseMatrix(pattern, values: dw), saved[1]) },
    { dw, saved in matmul(SparseMatrix(pattern, values: dw), saved[0], transposingLeft: true) })
}

extension OperationSample {
  static let sampledProduct = OperationSample([[3, 2], [4, 2]], yields: [6]) {
    AdjointAutodiff.sampledProduct(.sample(rows: $0[0].shape[0], columns: $0[1].shape[0]), $0[0], $0[1])
  }.varying(2).varying(3, from: 1).varying(4, from: 1).also(on: [[0, 2], [4, 2]], yields: [0])
}
