/// Returns the product of two sparse matrices, which is sparse again.
///
///     y[r, c] = Σ a[r, k] b[k, c]          over the stored entries      a: [R, K]   b: [K, C]   y: [R, C]
///     ā[r, k] = Σ ȳ[r, c] b[k, c],   b̄[k, c] = Σ a[r, k] ȳ[r, c]        at the stored entries
///
/// The product stores every place that two entries reach, in ascending order of columns, also where they cancel. Repeated entries count
/// as their sum. Nothing is ever made dense, in gradients of no order.
///
/// - Parameters:
///   - a: A sparse matrix; without values, its entries are ones.
///   - b: A sparse matrix with a row for every column of `a`; another number stops the program with both shapes named.
///   - product: Where the entries meet, if it is known already: make it once with ``SparseProduct`` where the same patterns are
///     multiplied again and again. One of other patterns stops the program.
///   - dtype: The element type if neither matrix has values.
/// - Returns: The product.
/// - Complexity: O(pairs of entries that meet) time, and as much again to find them; keeps the values of both matrices.
public func matmul(
  _ a: SparseMatrix, _ b: SparseMatrix, on product: SparseProduct? = nil, dtype: DType = .default
) -> SparseMatrix {
  require(
    a.pattern.columnCount == b.pattern.rowCount,
    "matmul: inner extents differ: sparse \(a.shape) × sparse \(b.shape)")
  let product = product ?? SparseProduct(a.pattern, b.pattern)
  require(
    product.left === a.pattern && product.right === b.pattern,
    "matmul: the sparse product was made for other patterns than those of the matrices")
  let dtype = a.values?.dtype ?? b.values?.dtype ?? dtype
  func values(_ matrix: SparseMatrix) -> Variable {
    matrix.values ?? Variable(Tensor(ones: [matrix.pattern.count], dtype: dtype))
  }
  let (left, right) = (values(a), values(b))
  require(
    left.dtype == right.dtype,
    "matmul: element types differ: sparse \(left.dtype) \(a.shape) and sparse \(right.dtype) \(b.shape)")
  return SparseMatrix(product.pattern, values: pairSums(product, .product, left, .left, right, .right))
}

/// The sums over pairs of entries for one of the three roles, from the values of the other two. Its gradients are of the same kind.
private func pairSums(
  _ product: SparseProduct, _ role: SparseProduct.Role, _ a: Variable, _ first: SparseProduct.Role, _ b: Variable,
  _ second: SparseProduct.Role
) -> Variable {
  record(
    "sparse × sparse", a, b, value: product.sums(for: role, of: a.value, first, b.value, second), saving: .otherInputs,
    { dy, saved in pairSums(product, first, dy, role, saved[1], second) },
    { dy, saved in pairSums(product, second, dy, role, saved[0], first) })
}

extension OperationSample {
  static let sparseSparse = OperationSample("sparse × sparse", [[6], [5]], yields: [3, 2]) { inputs in
    AdjointAutodiff.matmul(
      SparseMatrix(.sample(entries: inputs[0].shape[0]), values: inputs[0]),
      SparseMatrix(.sample(rows: 4, columns: 2, entries: inputs[1].shape[0]), values: inputs[1])
    ).dense()
  }.varying(6, 5)
  static let sparseSquared = OperationSample("sparse × its own values", [[6]], yields: [4, 4]) { inputs in
    let matrix = SparseMatrix(.sample(rows: 4, columns: 4, entries: inputs[0].shape[0]), values: inputs[0])
    return AdjointAutodiff.matmul(matrix, matrix).dense()
  }.varying(6)
  static let sparseUnweighted = OperationSample("sparse × sparse without values", [[6]], yields: [3, 3]) { inputs in
    AdjointAutodiff.matmul(
      SparseMatrix(.sample()),
      SparseMatrix(.sample(rows: 4, columns: 3, entries: inputs[0].shape[0]), values: inputs[0])
    ).dense()
  }.varying(6)
}
