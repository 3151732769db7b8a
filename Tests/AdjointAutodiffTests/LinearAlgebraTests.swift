import AdjointAutodiff
import Testing

/// A random matrix plus `diagonal` times the unit matrix.
private func matrix(_ n: Int, diagonal: Double = 0, seed: UInt64 = 1, stack: [Int] = []) -> Variable {
  constant(Shape(stack + [n, n]), seed: seed)
    + Variable(Tensor.eye(n, dtype: .float64) * Tensor(diagonal, dtype: .float64))
}

private func unit(_ n: Int) -> Variable { Variable(Tensor.eye(n, dtype: .float64)) }

private func expectClose(
  _ a: Variable, _ b: Variable, within tolerance: Double = 1e-12, at location: SourceLocation = #_sourceLocation
) {
  #expect(a.shape == b.shape, sourceLocation: location)
  #expect(isClose(a.scalars(), b.scalars(), within: tolerance), "\(a), not \(b)", sourceLocation: location)
}

private func gradient(at x: Variable, of function: (Variable) -> Variable) -> Variable {
  let tape = Tape()
  let x = tape.variable(x.value)
  return withDefaultDType(.float64) { function(x).gradients()[x] }
}

@Suite struct `Linear algebra` {
  @Test(arguments: [0, 1, 2, 5, 32, 45]) func `solutions solve their equations`(_ n: Int) {
    let a = matrix(n), b = constant([n, 3], seed: 2)
    expectClose(matmul(a, solve(a, b)), b, within: 1e-10)
    expectClose(matmul(a, inverse(a)), unit(n), within: 1e-10)
    let lower = matrix(n, diagonal: 8).lowerTriangle(), upper = lower.transposed()
    expectClose(matmul(lower, solveTriangular(lower, b)), b)
    expectClose(matmul(upper, solveTriangular(upper, b, upper: true)), b)
    expectClose(matmul(upper, solveTriangular(lower, b, transposing: true)), b)
    expectClose(matmul(lower, solveTriangular(upper, b, upper: true, transposing: true)), b)
    // What lies beyond the triangle is not read.
    expectClose(solveTriangular(lower + constant([n, n]).upperTriangle(offset: 1), b), solveTriangular(lower, b))
  }

  @Test func `stacks are solved one by one, and leading axes broadcast`() {
    let a = matrix(3, diagonal: 2, stack: [2, 1]), b = constant([4, 3, 2], seed: 3)
    let x = solve(a, b)
    #expect(x.shape == [2, 4, 3, 2])
    expectClose(matmul(a, x), b.broadcast(to: [2, 4, 3, 2]))
    expectClose(matmul(a, inverse(a)), unit(3).broadcast(to: [2, 1, 3, 3]))
    #expect(determinant(a).shape == [2, 1])
    #expect(solve(matrix(3), constant([3])).shape == [3])
    #expect(inverse(matrix(3, stack: [0])).shape == [0, 3, 3])
  }

  @Test func `determinants are known`() {
    expectClose(determinant(Variable([[1, 2], [3, 4]]).asDouble), Variable(-2))
    #expect(determinant([[0, 1], [1, 0]]).item() == -1)
    #expect(determinant(Variable(Tensor(zeros: [0, 0]))).item() == 1)
    #expect(determinant([[-3]]).item() == -3)
    #expect(determinant([[1, 2], [2, 4]]).item() == 0)
    expectClose(
      determinant(matmul(matrix(4), matrix(4, seed: 2))), determinant(matrix(4)) * determinant(matrix(4, seed: 2)))
    let (sign, logMagnitude) = logDeterminant(Variable(Tensor([0, 1e200, 1e200, 0], shape: [2, 2], dtype: .float64)))
    #expect(sign.item() == -1)
    expectClose(logMagnitude, log(Variable(Tensor(1e200, dtype: .float64))) * 2)
    #expect(logDeterminant([[1, 2], [2, 4]]).sign.item() == 0)
    #expect(logDeterminant([[1, 2], [2, 4]]).logMagnitude.item() == -.infinity)
    #expect(logDeterminant(Variable(Tensor(zeros: [0, 0]))).logMagnitude.item() == 0)
  }

  @Test func `the gradient of a determinant is its cofactors, in singular matrices too`() {
    let singular = Variable(Tensor([1, 2, 3, 2, 4, 6, 1, 0, 1], shape: [3, 3], dtype: .float64))
    expectClose(
      gradient(at: singular) { determinant($0) },
      Variable(Tensor([4, 4, -4, -2, -2, 2, 0, 0, 0], shape: [3, 3], dtype: .float64)))
    for order in [1, 2] {
      #expect(checkGradients(of: { determinant($0) }, at: singular.value, order: order).passes)
      #expect(checkGradients(of: { determinant($0) }, at: Tensor(zeros: [3, 3]), order: order).passes)
    }
  }

