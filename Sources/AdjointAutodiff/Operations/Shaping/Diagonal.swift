extension Variable {
  /// Returns a diagonal of the matrix, or of every matrix of a stack.
  ///
  ///     y[…, i] = x[…, i, i + offset]      x: [..., M, N]   y: [..., the diagonal's length]
  ///     x̄ = ȳ on the diagonal, 0 elsewhere
  ///
  /// - Parameter offset: Which diagonal: 0 the main one, 1 the one above, −1 the one below (from x[1, 0] on).
  /// - Returns: The diagonal; one outside the matrix has no elements.
  /// - Complexity: O(`y.count`) time, O(`x.count`) in the reverse sweep; nothing is kept.
  public func diagonal(offset: Int = 0) -> Variable {
    require(rank >= 2, "diagonal: shape \(shape) has no matrices")
    return selected(StridedView(diagonal: offset, of: shape), "diagonal")
  }

  /// Returns a square matrix with these elements on a diagonal and zeros elsewhere, for every row of a stack.
  ///
  ///     y[…, i, i + offset] = x[…, i]      x: [..., n]   y: [..., n + |offset|, n + |offset|]
  ///     x̄ = the diagonal of ȳ
  ///
  /// - Parameter offset: Which diagonal: 0 the main one, 1 the one above, −1 the one below.
  /// - Returns: The matrix.
  /// - Complexity: O(`y.count`) time; nothing is kept.
  public func diagonalMatrix(offset: Int = 0) -> Variable {
    require(rank >= 1, "diagonalMatrix: a single number has no axis")
    let extent = shape[rank - 1] + Swift.abs(offset)
    let result = Shape(shape.dropLast() + [extent, extent])
    return placed(StridedView(diagonal: offset, of: result), in: result, "diagonalMatrix")
  }

  /// Returns the sum of the main diagonal of the matrix, or of every matrix of a stack.
  ///
  /// - Returns: A variable without the last two axes.
  public func trace() -> Variable { diagonal().sum(along: -1) }
}

extension StridedView {
  fileprivate init(diagonal offset: Int, of shape: Shape) {
    let rows = shape[shape.rank - 2], columns = shape[shape.rank - 1]
    let length = Swift.max(0, offset >= 0 ? Swift.min(rows, columns - offset) : Swift.min(rows + offset, columns))
    let start = offset >= 0 ? offset : -offset * columns
    self.init(
      shape: Shape(shape.dropLast(2) + [length]), strides: shape.strides.dropLast(2) + [columns + 1],
      offset: length == 0 ? 0 : start)
  }
}

extension OperationSample {
  static let diagonal = OperationSample([[2, 3, 4]], yields: [2, 2]) { $0[0].diagonal(offset: -1) }.also(
    on: [[2, 1, 4]], yields: [2, 0]
  ).also(on: [[0, 3, 4]], yields: [0, 2]).also(on: [[2, 1]], yields: [1])
  static let diagonalMatrix = OperationSample([[2, 3]], yields: [2, 4, 4]) { $0[0].diagonalMatrix(offset: 1) }.also(
    on: [[0]], yields: [1, 1]
  ).also(on: [[1]], yields: [2, 2]).also(on: [[0, 3]], yields: [0, 4, 4])
  static let trace = OperationSample([[3, 4]], yields: []) { $0[0].trace() }.varying(3, 4)
}
