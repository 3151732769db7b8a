/// Returns the solution of a system of linear equations, or of a stack of systems.
///
///     y = A⁻¹ b, so that A y = b      A: [..., n, n]   b, y: [..., n, m], or [n] for a single right-hand side
///     b̄ = A⁻ᵀ ȳ, Ā = −b̄ yᵀ
///
/// The matrix is factored once (LU with partial pivoting), for the reverse sweep too. Leading axes broadcast. A system without
/// equations has a solution without elements.
///
/// - Parameters:
///   - a: Square matrices. A singular one stops the program with "solve: matrix [1] of [2, 3, 3] is singular: pivot 2 is 0";
///     one that is nearly singular gives what rounding makes of it.
///   - b: The right-hand sides; a variable with one axis is a single one. Shapes that do not fit stop the program.
/// - Returns: The solutions, in the shape of the right-hand sides.
/// - Complexity: O(n³ + n² m) time for each system; keeps the matrix, its factors and the solution.
/// - SeeAlso: G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th edition, 2013, section 3.4.
public func solve(_ a: Variable, _ b: Variable) -> Variable {
  checkSquare(a, operation: "solve")
  let (a, columns) = checkedSides(a, b, operation: "solve")
  let factors = LUFactors(a.value)
  factors.checkRegular(operation: "solve")
  let result = solve(a, columns, factors, transposing: false)
  return b.rank == 1 ? result.squeezed(along: -1) : result
}

/// A⁻¹ b, or A⁻ᵀ b, by factors of A that are there already.
private func solve(_ a: Variable, _ b: Variable, _ factors: LUFactors, transposing: Bool) -> Variable {
  let value = factors.solve(b.value, transposing: transposing)
  return record("solve", a, b, value: value, saving: [.input0, .output]) { dy, saved in
    let db = solve(saved[0], dy, factors, transposing: !transposing)
    guard saved.needsGradient(0) else { return [nil, db] }
    let y = saved.output
    return [
      transposing ? -matmul(y, db, transposingRight: true) : -matmul(db, y, transposingRight: true),
      saved.needsGradient(1) ? db : nil,
    ]
  }
}

/// Stops the program unless the last two axes are those of square matrices.
func checkSquare(_ a: Variable, operation: String) {
  require(
    a.rank >= 2 && a.shape[a.rank - 1] == a.shape[a.rank - 2], "\(operation): \(a.label) is no stack of square matrices"
  )
}

/// The operands of an equation with leading axes that are the same, a vector as a column.
func checkedSides(_ a: Variable, _ b: Variable, operation: String) -> (a: Variable, b: Variable) {
  require(a.dtype == b.dtype, "\(operation): element types differ: \(a.dtype) \(a.shape) and \(b.dtype) \(b.shape)")
  let n = a.shape[a.rank - 1]
  require(
    b.rank == 1 ? b.shape[0] == n && a.rank == 2 : b.rank >= 2 && b.shape[b.rank - 2] == n,
    "\(operation): \(b.label) does not fit \(a.label): a right-hand side has \(n) rows")
  let columns = b.rank == 1 ? b.expandedDims(at: 1) : b
  let leading = broadcastShape(
    Shape(a.shape.dropLast(2)), Shape(columns.shape.dropLast(2)), operation: operation)
  return (
    a.broadcast(to: Shape(leading + a.shape.suffix(2))), columns.broadcast(to: Shape(leading + columns.shape.suffix(2)))
  )
}

extension Variable {
  /// The matrix, or every matrix of a stack, with its rows as columns.
  func matrixTransposed() -> Variable { transposed(Array(0..<rank - 2) + [rank - 1, rank - 2]) }

  /// A random matrix plus n times the unit matrix: regular, and well so.
  func plusDiagonal(_ weight: Double) -> Variable {
    self + Variable(Tensor.eye(shape[rank - 1], dtype: dtype)) * Variable(weight)
  }
}

extension OperationSample {
  static let solve = OperationSample([[3, 3], [3, 2]], yields: [3, 2]) {
    AdjointAutodiff.solve($0[0].plusDiagonal(2), $0[1])
  }.varying(3, 2)
  static let solveVector = OperationSample("solve for a vector", [[3, 3], [3]], yields: [3]) {
    AdjointAutodiff.solve($0[0].plusDiagonal(-2), $0[1])
  }.varying(3)
  static let solveStack = OperationSample("solve for a stack", [[2, 1, 2, 2], [3, 2, 1]], yields: [2, 3, 2, 1]) {
    AdjointAutodiff.solve($0[0].plusDiagonal(2), $0[1])
  }
}
