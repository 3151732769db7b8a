import AdjointKernels

/// The factors of every matrix of a stack: P A = L U, with partial pivoting.
package struct LUFactors: Sendable {
  /// U on and above the diagonal, L below: `[..., n, n]`.
  package let factors: Tensor
  /// For every row of L U, the row of A that it is.
  private let permutation: [Int32]
  /// The sign of every matrix's permutation.
  package let signs: [Int]
  /// For every matrix, the position of the first pivot that is 0; −1 if none is.
  package let singular: [Int]

  package init(_ a: Tensor) {
    let n = a.matrixExtent, batch = a.matrixCount
    var permutation = [Int32](repeating: 0, count: batch * n)
    var signs = [Int32](repeating: 1, count: batch), singular = [Int32](repeating: -1, count: batch)
    factors = a.worked { adjoint_lu(a.dtype.kernel, batch, n, $0, &permutation, &signs, &singular) }
    self.permutation = permutation
    self.signs = signs.map(Int.init)
    self.singular = singular.map(Int.init)
  }

  /// Stops the program at the first matrix that is singular.
  package func checkRegular(operation: String) {
    guard let matrix = singular.firstIndex(where: { $0 >= 0 }) else { return }
    stop("\(operation): matrix \(factors.matrixName(matrix)) is singular: pivot \(singular[matrix]) is 0")
  }

  /// A⁻¹ b, or A⁻ᵀ b, for `[..., n, m]` with the same leading axes.
  package func solve(_ b: Tensor, transposing: Bool) -> Tensor {
    if transposing {
      // Aᵀ = Uᵀ Lᵀ P: what is upper in the factors is lower in their transpose.
      let transposed = factors.matrixTransposed()
      let x = transposed.solvingTriangle(transposed.solvingTriangle(b, upper: false), upper: true, unit: true)
      return x.withPermutedRows(permutation, inverse: true)
    }
    let y = factors.solvingTriangle(b.withPermutedRows(permutation, inverse: false), upper: false, unit: true)
    return factors.solvingTriangle(y, upper: true)
  }
}

extension Tensor {
  /// The number of rows of the matrices of a stack `[..., n, n]`.
  package var matrixExtent: Int { shape[rank - 1] }

  /// The number of matrices of a stack.
  package var matrixCount: Int { shape.dropLast(2).reduce(1, *) }

  /// Where a matrix stands in its stack, for messages: `[0, 2]`; nothing for a single matrix.
  package func matrixName(_ matrix: Int) -> String {
    if rank == 2 { return "\(shape)" }
    var rest = matrix, position: [Int] = []
    for extent in shape.dropLast(2).reversed() {
      position.insert(rest % extent, at: 0)
      rest /= extent
    }
    return "\(position) of \(shape)"
  }

  /// A copy that `body` works on in place.
  fileprivate func worked(_ body: (UnsafeMutableRawPointer) -> Void) -> Tensor {
    var result = copied()
    body(result.uniquePointer())
    return result
  }

  /// Every matrix of the stack transposed.
  package func matrixTransposed() -> Tensor { transposed(Array(0..<rank - 2) + [rank - 1, rank - 2]) }

  /// The lower factor of every matrix of a stack, of which the lower triangle is read.
  package func choleskyFactor() -> Tensor {
    let n = matrixExtent, batch = matrixCount
    var failures = [Int32](repeating: -1, count: batch)
    let result = worked { adjoint_cholesky(dtype.kernel, batch, n, $0, &failures) }
    if let matrix = failures.firstIndex(where: { $0 >= 0 }) {
      let pivot = Int(failures[matrix])
      stop(
        "cholesky: matrix \(matrixName(matrix)) is not positive definite: pivot \(pivot) is "
          + "\(result.element(at: (matrix * n + pivot) * n + pivot))")
    }
    return result
  }

  /// T⁻¹ b for the upper or lower triangles T of this stack `[..., n, n]` and b: `[..., n, m]` with the same leading axes.
  package func solvingTriangle(_ b: Tensor, upper: Bool, unit: Bool = false) -> Tensor {
    let triangles = pointer
    return b.worked {
      adjoint_triangular_solve(dtype.kernel, upper, unit, matrixCount, matrixExtent, b.shape[rank - 1], triangles, $0)
    }
  }

  /// The eigenvalues of every symmetric matrix of a stack in a row of their own, above the eigenvectors, one in each column:
  /// `[..., 1 + n, n]`.
  package func symmetricEigen() -> Tensor {
    let n = matrixExtent, batch = matrixCount
    var failures = [Int32](repeating: 0, count: batch)
    var values = Tensor(uninitialized: Shape(shape.dropLast(2) + [1, n]), dtype: dtype)
    let place = values.uniquePointer()
    let vectors = worked { adjoint_symmetric_eigen(dtype.kernel, batch, n, $0, place, &failures) }
    if let matrix = failures.firstIndex(where: { $0 != 0 }) {
      stop("symmetricEigen: matrix \(matrixName(matrix)) holds NaN or ∞")
    }
    return concatenate([values, vectors.matrixTransposed()], along: -2)
  }

  /// The singular values of every matrix of a stack `[..., m, n]` in a row between the left singular vectors and the right ones,
  /// one in each column: `[..., m + 1 + n, k]` with k = min(m, n).
  package func singularValues() -> Tensor {
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    let isWide = m <= n, (least, most) = (Swift.min(m, n), Swift.max(m, n)), batch = matrixCount
    let leading = shape.dropLast(2)
    var failures = [Int32](repeating: 0, count: batch)
    var values = Tensor(uninitialized: Shape(leading + [1, least]), dtype: dtype)
    var short = Tensor(uninitialized: Shape(leading + [least, least]), dtype: dtype)
    let (valuesPointer, shortPointer) = (values.uniquePointer(), short.uniquePointer())
    let long = (isWide ? self : matrixTransposed()).worked {
      adjoint_singular_values(dtype.kernel, batch, least, most, $0, valuesPointer, shortPointer, &failures)
    }
    if let matrix = failures.firstIndex(where: { $0 != 0 }) {
      stop("singularValueDecomposition: matrix \(matrixName(matrix)) holds NaN or ∞")
    }
    let (left, right) = isWide ? (short, long) : (long, short)
    return concatenate([left.matrixTransposed(), values, right.matrixTransposed()], along: -2)
  }

  /// Row i of every matrix of the stack is row permutation[i] of this one's; with `inverse`, the other way round.
  fileprivate func withPermutedRows(_ permutation: [Int32], inverse: Bool) -> Tensor {
    let n = shape[rank - 2], width = shape[rank - 1]
    let rows = IndexArray(count: permutation.count) { result in
      for (i, row) in permutation.enumerated() {
        let first = i / n * n
        if inverse { result[first + Int(row)] = Int32(i) } else { result[i] = Int32(first) + row }
      }
    }
    return viewed(as: [permutation.count, width]).gatherRows(rows).viewed(as: shape)
  }
}
