/// Returns the Cholesky factor of a symmetric, positive definite matrix, or of every matrix of a stack.
///
///     A = y yᵀ, y lower triangular with a positive diagonal      A, y: [..., n, n]
///     Ā = the symmetric part of y⁻ᵀ Φ(yᵀ ȳ) y⁻¹                  Φ: the lower triangle, with half its diagonal
///
/// The factor is that of the symmetric part (A + Aᵀ) / 2, and the gradient symmetric.
///
/// - Parameter a: Square matrices. One that is not positive definite stops the program with
///   "cholesky: matrix [1] of [2, 3, 3] is not positive definite: pivot 2 is -0.5".
/// - Returns: The factors, with zeros above the diagonal.
/// - Complexity: O(n³) time for each matrix; keeps the factors.
/// - SeeAlso: I. Murray, *Differentiation of the Cholesky decomposition*, arXiv:1602.07527, 2016, equation 10.
public func cholesky(_ a: Variable) -> Variable {
  checkSquare(a, operation: "cholesky")
  let symmetric = a.symmetricPart()
  return record(.cholesky, symmetric, value: symmetric.value.choleskyFactor())
}

extension Variable {
  /// (A + Aᵀ) / 2 of every matrix of the stack.
  func symmetricPart() -> Variable { 0.5 * self + 0.5 * matrixTransposed() }
}

extension OperationRule {
  static let cholesky = OperationRule("cholesky", saving: .output) { dy, saved in choleskyPullback(dy, saved.output) }
}

private func choleskyPullback(_ dy: Variable, _ y: Variable) -> Variable {
  // Only the lower triangle of the factor exists.
  let inner = matmul(y, dy.lowerTriangle(), transposingLeft: true).lowerTriangle()
  let half = inner - 0.5 * inner.diagonal().diagonalMatrix()
  let left = solveTriangular(y, half, transposing: true)
  // X y⁻¹ = (y⁻ᵀ Xᵀ)ᵀ
  return solveTriangular(y, left.matrixTransposed(), transposing: true).symmetricPart()
}

extension OperationSample {
  static let cholesky = OperationSample([[3, 3]], yields: [3, 3]) { AdjointAutodiff.cholesky($0[0].plusDiagonal(3)) }
    .varying(3)
  static let choleskyStack = OperationSample("cholesky of a stack", [[2, 2, 2]], yields: [2, 2, 2]) {
    AdjointAutodiff.cholesky($0[0].plusDiagonal(2))
  }
}
