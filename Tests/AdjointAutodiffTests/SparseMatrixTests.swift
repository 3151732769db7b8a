import AdjointAutodiff
import Testing

@Suite struct `Sparse matrices` {
  let dense: Tensor = [[0, 1, 0, 2], [0, 0, 0, 0], [3, 0, -4, 0]]

  @Test func `hold the entries of a dense one that are not 0`() {
    let matrix = SparseMatrix(dense)
    #expect(matrix.shape == [3, 4] && matrix.pattern.count == 4)
    #expect(matrix.values?.value == [1, 2, 3, -4])
    #expect(matrix.dense().value == dense)
    #expect(SparseMatrix(Tensor(zeros: [0, 3])).shape == [0, 3])
    #expect(SparseMatrix(Tensor(zeros: [2, 3])).dense().value == Tensor(zeros: [2, 3]))
  }

  @Test func `take their entries in any order and add up repeated ones`() throws {
    let matrix = try SparseMatrix(
      rows: [2, 0, 2, 0, 2], columns: [2, 3, 0, 1, 2], values: [-5, 2, 3, 1, 1], rowCount: 3, columnCount: 4)
    #expect(matrix.dense().value == dense)
    let x: Tensor = [[1, 2], [3, 4], [5, 6], [7, 8]]
    #expect(matmul(matrix, Variable(x)).value == matmul(dense, x))
    let y: Tensor = [[1, 2], [3, 4], [5, 6]]
    #expect(matmul(matrix, Variable(y), transposingLeft: true).value == matmul(dense, y, transposingLeft: true))
  }

  @Test func `give gradients to values in the order they were given in`() throws {
    let tape = Tape()
    let values = tape.variable([10, 20, 30])
    let matrix = try SparseMatrix(rows: [1, 0, 1], columns: [0, 1, 1], values: values, rowCount: 2, columnCount: 2)
    let y = matmul(matrix, Variable([[1], [100]]))
    #expect(y.value == [[2000], [3010]])
    #expect(y.gradients(seed: [[1], [7]])[values].value == [7, 100, 700])
  }

  @Test func `without values count each entry as 1`() throws {
    let pattern = try SparsePattern(rows: [0, 0, 1], columns: [1, 1, 0], rowCount: 3, columnCount: 2)
    #expect(
      SparseMatrix(pattern).dense(dtype: .float64).value == Tensor([0, 2, 1, 0, 0, 0], shape: [3, 2], dtype: .float64))
    #expect(matmul(SparseMatrix(pattern), Variable([[5], [7]])).value == [[14], [5], [0]])
  }

  @Test func `give the same bits as a transpose at every call, and see values that changed in place`() throws {
    // Values that come again are kept by column.
    let matrix = SparseMatrix(dense), y = Variable(Tensor(normal: [3, 2], key: RandomKey(seed: 2)))
    let first = matmul(matrix, y, transposingLeft: true).value
    let expected = matmul(dense, y.value, transposingLeft: true)
    #expect(abs(first - expected).max().item() <= 16 * Double(Float.ulpOfOne))
    for _ in 0..<3 { #expect(matmul(matrix, y, transposingLeft: true).value == first) }
    for callsBefore in 0..<4 {
      let pattern = try SparsePattern(rows: [1, 0, 1], columns: [1, 1, 0], rowCount: 2, columnCount: 2)
      var values = Tensor([1, 2, 3])
      for _ in 0..<callsBefore {
        _ = matmul(SparseMatrix(pattern, values: Variable(values)), [[1], [10]], transposingLeft: true)
      }
      values.setRows([0], to: [100])
      let product = matmul(SparseMatrix(pattern, values: Variable(values)), [[1], [10]], transposingLeft: true)
      // The entries by row are (0, 1), (1, 1), (1, 0).
      #expect(product.value == [[30], [120]], "after \(callsBefore) calls")
    }
  }

  @Test func `multiply rows of any rank`() {
    let x = Tensor(normal: [4, 2, 3], key: RandomKey(seed: 1))
    let expected = matmul(dense, x.reshaped(to: [4, 6])).reshaped(to: [3, 2, 3])
    #expect(abs(matmul(SparseMatrix(dense), Variable(x)).value - expected).max().item() <= 16 * Double(Float.ulpOfOne))
    #expect(matmul(SparseMatrix(dense), Variable([1, 2, 3, 4])).value == [10, 0, -9])
  }

  @Test(arguments: DType.allCases, [256, 261, 300])
  func `multiply many wide rows as they multiply their columns`(_ dtype: DType, _ width: Int) throws {
    // The result has more than 16 MB, which is summed in stripes on some processors.
    let rows = 17_000, draws = RandomKey(seed: 2).bits(count: 3 * rows).map { Int($0 % 1000) }
    let pattern = try SparsePattern(
      rows: IndexArray((0..<3 * rows).map { $0 / 3 }), columns: IndexArray(draws), rowCount: rows, columnCount: 1000)
    let matrix = SparseMatrix(
      pattern,
      values: Variable(Tensor(uniform: [pattern.count], low: -1, high: 1, key: RandomKey(seed: 3), dtype: dtype)))
    let x = Tensor(normal: [1000, width], key: RandomKey(seed: 1), dtype: dtype)
    let whole = matmul(matrix, Variable(x)).value
    for first in stride(from: 0, to: width, by: 32) {
      let columns = first..<Swift.min(width, first + 32)
      let part = matmul(matrix, Variable(x.slice(columns, along: 1))).value
      #expect(whole.slice(columns, along: 1).isIdentical(to: part), "columns \(columns)")
    }
  }

  @Test func `let a NaN reach only the rows that touch it`() {
    let x = Tensor([1, .nan, 1, 1] as [Double], shape: [4, 1])
    let y = matmul(SparseMatrix(dense), Variable(x)).scalars(as: Double.self)
    #expect(y[0].isNaN && y[1] == 0 && y[2] == -1)
  }
}
