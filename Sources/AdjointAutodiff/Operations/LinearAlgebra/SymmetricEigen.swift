/// Returns the eigenvalues and eigenvectors of a symmetric matrix, or of every matrix of a stack.
///
///     A V = V diag(λ), Vᵀ V = 1                        A, V: [..., n, n]   λ: [..., n]
///     Ā = V (diag(λ̄) + F ∘ Vᵀ V̄) Vᵀ, symmetric part    F[i, j] = 1 / (λ[j] − λ[i])
///
/// The decomposition is that of the symmetric part (A + Aᵀ) / 2, and the gradient symmetric. Column j of the vectors belongs to
/// value j; of its elements that are largest in absolute value the first is positive.
///
/// Where eigenvalues coincide (within n ε max |λ|), their vectors may be turned into each other and have no derivative: F is 0 there.
/// First derivatives are then finite, and right for what treats the coinciding values alike, such as Σ λ² or max λ
/// shared among ties, and the projection onto their common space. What weighs the vectors of one space by a function of their own
/// values, V diag(f(λ)) Vᵀ, lacks the terms with f′ there, and so do second derivatives.
///
/// - Parameter a: Square matrices; other shapes stop the program, and so do NaN and ∞.
/// - Returns: The values in ascending order, and the vectors as columns.
/// - Complexity: O(n³) time for each matrix; keeps both results.
/// - SeeAlso: M. B. Giles, *An extended collection of matrix derivative results for forward and reverse mode algorithmic
///   differentiation*, Oxford University 08/01, 2008, section 3.1.
public func symmetricEigen(_ a: Variable) -> (values: Variable, vectors: Variable) {
  checkSquare(a, operation: "symmetricEigen")
  let symmetric = a.symmetricPart(), n = a.value.matrixExtent
  let both = record(.symmetricEigen, symmetric, value: symmetric.value.symmetricEigen())
  return (both.slice(0..<1, along: -2).squeezed(along: -2), both.slice(1..<1 + n, along: -2))
}

extension OperationRule {
  static let symmetricEigen = OperationRule("symmetricEigen", saving: .output) { dy, saved in
    symmetricEigenPullback(dy, saved.output)
  }
}

private func symmetricEigenPullback(_ dy: Variable, _ y: Variable) -> Variable {
  let n = y.shape[y.rank - 1]
  let values = y.slice(0..<1, along: -2), vectors = y.slice(1..<1 + n, along: -2)
  let turned = matmul(vectors, dy.slice(1..<1 + n, along: -2), transposingLeft: true)
  let diagonal = dy.slice(0..<1, along: -2).squeezed(along: -2).diagonalMatrix()
  let inner = diagonal + reciprocalGaps(values, values.value) * turned
  return matmul(matmul(vectors, inner), vectors, transposingRight: true).symmetricPart()
}

/// 1 / (x[j] − x[i]) for every pair of a row `[..., 1, n]`, and 0 where `sizes`, which x is a function of, coincide.
func reciprocalGaps(_ x: Variable, _ sizes: Tensor) -> Variable {
  let n = x.shape[x.rank - 1]
  guard n > 0 else { return Variable(Tensor(zeros: Shape(x.shape.dropLast(2) + [n, n]), dtype: x.dtype)) }
  let limit = abs(sizes).max(along: [-1], keepingAxes: true) * Tensor(Double(n) * x.dtype.ulpOfOne, dtype: x.dtype)
  let isApart = Variable(greater(abs(sizes - sizes.matrixTransposed()), limit))
  return isApart / (isApart * (x - x.matrixTransposed()) + (1 - isApart))
}

extension OperationSample {
  static let symmetricEigen = OperationSample([[3, 3]], yields: [3, 3]) {
    let (values, vectors) = AdjointAutodiff.symmetricEigen($0[0] + Variable(apart($0[0].shape[0], $0[0].dtype)))
    return vectors * values.expandedDims(at: 0)
  }.varying(3)
  static let symmetricEigenStack = OperationSample("symmetricEigen of a stack", [[2, 2, 2]], yields: [2, 2]) {
    AdjointAutodiff.symmetricEigen($0[0] + Variable(apart(2, $0[0].dtype))).values
  }.also(on: [[0, 2, 2]], yields: [0, 2])

  /// A diagonal that keeps eigenvalues apart, and singular values of what it is added to.
  static func apart(_ n: Int, _ dtype: DType) -> Tensor {
    Tensor.eye(n, dtype: dtype) * Tensor((0..<n).map { 4 * Double($0) + 2 }, dtype: dtype)
  }
}