  @Test func `a singular matrix stops no gradient that is not wanted`() {
    let stack = Variable(Tensor([1, 2, 2, 4, 2, 0, 0, 2], shape: [2, 2, 2], dtype: .float64))
    let found = gradient(at: stack) { logDeterminant($0).logMagnitude.rows(1..<2).sum() }
    #expect(found.scalars() == [0, 0, 0, 0, 0.5, 0, 0, 0.5])
  }

  @Test(arguments: [0, 1, 2, 5, 33, 70]) func `a Cholesky factor times its transpose is the matrix`(_ n: Int) {
    let a = matrix(n, diagonal: Double(n) + 2)
    let symmetric = (a + a.transposed()) * 0.5
    let factor = cholesky(a)
    expectClose(matmul(factor, factor, transposingRight: true), symmetric)
    #expect(factor.upperTriangle(offset: 1).scalars(as: Double.self).allSatisfy { $0 == 0 })
    #expect(factor.diagonal().scalars(as: Double.self).allSatisfy { $0 > 0 })
  }

  @Test(arguments: [0, 1, 2, 3, 10, 40]) func `eigenvectors are turned into multiples of themselves`(_ n: Int) {
    let a = matrix(n), symmetric = (a + a.transposed()) * 0.5
    let (values, vectors) = symmetricEigen(a)
    expectClose(matmul(symmetric, vectors), vectors * values.expandedDims(at: 0))
    expectClose(matmul(vectors, vectors, transposingLeft: true), unit(n))
    let sizes: [Double] = values.scalars()
    #expect(sizes == sizes.sorted())
    for column in 0..<n {
      let vector: [Double] = vectors.slice(column..<column + 1, along: 1).scalars()
      #expect((vector.max() ?? 0) >= -(vector.min() ?? 0))
    }
  }

  @Test func `functions of coinciding eigenvalues have their gradients`() {
    // Σ λ² = ‖A‖²: the gradient is 2 A, whatever the eigenvalues.
    let equal = 3 * unit(4), double = Variable(Tensor([2, 1, 1, 1, 2, 1, 1, 1, 2], shape: [3, 3], dtype: .float64))
    for a in [equal, double, 0 * unit(3)] {
      expectClose(gradient(at: a) { square(symmetricEigen($0).values).sum() }, 2 * a)
    }
    // The projection onto the space of the two equal eigenvalues of 1 + J is 1 − J / 3, and d tr(M P) is known by differences.
    let weights = constant([3, 3], seed: 5)
    func projected(_ x: Variable) -> Variable {
      let vectors = symmetricEigen(x).vectors.slice(0..<2, along: 1)
      return (matmul(vectors, vectors, transposingRight: true) * weights).sum()
    }
    #expect(gradient(at: double, of: projected).scalars(as: Double.self).allSatisfy { $0.isFinite })
    #expect(checkGradients(of: projected, at: double.value).passes)
    expectClose(gradient(at: equal) { symmetricEigen($0).values.max() }, unit(4) * 0.25)
  }

  @Test(arguments: [[0, 3], [1, 1], [3, 3], [6, 2], [2, 5], [30, 20]])
  func `singular values and vectors give the matrix`(
    _ shape: [Int]
  ) {
    let a = constant(Shape(shape))
    let (left, values, right) = singularValueDecomposition(a)
    let rank = shape.min() ?? 0
    #expect(left.shape == [shape[0], rank] && values.shape == [rank] && right.shape == [shape[1], rank])
    expectClose(matmul(left * values, right, transposingRight: true), a)
    expectClose(matmul(left, left, transposingLeft: true), unit(rank))
    expectClose(matmul(right, right, transposingLeft: true), unit(rank))
    let sizes: [Double] = values.scalars()
    #expect(sizes == sizes.sorted(by: >) && sizes.allSatisfy { $0 >= 0 })
  }

  @Test func `singular vectors of a matrix of rank one are complete, and gradients finite`() {
    let a = outer(constant([4]), constant([3], seed: 2))
    let (left, values, right) = singularValueDecomposition(a)
    expectClose(matmul(left, left, transposingLeft: true), unit(3))
    expectClose(matmul(right, right, transposingLeft: true), unit(3))
    #expect(values.scalars(as: Double.self).dropFirst().allSatisfy { $0 < 1e-15 })
    let gradients = gradient(at: Variable(Tensor(zeros: [3, 2], dtype: .float64))) {
      let (left, values, right) = singularValueDecomposition($0)
      return left.sum() + values.sum() + right.sum()
    }
    #expect(gradients.scalars(as: Double.self).allSatisfy { $0.isFinite })
  }

  @Test func `sizes at the ends of the range do no harm`() {
    for scale in [1e-300, 1e300] {
      let a = matrix(3) * Variable(scale)
      expectClose(symmetricEigen(a).values / Variable(scale), symmetricEigen(matrix(3)).values)
      expectClose(singularValueDecomposition(a).values / Variable(scale), singularValueDecomposition(matrix(3)).values)
    }
  }
}

extension Variable {
  fileprivate var asDouble: Variable { Variable(value.converted(to: .float64)) }
}
