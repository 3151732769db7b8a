/// Returns the product of a sparse matrix and a dense one.
///
///     y[r] = Σₑ w[e] x[c(e)]           over the entries e of row r     S: [R, C]   x: [C, ...]   y: [R, ...]
///     x̄ = Sᵀ ȳ,   w̄[e] = ⟨ȳ[r(e)], x[c(e)]⟩
///
/// Entries are added in the order they are stored in. A row without entries gives 0. Nothing is ever made dense.
///
/// - Parameters:
///   - matrix: A sparse matrix.
///   - x: A variable whose first extent is the matrix's column count (row count when transposed); another one stops
///     the program with both shapes named.
///   - transposingLeft: Whether the matrix is transposed first.
/// - Returns: The product.
/// - Complexity: O(entries · width of x) time; keeps `x` only if the values need a gradient, and the values only if `x` does.
public func matmul(_ matrix: SparseMatrix, _ x: Variable, transposingLeft: Bool = false) -> Variable {
  let pattern = matrix.pattern
  let inner = transposingLeft ? pattern.rowCount : pattern.columnCount
  require(
    x.rank >= 1 && x.shape[0] == inner,
    "matmul: inner extents differ: sparse \(matrix.shape)\(transposingLeft ? "ᵀ" : "") × \(x.label)")
  let rows = transposingLeft ? pattern.transposedGrouping : pattern.grouping
  guard let values = matrix.values else {
    return record("sparse matmul", x, value: x.value.summed(over: rows), saving: .nothing) { dy, _ in
      matmul(SparseMatrix(pattern), dy, transposingLeft: !transposingLeft)
    }
  }
  require(
    values.dtype == x.dtype,
    "matmul: element types differ: sparse \(values.dtype) \(matrix.shape) and \(x.dtype) \(x.shape)")
  let moved = transposingLeft ? pattern.valuesByColumn(values.value) : nil
  let product = x.value.summed(over: moved == nil ? rows : pattern.columnsInOrder, values: moved ?? values.value)
  return record(
    "sparse matmul", values, x, value: product, saving: .otherInputs,
    { dy, saved in
      transposingLeft
        ? sampledProduct(pattern, saved[1], dy) : sampledProduct(pattern, dy, saved[1])
    },
    { dy, saved in matmul(SparseMatrix(pattern, values: saved[0]), dy, transposingLeft: !transposingLeft) })
}

extension OperationSample {
  static let sparseMatmul = OperationSample("sparse matmul", [[6], [4, 3]], yields: [3, 3]) {
    AdjointAutodiff.matmul(SparseMatrix(.sample(entries: $0[0].shape[0]), values: $0[0]), $0[1])
  }.varying(6).also(on: [[6], [4, 0]], yields: [3, 0]).also(on: [[6], [4, 1]], yields: [3, 1])
  static let sparseMatmulTransposed = OperationSample("sparse matmul, transposed", [[6], [3, 2]], yields: [4, 2]) {
    let pattern = SparsePattern.sample(rows: $0[1].shape[0], entries: $0[0].shape[0])
    return AdjointAutodiff.matmul(SparseMatrix(pattern, values: $0[0]), $0[1], transposingLeft: true)
  }.varying(2).varying(3, from: 1).varying(6).also(on: [[0], [0, 2]], yields: [4, 2])
  static let sparseMatmulUnweighted = OperationSample("sparse matmul without values", [[4, 3]], yields: [3, 3]) {
    AdjointAutodiff.matmul(SparseMatrix(.sample(columns: $0[0].shape[0])), $0[0])
  }.varying(4).also(on: [[4, 0]], yields: [3, 0]).also(on: [[4, 1]], yields: [3, 1])
}

extension SparsePattern {
  /// A pattern of 3 × 4 with a repeated entry, an empty row and an empty column; or with other extents, and fewer entries.
  static func sample(rows: Int = 3, columns: Int = 4, entries: Int = 6) -> SparsePattern {
    let places = rows * columns == 0 ? [] : [(2, 3), (0, 1), (0, 0), (2, 0), (2, 3), (0, 1)].prefix(entries)
    do {
      return try SparsePattern(
        rows: IndexArray(places.map { $0.0 % rows }), columns: IndexArray(places.map { $0.1 % columns }),
        rowCount: rows, columnCount: columns)
    } catch {
      stop("\(error)")
    }
  }
}
