/// Returns the inverse of a matrix, or of every matrix of a stack.
///
///     y = A⁻¹      A, y: [..., n, n]
///     Ā = −yᵀ ȳ yᵀ
///
/// To solve equations use ``solve(_:_:)``, which is faster and more accurate.
///
/// - Parameter a: Square matrices. A singular one stops the program with "inverse: matrix [3, 3] is singular: pivot 2 is 0".
/// - Returns: The inverses.
/// - Complexity: O(n³) time for each matrix; keeps the inverses.
/// - SeeAlso: G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th edition, 2013, section 3.4.
public func inverse(_ a: Variable) -> Variable {
  checkSquare(a, operation: "inverse")
  let factors = LUFactors(a.value)
  factors.checkRegular(operation: "inverse")
  let unit = Tensor.eye(a.value.matrixExtent, dtype: a.dtype).broadcast(to: a.shape)
  return record(.inverse, a, value: factors.solve(unit, transposing: false))
}

extension OperationRule {
  static let inverse = OperationRule("inverse", saving: .output) { dy, saved in
    let y = saved.output
    return -AdjointAutodiff.matmul(
      AdjointAutodiff.matmul(y, dy, transposingLeft: true), y, transposingRight: true)
  }
}

extension OperationSample {
  static let inverse = OperationSample([[3, 3]], yields: [3, 3]) { AdjointAutodiff.inverse($0[0].plusDiagonal(2)) }
    .varying(3)
  static let inverseStack = OperationSample("inverse of a stack", [[3, 2, 2]], yields: [3, 2, 2]) {
    AdjointAutodiff.inverse($0[0].plusDiagonal(-2))
  }.varying(3, 2)
}
