/// A matrix of which only some entries are stored; the others are 0.
///
/// Entries are those of a ``SparsePattern``; their values are a variable, so that gradients reach them. Without values every
/// stored entry is 1: the adjacency of an unweighted graph. Products never make the matrix dense.
public struct SparseMatrix {
  /// Where the stored entries lie.
  public let pattern: SparsePattern
  /// The value of every stored entry, in the pattern's order: `[pattern.count]`. Nil stands for ones.
  public let values: Variable?

  /// Creates a matrix from a pattern and values in its order.
  ///
  /// - Parameters:
  ///   - pattern: Where the stored entries lie.
  ///   - values: `[pattern.count]`, or nil for ones. Another shape stops the program.
  public init(_ pattern: SparsePattern, values: Variable? = nil) {
    if let values {
      require(
        values.shape == [pattern.count], "SparseMatrix: values of shape \(values.shape) for \(pattern.count) entries")
    }
    (self.pattern, self.values) = (pattern, values)
  }

  /// Creates a matrix from coordinates and values in any order. Repeated coordinates stay separate and count as their sum.
  ///
  /// - Parameters:
  ///   - rows: The row of every entry.
  ///   - columns: The column of every entry.
  ///   - values: The value of every entry, `[rows.count]`.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  /// - Throws: ``SparsePatternError`` for an entry outside the matrix, naming it.
  public init(
    rows: IndexArray, columns: IndexArray, values: Variable, rowCount: Int, columnCount: Int
  ) throws(SparsePatternError) {
    let pattern = try SparsePattern(rows: rows, columns: columns, rowCount: rowCount, columnCount: columnCount)
    self.init(pattern, values: values.gatherRows(pattern.order))
  }

  /// Creates a matrix from the entries of a dense one that are not 0.
  ///
  /// - Parameter dense: `[rows, columns]`.
  public init(_ dense: Tensor) {
    require(dense.rank == 2, "SparseMatrix: a matrix has two axes, not \(dense.shape)")
    let scalars = dense.scalars(as: Double.self)
    let stored = scalars.indices.filter { scalars[$0] != 0 }
    let columns = dense.shape[1]
    do {
      let pattern = try SparsePattern(
        rows: IndexArray(stored.map { $0 / columns }), columns: IndexArray(stored.map { $0 % columns }),
        rowCount: dense.shape[0], columnCount: columns)
      self.init(pattern, values: Variable(Tensor(stored.map { scalars[$0] }, dtype: dense.dtype)))
    } catch {
      stop("\(error)")
    }
  }

  /// The number of rows and columns.
  public var shape: Shape { [pattern.rowCount, pattern.columnCount] }

  /// The same entries with other values.
  ///
  /// - Parameter values: `[pattern.count]`.
  /// - Returns: The matrix.
  public func withValues(_ values: Variable) -> SparseMatrix { SparseMatrix(pattern, values: values) }

  /// The matrix with every row divided by its sum; a row whose sum is 0 becomes 0.
  ///
  ///     y[r, c] = s[r, c] / Σ_k s[r, k]
  ///
  /// - Parameter dtype: The element type for a matrix without values.
  /// - Returns: A matrix with the same pattern.
  public func rowNormalized(dtype: DType = .default) -> SparseMatrix {
    let values = values ?? Variable(Tensor(ones: [pattern.count], dtype: dtype))
    let sums = values.scatterSum(to: pattern.rows, count: pattern.rowCount)
    // A sum of 0 is replaced by 1 before the division and its result by 0, so that no gradient is infinite.
    let isZero = Variable(equal(sums.value, 0))
    return withValues(values * ((1 - isZero) / (sums + isZero)).gatherRows(pattern.rows))
  }

  /// The matrix as an ordinary variable; repeated entries are added.
  ///
  /// - Parameter dtype: The element type for a matrix without values.
  /// - Returns: `[rows, columns]`.
  public func dense(dtype: DType = .default) -> Variable {
    let values = values ?? Variable(Tensor(ones: [pattern.count], dtype: dtype))
    let positions = IndexArray(zip(pattern.rows, pattern.columns).map { $0 * pattern.columnCount + $1 })
    let flat = values.scatterSum(to: positions, count: pattern.rowCount * pattern.columnCount)
    return flat.reshaped(to: [pattern.rowCount, pattern.columnCount])
  }
}

/// Returns a sparse matrix with a random part of its stored entries set to 0 and the others scaled up.
///
/// On sparse features this is ordinary dropout at the cost of the stored entries alone, since zeros stay zeros.
///
/// - Parameters:
///   - matrix: A matrix; without values, its entries are ones.
///   - probability: The probability of dropping an entry, in 0 ..< 1.
///   - key: The place in the random sequence.
///   - dtype: The element type for a matrix without values.
/// - Returns: A matrix with the same pattern.
public func dropout(
  _ matrix: SparseMatrix, probability: Double, key: RandomKey, dtype: DType = .default
) -> SparseMatrix {
  let values = matrix.values ?? Variable(Tensor(ones: [matrix.pattern.count], dtype: dtype))
  return matrix.withValues(dropout(values, probability: probability, key: key))
}
