/// Returns the singular value decomposition of a matrix, or of every matrix of a stack.
///
///     A = U diag(s) Vᵀ, Uᵀ U = Vᵀ V = 1      A: [..., m, n]   U: [..., m, k]   s: [..., k]   V: [..., n, k]   k = min(m, n)
///     Ā = U (diag(s̄) + (F ∘ (Uᵀ Ū − Ūᵀ U)) S + S (F ∘ (Vᵀ V̄ − V̄ᵀ V))) Vᵀ
///         + (1 − U Uᵀ) Ū S⁻¹ Vᵀ + U S⁻¹ V̄ᵀ (1 − V Vᵀ)      F[i, j] = 1 / (s[j]² − s[i]²)
///
/// Column j of U and of V belongs to value j. Of the elements of the longer of the two vectors that are largest in absolute value the first
/// is positive. The vectors of values that are 0 are completed to orthonormal ones.
///
/// Where values coincide (within k ε max s) F is 0, and where they are 0 so is S⁻¹: first derivatives are finite everywhere, and right
/// for what treats coinciding values alike, such as the sum of the values.
///
/// - Parameter a: Matrices; fewer axes stop the program, and so do NaN and ∞.
/// - Returns: The left vectors as columns, the values in descending order, and the right vectors as columns.
/// - Complexity: O(m n k) time for each of a few sweeps; keeps all three results.
/// - SeeAlso: J. Townsend, *Differentiating the singular value decomposition*, 2016, section 1.1.
public func singularValueDecomposition(_ a: Variable) -> (left: Variable, values: Variable, right: Variable) {
  require(a.rank >= 2, "singularValueDecomposition: \(a.label) is no stack of matrices")
  let (m, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1])
  let all = record(.singularValueDecomposition, a, value: a.value.singularValues())
  return (
    all.slice(0..<m, along: -2), all.slice(m..<m + 1, along: -2).squeezed(along: -2),
    all.slice(m + 1..<m + 1 + n, along: -2)
  )
}

extension OperationRule {
  static let singularValueDecomposition = OperationRule("singularValueDecomposition", saving: .output) { dy, saved in
    singularValuesPullback(dy, saved.output, shape: saved.shape(of: 0))
  }
}

private func singularValuesPullback(_ dy: Variable, _ y: Variable, shape: Shape) -> Variable {
  let (m, n) = (shape[shape.rank - 2], shape[shape.rank - 1])
  func parts(_ x: Variable) -> (u: Variable, s: Variable, v: Variable) {
    (x.slice(0..<m, along: -2), x.slice(m..<m + 1, along: -2), x.slice(m + 1..<m + 1 + n, along: -2))
  }
  let (u, s, v) = parts(y), (du, ds, dv) = parts(dy)
  let gaps = reciprocalGaps(square(s), s.value)
  func turned(_ x: Variable, _ dx: Variable) -> Variable {
    let product = matmul(x, dx, transposingLeft: true)
    return gaps * (product - product.matrixTransposed())
  }
  // A row scales the columns of what is left of it, a column the rows of what is right of it.
  let column = s.matrixTransposed()
  let inner = ds.squeezed(along: -2).diagonalMatrix() + turned(u, du) * s + column * turned(v, dv)
  let core = matmul(matmul(u, inner), v, transposingRight: true)
  let isZero = Variable(equal(s.value, 0))
  let inverse = (1 - isZero) / (s + isZero)
  /// (1 − x xᵀ) dx S⁻¹
  func beyond(_ x: Variable, _ dx: Variable) -> Variable {
    (dx - matmul(x, matmul(x, dx, transposingLeft: true))) * inverse
  }
  if m > n { return core + matmul(beyond(u, du), v, transposingRight: true) }
  return m < n ? core + matmul(u, beyond(v, dv), transposingRight: true) : core
}

extension OperationSample {
  static let singularValueDecomposition = OperationSample([[3, 2]], yields: [3, 2]) {
    let (m, n) = ($0[0].shape[0], $0[0].shape[1])
    let below = Tensor(zeros: [m - n, n], dtype: $0[0].dtype)
    let (left, values, right) = AdjointAutodiff.singularValueDecomposition(
      $0[0] + Variable(AdjointTensors.concatenate([apart(n, $0[0].dtype), below], along: 0)))
    return left * values * right.sum()
  }.varying(2)
  static let singularValuesWide = OperationSample("singularValueDecomposition, wide", [[2, 2, 3]], yields: [2, 3, 2]) {
    let beside = Tensor(zeros: [2, 1], dtype: $0[0].dtype)
    return AdjointAutodiff.singularValueDecomposition(
      $0[0] + Variable(AdjointTensors.concatenate([apart(2, $0[0].dtype), beside], along: 1))
    ).right
  }.also(on: [[0, 2, 3]], yields: [0, 3, 2])
}
