import AdjointAutodiff
import Testing

@Suite struct `A row-normalised sparse matrix` {
  @Test func `has rows that sum to 1; a row that sums to 0 becomes 0`() throws {
    let rows: IndexArray = [0, 0, 2, 3, 3], columns: IndexArray = [0, 2, 1, 0, 1]
    let matrix = try SparseMatrix(rows: rows, columns: columns, values: [1, 3, 5, 2, -2], rowCount: 4, columnCount: 3)
    #expect(matrix.rowNormalized().dense().value == [[0.25, 0, 0.75], [0, 0, 0], [0, 1, 0], [0, 0, 0]])
    let ones = SparseMatrix(matrix.pattern).rowNormalized(dtype: .float64)
    #expect(
      ones.dense().value == Tensor([0.5, 0, 0.5, 0, 0, 0, 0, 1, 0, 0.5, 0.5, 0], shape: [4, 3], dtype: .float64))
  }

  @Test(arguments: [1, 2]) func `passes gradients to its values`(order: Int) throws {
    let pattern = try SparsePattern(rows: [0, 0, 2], columns: [0, 2, 1], rowCount: 3, columnCount: 3)
    let check = checkGradients(
      of: { SparseMatrix(pattern, values: $0).rowNormalized().dense() }, at: [1, 3, 2], order: order)
    #expect(check.passes, "\(check)")
  }
}
