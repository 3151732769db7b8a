import AdjointTensors
import Testing

@Suite struct `Making tensors` {
  @Test func `nested literals have the shape of their brackets`() {
    let number: Tensor = 5
    let row: Tensor = [1, 2, 3]
    let matrix: Tensor = [[1, 2, 3], [4, 5, 6]]
    let block: Tensor = [[[1], [2]], [[3], [4]], [[5], [6]]]
    #expect(number.shape == [] && number.count == 1 && number.item() == 5)
    #expect(row.shape == [3])
    #expect(matrix.shape == [2, 3])
    #expect(block.shape == [3, 2, 1])
    #expect(matrix.scalars() == [1, 2, 3, 4, 5, 6] as [Float])
    #expect(matrix[1, 0] == 4 && block[2, 1, 0] == 6)
  }

  @Test func `empty brackets make empty axes`() {
    let none: Tensor = []
    let rows: Tensor = [[], [], []]
    #expect(none.shape == [0] && none.count == 0)
    #expect(rows.shape == [3, 0] && rows.scalars() == [] as [Double])
  }

  @Test(arguments: DType.allCases)
  func `the default element type holds inside its scope and nowhere else`(_ dtype: DType) {
    let made = withDefaultDType(dtype) { () -> [Tensor] in
      [
        [1, 2], [[1], [2]], [], Tensor(zeros: [2]), Tensor(ones: [2]), Tensor(repeating: 2, shape: [2]),
        Tensor([1.5, 2]), .arange(0, 3), .eye(2), Tensor(uniform: [2], key: RandomKey(seed: 1)),
        Tensor(normal: [2], key: RandomKey(seed: 1)),
      ]
    }
    #expect(made.map(\.dtype) == made.map { _ in dtype })
    #expect(Tensor(zeros: [1]).dtype == .float32)
  }

  @Test(arguments: DType.allCases)
  func `a literal that becomes an array has the default element type`(_ dtype: DType) {
    withDefaultDType(dtype) {
      #expect(Tensor(1).broadcast(to: [2, 2]).dtype == dtype)
      #expect(Tensor(1).reshaped(to: [1, 1]).dtype == dtype)
    }
  }

  @Test func `a literal adopts the element type of what it meets`() {
    let x = Tensor([0.1], dtype: .float64)
    #expect((x * 3).dtype == .float64 && (3 * x).dtype == .float64)
    #expect((x + 0.1)[0] == 0.1 + 0.1)
    #expect((Tensor(0.1, dtype: .float64) + 0.2).item() == 0.1 + 0.2)
    #expect((Tensor([0.1], dtype: .float32) + 0.2)[0] == Double(Float(0.1) + Float(0.2)))
    #expect((-(0.5) as Tensor + x).dtype == .float64)
  }

  @Test func `numbers are rounded to the element type`() {
    #expect(Tensor(0.1, dtype: .float32).item() == Double(Float(0.1)))
    #expect(Tensor(0.1, dtype: .float64).item() == 0.1)
    #expect(Tensor([0.1], dtype: .float32)[0] == Double(Float(0.1)))
    #expect(Tensor([Float(0.1)], dtype: .float64)[0] == Double(Float(0.1)))
    #expect(Tensor(1e300, dtype: .float32).item() == .infinity)
    #expect(Tensor([1e300, -1e300], dtype: .float32).scalars() == [.infinity, -.infinity] as [Double])
  }

  @Test func `arange stops before its end in both directions`() {
    #expect(Tensor.arange(5) == [0, 1, 2, 3, 4])
    #expect(Tensor.arange(2, 5) == [2, 3, 4])
    #expect(Tensor.arange(5, 2, step: -1) == [5, 4, 3])
    #expect(Tensor.arange(0, 1, step: 0.25) == [0, 0.25, 0.5, 0.75])
    #expect(Tensor.arange(3, 3).shape == [0])
    #expect(Tensor.arange(3, 2).shape == [0])
  }

  @Test(arguments: DType.allCases) func `arange multiplies instead of adding up`(_ dtype: DType) {
    let x = Tensor.arange(1, 2, step: 0.001, dtype: dtype)
    let expected = (0..<1000).map { 1 + Double($0) * 0.001 }
    #expect(x.isIdentical(to: Tensor(expected, dtype: dtype)))
  }

  @Test func `eye has ones on its diagonal, also when it is not square`() {
    #expect(Tensor.eye(2) == [[1, 0], [0, 1]])
    #expect(Tensor.eye(2, 3) == [[1, 0, 0], [0, 1, 0]])
    #expect(Tensor.eye(3, 2) == [[1, 0], [0, 1], [0, 0]])
    #expect(Tensor.eye(0).shape == [0, 0] && Tensor.eye(0, 3).shape == [0, 3])
  }

  @Test func `conversion rounds once and keeps shapes`() {
    let x = Tensor([0.1, -2.5, .infinity, Double.leastNonzeroMagnitude], shape: [2, 2], dtype: .float64)
    let single = x.converted(to: .float32)
    #expect(single.shape == [2, 2] && single.dtype == .float32)
    #expect(single.scalars() == [0.1, -2.5, .infinity, 0] as [Float])
    #expect(single.converted(to: .float64)[0, 0] == Double(Float(0.1)))
    #expect(Tensor(zeros: [0, 2]).converted(to: .float64).shape == [0, 2])
  }

  @Test func `equality compares shapes, types and numbers; identity compares bits`() {
    let x: Tensor = [1, 2]
    #expect(x == [1, 2] && x != [1, 3] && x != [[1, 2]] && x != [1, 2, 3])
    #expect(x != Tensor([1.0, 2], dtype: .float64))
    let special = Tensor([Double.nan, -0.0])
    #expect(special != special && special.isIdentical(to: special))
    #expect(Tensor([0.0]) == Tensor([-0.0]) && !Tensor([0.0]).isIdentical(to: Tensor([-0.0])))
    #expect(!x.isIdentical(to: x.converted(to: .float64)))
    #expect(Tensor(0.1, dtype: .float32) == 0.1 && Tensor(0.1, dtype: .float64) == 0.1)
  }
}
