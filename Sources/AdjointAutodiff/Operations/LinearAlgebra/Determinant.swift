/// Returns the determinant of a matrix, or of every matrix of a stack.
///
///     y = det A           A: [..., n, n]   y: [...]
///     Ā = ȳ det(A) A⁻ᵀ    (the cofactors)
///
/// The determinant is a polynomial, and differentiable where the matrix is singular, too: there it is computed without any division,
/// so that gradients of every order are right. The determinant of a matrix without rows is 1.
///
/// - Parameter a: Square matrices; other shapes stop the program.
/// - Returns: The determinants. For large matrices, ``logDeterminant(_:)`` does not leave the range of the element type.
/// - Complexity: O(n³) time for each matrix, O(n⁴) for all if any is singular; keeps the matrices.
/// - SeeAlso: R. S. Bird, *A simple division-free algorithm for computing determinants*, Information Processing Letters 111,
///   2011.
public func determinant(_ a: Variable) -> Variable {
  checkSquare(a, operation: "determinant")
  let factors = LUFactors(a.value)
  if a.isRecorded && factors.singular.contains(where: { $0 >= 0 }) { return divisionFreeDeterminant(a) }
  let signs = Tensor(factors.signs.map(Double.init), shape: Shape(a.shape.dropLast(2)), dtype: a.dtype)
  let value = Variable(factors.factors).diagonal().product(along: -1).value * signs
  return record(
    "determinant", a, value: value, saving: [.input0, .output],
    unary: { dy, saved in
      let weights = multiplyOrZero(dy, saved.output).expandedDims(at: -1).expandedDims(at: -1)
      return multiplyOrZero(weights, inverse(saved[0]).matrixTransposed())
    })
}

/// Bird's algorithm: X ← μ(X) A, n − 1 times from X = A on, where μ keeps what is above the diagonal and puts minus the sum of the
/// later diagonal elements on it; ± the first element of the last X is the determinant.
private func divisionFreeDeterminant(_ a: Variable) -> Variable {
  let n = a.value.matrixExtent
  var x = a
  for _ in 1..<n {
    let diagonal = x.diagonal()
    let later = diagonal.cumulativeSum(along: -1, reversed: true) - diagonal
    x = matmul(x.upperTriangle(offset: 1) - later.diagonalMatrix(), a)
  }
  let first = x.slice(0..<1, along: -1).slice(0..<1, along: -2).squeezed(along: [-2, -1])
  return n % 2 == 1 ? first : -first
}

/// Returns the logarithm of the absolute value of the determinant of a matrix, or of every matrix of a stack, and its sign.
///
///     y = log |det A|      A: [..., n, n]   y, sign: [...]
///     Ā = ȳ A⁻ᵀ
///
/// A singular matrix has the sign 0 and the value −∞, and no gradient: a sweep in which its upstream gradient is not 0 stops
/// the program. A matrix without rows has the determinant 1.
///
/// - Parameter a: Square matrices; other shapes stop the program.
/// - Returns: The sign of the determinant, 1, −1 or 0, and the logarithm of its absolute value.
/// - Complexity: O(n³) time for each matrix; keeps the matrices.
public func logDeterminant(_ a: Variable) -> (sign: Tensor, logMagnitude: Variable) {
  checkSquare(a, operation: "logDeterminant")
  let factors = LUFactors(a.value), shape = Shape(a.shape.dropLast(2))
  let pivots = Variable(factors.factors).diagonal().value
  let signs =
    Variable(sign(pivots)).product(along: -1).value
    * Tensor(
      factors.signs.map(Double.init), shape: shape, dtype: a.dtype)
  let value = log(abs(pivots)).sum(along: [-1])
  let result = record(
    "logDeterminant", a, value: value, saving: .input0,
    unary: { dy, saved in
      for (matrix, pivot) in factors.singular.enumerated() where pivot >= 0 && dy.value.element(at: matrix) != 0 {
        stop(
          "logDeterminant: matrix \(saved[0].value.matrixName(matrix)) is singular and has no gradient: pivot \(pivot) is 0"
        )
      }
      let column = dy.expandedDims(at: -1).expandedDims(at: -1)
      // A singular matrix whose gradient does not matter makes way for the unit matrix.
      let isSingular = Tensor(factors.singular.map { $0 >= 0 ? 1 : 0 }, shape: column.shape, dtype: dy.dtype)
      let regular =
        factors.singular.allSatisfy { $0 < 0 }
        ? saved[0]
        : select(
          where: isSingular, Variable(Tensor.eye(saved[0].value.matrixExtent, dtype: dy.dtype)), else: saved[0])
      return multiplyOrZero(column, inverse(regular).matrixTransposed())
    })
  return (signs, result)
}

extension OperationSample {
  static let determinant = OperationSample([[3, 3]], yields: []) { AdjointAutodiff.determinant($0[0].plusDiagonal(1)) }
    .varying(3)
  static let determinantStack = OperationSample("determinant of a stack", [[2, 2, 2]], yields: [2]) {
    AdjointAutodiff.determinant($0[0].plusDiagonal(1))
  }.also(on: [[0, 2, 2]], yields: [0])
  static let divisionFreeDeterminant = OperationSample("determinant without divisions", [[3, 3]], yields: []) {
    AdjointAutodiff.divisionFreeDeterminant($0[0])
  }.varying(3, from: 1)
  static let logDeterminant = OperationSample([[3, 3]], yields: []) {
    AdjointAutodiff.logDeterminant($0[0].plusDiagonal(-2)).logMagnitude
  }.varying(3)
}
