/// Returns the solution of a system of linear equations whose matrix is a triangle, or of a stack of systems.
///
///     y = T⁻¹ b      T: a triangle of a: [..., n, n]   b, y: [..., n, m], or [n] for a single right-hand side
///     b̄ = T⁻ᵀ ȳ, ā = −b̄ yᵀ within the triangle, 0 beyond
///
/// What lies beyond the triangle is not read. Leading axes broadcast.
///
/// - Parameters:
///   - a: Square matrices. A diagonal element that is 0 stops the program and is named.
///   - b: The right-hand sides; a variable with one axis is a single one. Shapes that do not fit stop the program.
///   - upper: Whether the upper triangle is meant instead of the lower one.
///   - transposing: Whether the triangle is transposed first: T is then the transpose of the upper or lower triangle of `a`.
/// - Returns: The solutions, in the shape of the right-hand sides.
/// - Complexity: O(n² m) time for each system; keeps the matrix and the solution.
/// - SeeAlso: G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th edition, 2013, section 3.1.
public func solveTriangular(
  _ a: Variable, _ b: Variable, upper: Bool = false, transposing: Bool = false
) -> Variable {
  checkSquare(a, operation: "solveTriangular")
  let (a, columns) = checkedSides(a, b, operation: "solveTriangular")
  a.value.checkDiagonal()
  let result = triangularSolution(a, columns, upper: upper, transposing: transposing)
  return b.rank == 1 ? result.squeezed(along: -1) : result
}

private func triangularSolution(_ a: Variable, _ b: Variable, upper: Bool, transposing: Bool) -> Variable {
  let triangles = transposing ? a.value.matrixTransposed() : a.value
  let value = triangles.solvingTriangle(b.value, upper: upper != transposing)
  return record("solveTriangular", a, b, value: value, saving: [.input0, .output]) { dy, saved in
    let db = triangularSolution(saved[0], dy, upper: upper, transposing: !transposing)
    guard saved.needsGradient(0) else { return [nil, db] }
    let (left, right) = transposing ? (saved.output, db) : (db, saved.output)
    let da = -matmul(left, right, transposingRight: true)
    return [upper ? da.upperTriangle() : da.lowerTriangle(), saved.needsGradient(1) ? db : nil]
  }
}

extension Tensor {
  /// Stops the program at the first diagonal element that is 0.
  fileprivate func checkDiagonal() {
    let n = matrixExtent
    for row in 0..<matrixCount * n where element(at: row * n + row % n) == 0 {
      stop("solveTriangular: matrix \(matrixName(row / n)) is singular: element \(row % n) of its diagonal is 0")
    }
  }
}

extension OperationSample {
  static let solveTriangular = OperationSample([[3, 3], [3, 2]], yields: [3, 2]) {
    AdjointAutodiff.solveTriangular($0[0].plusDiagonal(2), $0[1])
  }.varying(3, 2)
  static let solveTriangularUpper = OperationSample(
    "solveTriangular, upper and transposed", [[2, 3, 3], [3, 1]], yields: [2, 3, 1]
  ) {
    AdjointAutodiff.solveTriangular($0[0].plusDiagonal(2), $0[1], upper: true)
      + AdjointAutodiff.solveTriangular($0[0].plusDiagonal(2), $0[1], upper: true, transposing: true)
  }
  static let solveTriangularTransposed = OperationSample(
    "solveTriangular, transposed", [[3, 3], [3]], yields: [3]
  ) {
    AdjointAutodiff.solveTriangular($0[0].plusDiagonal(2), $0[1], transposing: true)
  }.varying(3)
}
