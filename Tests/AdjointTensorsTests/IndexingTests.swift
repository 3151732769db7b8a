import AdjointTensors
import Testing

@Suite struct `Index arrays` {
  @Test func `are collections of their indices`() {
    let indices: IndexArray = [3, -1, 0, 7]
    #expect(Array(indices) == [3, -1, 0, 7] && indices.count == 4 && indices[1] == -1)
    #expect(indices == IndexArray([3, -1, 0, 7]) && indices != [3, -1, 0] && indices != [3, -1, 0, 8])
    #expect(IndexArray(5..<8) == [5, 6, 7])
    #expect(IndexArray([Int(Int32.min), Int(Int32.max)]).map { $0 } == [-2_147_483_648, 2_147_483_647])
    #expect(IndexArray([]).isEmpty)
    #expect(
      indices.gatherRows([3, 0, 3]) == [7, 3, 7] && indices.gatherRows([]) == [] && IndexArray([]).gatherRows([]) == [])
  }

  @Test func `are printed in full up to 20 indices`() {
    #expect("\(IndexArray([1, -2, 3]))" == "[1, -2, 3]")
    #expect("\(IndexArray([]))" == "[]")
    #expect("\(IndexArray(0..<20))" == "\(Array(0..<20))")
    #expect("\(IndexArray(0..<21))" == "[0, 1, 2, ..., 18, 19, 20]")
  }
}

@Suite struct `Gathering rows` {
  @Test(arguments: [[], [1], [3], [2, 3], [67]], DType.allCases)
  func `takes each row as often as it is named`(_ width: [Int], _ dtype: DType) {
    let x = Tensor.sample([5] + width, dtype: dtype)
    let order = [4, 0, 0, 2, 4, 1, 3, 3, 3]
    let naive = NaiveArray(x)
    let expected = NaiveArray(shape: [order.count] + width) { naive[[order[$0[0]]] + $0.dropFirst()] }
    #expect(x.gatherRows(IndexArray(order)).holds(expected))
    #expect(x.rows(1..<5).gatherRows([0, 3]).isIdentical(to: x.gatherRows([1, 4])))
  }

  @Test(arguments: DType.allCases) func `has its opposite in setting them, where the last of several stays`(
    _ dtype: DType
  ) {
    let start = Tensor(normal: [5, 3], key: RandomKey(seed: 1), dtype: dtype)
    let rows = Tensor(normal: [3, 3], key: RandomKey(seed: 2), dtype: dtype)
    var x = start
    x.setRows([4, 1, 4], to: rows)
    #expect(x.gatherRows([4, 1]).isIdentical(to: rows.gatherRows([2, 1])))
    #expect(x.gatherRows([0, 2, 3]).isIdentical(to: start.gatherRows([0, 2, 3])))
    #expect(start.isIdentical(to: Tensor(normal: [5, 3], key: RandomKey(seed: 1), dtype: dtype)))
    x.setRows([], to: Tensor(zeros: [0, 3], dtype: dtype))
  }

  @Test func `of nothing is nothing`() {
    #expect(Tensor(zeros: [5, 2]).gatherRows([]).shape == [0, 2])
    #expect(Tensor(zeros: [0, 2]).gatherRows([]).shape == [0, 2])
    #expect(Tensor(zeros: [5, 0]).gatherRows([1, 1, 1]).shape == [3, 0])
  }
}

@Suite struct `Sparse patterns` {
  @Test func `order entries by row and keep the given order within one`() throws {
    let pattern = try SparsePattern(
      rows: [2, 0, 2, 0, 2, 0], columns: [3, 1, 0, 0, 3, 1], rowCount: 4, columnCount: 5)
    #expect(pattern.rows == [0, 0, 0, 2, 2, 2])
    #expect(pattern.columns == [1, 0, 1, 3, 0, 3])
    #expect(pattern.order == [1, 3, 5, 0, 2, 4])
    #expect(pattern.entriesPerRow == [3, 0, 3, 0])
    #expect(pattern.count == 6 && pattern.rowCount == 4 && pattern.columnCount == 5)
  }

  @Test func `that are given in order stay as they are`() throws {
    let pattern = try SparsePattern(rows: [0, 1, 1], columns: [2, 2, 0], rowCount: 2, columnCount: 3)
    #expect(pattern.rows == [0, 1, 1] && pattern.columns == [2, 2, 0] && pattern.order == [0, 1, 2])
  }

  @Test func `may be empty`() throws {
    let none = try SparsePattern(rows: [], columns: [], rowCount: 0, columnCount: 0)
    #expect(none.count == 0 && none.entriesPerRow == [])
    #expect(try SparsePattern(rows: [], columns: [], rowCount: 2, columnCount: 3).entriesPerRow == [0, 0])
  }

  @Test(
    arguments: [
      ([0, 3], [0, 0], "SparsePattern: row 3 of entry 1 is outside 0 ..< 3"),
      ([0, -1], [0, 0], "SparsePattern: row -1 of entry 1 is outside 0 ..< 3"),
      ([0, 0], [4, 5], "SparsePattern: column 5 of entry 1 is outside 0 ..< 5"),
      ([0], [-2], "SparsePattern: column -2 of entry 0 is outside 0 ..< 5"),
      ([0, 1, 2], [0, 1], "SparsePattern: 3 row indices do not match 2 column indices"),
    ] as [(IndexArray, IndexArray, String)])
  func `name the entry that does not fit`(_ rows: IndexArray, _ columns: IndexArray, _ sentence: String) {
    let error = #expect(throws: SparsePatternError.self) {
      try SparsePattern(rows: rows, columns: columns, rowCount: 3, columnCount: 5)
    }
    #expect(error?.description == sentence)
  }
}
