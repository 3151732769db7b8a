import AdjointKernels

/// Returns the product of a sparse matrix that has weights of its own for every head and a dense array of heads.
///
///     y[r, h] = Σₑ w[e, h] x[c(e), h]          over the entries e of row r
///     x̄[c, h] = Σₑ w[e, h] ȳ[r(e), h],   w̄[e, h] = ⟨ȳ[r(e), h], x[c(e), h]⟩
///
/// w: `[entries, H]`, x: `[C, H, ...]`, y: `[R, H, ...]`. Entries are added in the order they are stored in; a row without
/// entries gives 0.
///
/// - Parameters:
///   - pattern: The entries.
///   - weights: A row of H numbers for every entry, in the pattern's order.
///   - x: A variable with a row for every column of the pattern (every row when transposed); shapes that do not fit stop the
///     program.
///   - transposingLeft: Whether the matrix is transposed first.
/// - Returns: The product.
/// - Complexity: O(entries · width of x) time; keeps an operand only where the other one's gradient needs it.
public func multiHeadMatmul(
  _ pattern: SparsePattern, _ weights: Variable, _ x: Variable, transposingLeft: Bool = false
) -> Variable {
  let inner = transposingLeft ? pattern.rowCount : pattern.columnCount
  require(
    x.rank >= 2 && x.shape[0] == inner && weights.shape == [pattern.count, x.shape[1]],
    "multiHeadMatmul: weights \(weights.label) and \(x.label) do not fit a pattern of [\(pattern.rowCount), "
      + "\(pattern.columnCount)]\(transposingLeft ? "ᵀ" : "") with \(pattern.count) entries")
  require(
    weights.dtype == x.dtype,
    "multiHeadMatmul: element types differ: \(weights.dtype) \(weights.shape) and \(x.dtype) \(x.shape)")
  let rows = transposingLeft ? pattern.transposedGrouping : pattern.grouping
  let (factor, source) = (weights.value.pointer, x.value.pointer)
  let value = Tensor(shape: x.value.shape(withRows: rows.rowCount), dtype: x.dtype) { result in
    rows.withKernel { adjoint_heads_sum(x.dtype.kernel, $0, x.value.heads, factor, source, result) }
  }
  return record(
    "multiHeadMatmul", weights, x, value: value, saving: .otherInputs,
    { dy, saved in
      transposingLeft
        ? multiHeadSampledProduct(pattern, saved[1], dy) : multiHeadSampledProduct(pattern, dy, saved[1])
    },
    { dy, saved in multiHeadMatmul(pattern, saved[0], dy, transposingLeft: !transposingLeft) })
}

/// Returns, for every head, the products of rows that a sparse pattern names: the scores of dot-product attention.
///
///     w[e, h] = ⟨a[r(e), h], b[c(e), h]⟩        a: [R, H, ...]   b: [C, H, ...]   w: [entries, H]
///     ā[r, h] = Σₑ w̄[e, h] b[c(e), h],   b̄[c, h] = Σₑ w̄[e, h] a[r(e), h]
///
/// - Parameters:
///   - pattern: The entries to compute.
///   - a: A variable with a row for every row of the pattern.
///   - b: A variable with a row of the same shape for every column; shapes that do not fit stop the program.
/// - Returns: H numbers for every entry, in the pattern's order.
/// - Complexity: O(entries · width) time; keeps an operand only where the other one's gradient needs it.
public func multiHeadSampledProduct(_ pattern: SparsePattern, _ a: Variable, _ b: Variable) -> Variable {
  require(
    a.rank >= 2 && b.rank >= 2 && a.shape[0] == pattern.rowCount && b.shape[0] == pattern.columnCount
      && a.shape.dropFirst().elementsEqual(b.shape.dropFirst()),
    "multiHeadSampledProduct: \(a.label) and \(b.label) do not fit a pattern of [\(pattern.rowCount), "
      + "\(pattern.columnCount)]")
  require(
    a.dtype == b.dtype, "multiHeadSampledProduct: element types differ: \(a.dtype) \(a.shape) and \(b.dtype) \(b.shape)"
  )
  let (left, right) = (a.value.pointer, b.value.pointer)
  let value = Tensor(shape: [pattern.count, a.shape[1]], dtype: a.dtype) { result in
    pattern.grouping.withKernel { adjoint_heads_dot(a.dtype.kernel, $0, a.value.heads, left, right, result) }
  }
  return record(
    "multiHeadSampledProduct", a, b, value: value, saving: .otherInputs,
    { dw, saved in multiHeadMatmul(pattern, dw, saved[1]) },
    { dw, saved in multiHeadMatmul(pattern, dw, saved[0], transposingLeft: true) })
}

extension Tensor {
  /// The heads of rows of shape [H, ...].
  var heads: adjoint_heads { adjoint_heads(count: shape[1], width: shape.dropFirst(2).reduce(1, *)) }
}

extension OperationSample {
  static let multiHeadMatmul = OperationSample([[6, 2], [4, 2, 3]], yields: [3, 2, 3]) {
    AdjointAutodiff.multiHeadMatmul(.sample(), $0[0], $0[1])
  }.varying(2)
  static let multiHeadMatmulTransposed = OperationSample(
    "multiHeadMatmul, transposed", [[6, 2], [3, 2]], yields: [4, 2]
  ) {
    AdjointAutodiff.multiHeadMatmul(.sample(), $0[0], $0[1], transposingLeft: true)
  }.varying(2)
  static let multiHeadSampledProduct = OperationSample([[3, 2, 3], [4, 2, 3]], yields: [6, 2]) {
    AdjointAutodiff.multiHeadSampledProduct(.sample(), $0[0], $0[1])
  }.varying(2)
}
