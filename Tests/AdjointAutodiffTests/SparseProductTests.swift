import AdjointAutodiff
import Testing

@Suite struct `The product of two sparse matrices` {
  @Test func `is that of the dense ones`() {
    let a: Tensor = [[0, 1, 0, 2], [0, 0, 0, 0], [3, 0, -4, 0]]
    let b: Tensor = [[1, 0, 2], [0, 0, 0], [5, 1, 0], [0, 0, 7]]
    let product = matmul(SparseMatrix(a), SparseMatrix(b))
    #expect(product.dense().value == matmul(a, b))
    #expect(product.shape == [3, 3])
    #expect(product.pattern.rows == [0, 2, 2, 2] && product.pattern.columns == [2, 0, 1, 2])
  }

  @Test func `adds repeated entries and keeps what cancels`() throws {
    let a = try SparseMatrix(rows: [0, 0, 1], columns: [1, 1, 0], values: [2, 3, 1], rowCount: 2, columnCount: 2)
    let b = try SparseMatrix(rows: [1, 0, 0], columns: [0, 1, 1], values: [4, 1, -1], rowCount: 2, columnCount: 2)
    let product = matmul(a, b)
    #expect(product.pattern.count == 2)
    #expect(product.values?.value == [20, 0])
  }

  @Test func `without values counts the paths`() throws {
    let cycle = try SparsePattern(rows: [0, 1, 2, 0], columns: [1, 2, 0, 2], rowCount: 3, columnCount: 3)
    let paths = matmul(SparseMatrix(cycle), SparseMatrix(cycle))
    #expect(paths.dense().value == [[1, 0, 1], [1, 0, 0], [0, 1, 1]])
    #expect(matmul(SparseMatrix(cycle), SparseMatrix(cycle), dtype: .float64).values?.dtype == .float64)
  }

  @Test func `may be empty`() throws {
    let none = try SparsePattern(rows: [], columns: [], rowCount: 2, columnCount: 0)
    let other = try SparsePattern(rows: [], columns: [], rowCount: 0, columnCount: 3)
    let product = matmul(SparseMatrix(none), SparseMatrix(other))
    #expect(product.shape == [2, 3] && product.pattern.count == 0)
    #expect(product.dense().value == Tensor(zeros: [2, 3]))
  }

  @Test func `uses a plan again, and refuses that of others`() async throws {
    let a = SparseMatrix([[0, 1], [2, 3]]), b = SparseMatrix([[1, 1], [0, 2]])
    let plan = SparseProduct(a.pattern, b.pattern)
    #expect(matmul(a, b, on: plan).dense().value == [[0, 2], [2, 8]])
    #expect(matmul(a, b.withValues([1, 0, 1]), on: plan).dense().value == [[0, 1], [2, 3]])
    expectStop(
      "matmul: the sparse product was made for other patterns than those of the matrices",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let a = SparseMatrix([[0, 1], [2, 3]]), b = SparseMatrix([[1, 1], [0, 2]])
        _ = matmul(b, a, on: SparseProduct(a.pattern, b.pattern))
      })
  }

  @Test func `of a long chain has gradients of every order`() {
    let a = SparseMatrix([[0, 1], [2, 3]])
    func traceOfCube(_ values: Variable) -> Variable {
      let matrix = a.withValues(values)
      return matmul(matmul(matrix, matrix), matrix).dense(dtype: .float64).trace()
    }
    for order in [1, 2] { #expect(checkGradients(of: traceOfCube, at: [0.5, -1, 2], order: order).passes) }
  }

  @Test func `does not fit every other`() async {
    expectStop(
      "matmul: inner extents differ: sparse [1, 2] × sparse [1, 2]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = matmul(SparseMatrix([[1, 2]]), SparseMatrix([[1, 2]]))
      })
    expectStop(
      "SparseProduct: inner extents differ: sparse [1, 2] × sparse [1, 2]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = SparseProduct(SparseMatrix([[1, 2]]).pattern, SparseMatrix([[1, 2]]).pattern)
      })
    expectStop(
      "matmul: element types differ: sparse float32 [1, 1] and sparse float64 [1, 1]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = matmul(SparseMatrix([[1]]), SparseMatrix(Tensor([2], shape: [1, 1], dtype: .float64)))
      })
  }
}
