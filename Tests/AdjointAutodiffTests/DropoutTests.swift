import AdjointAutodiff
import Testing

@Suite struct `Dropping elements` {
  let key = RandomKey(seed: 4).stream(2)

  @Test(arguments: [0.1, 0.5, 0.9]) func `drops the same elements in both types, and in the reverse sweep`(_ p: Double)
  {
    func mask(_ dtype: DType) -> [Bool] {
      let tape = Tape()
      let x = tape.variable(Tensor(ones: [1003], dtype: dtype))
      let y = dropout(x, probability: p, key: key)
      #expect(y.gradients(seed: Variable(Tensor(ones: [1003], dtype: dtype)))[x].value.isIdentical(to: y.value))
      return y.scalars(as: Double.self).map { $0 == 0 }
    }
    #expect(mask(.float32) == mask(.float64))
  }

  @Test(arguments: [0.1, 0.5, 0.9], DType.allCases) func `keeps the expectation`(_ p: Double, _ dtype: DType) {
    let count = 20_000
    let y = dropout(Variable(Tensor(ones: [count], dtype: dtype)), probability: p, key: key)
    let scale = 1 / (1 - p), values = Set(y.scalars(as: Double.self))
    #expect(values.count == 2 && values.contains(0))
    #expect(Swift.abs((values.max() ?? 0) - scale) <= 2 * dtype.ulpOfOne * scale + scale * scale * 0x1p-32)
    let deviation = (p / (1 - p) / Double(count)).squareRoot()
    #expect(Swift.abs(y.mean().item() - 1) < 5 * deviation)
  }

  @Test func `of probability 0 changes nothing`() {
    let x = Variable([1, 2, 3])
    #expect(dropout(x, probability: 0, key: key).value.isIdentical(to: x.value))
  }

  @Test func `drops NaN and infinities, too`() {
    let x = Tensor([Double](repeating: .nan, count: 200))
    let y = dropout(Variable(x), probability: 0.5, key: key).scalars(as: Double.self)
    #expect(y.contains(0) && y.allSatisfy { $0 == 0 || $0.isNaN })
  }

  @Test func `depends on its key alone, not on the shape or the value`() {
    let flat = dropout(Variable(Tensor(ones: [60])), probability: 0.3, key: key)
    let shaped = dropout(Variable(Tensor(ones: [3, 4, 5])), probability: 0.3, key: key)
    #expect(shaped.value.reshaped(to: [60]).isIdentical(to: flat.value))
    #expect(dropout(Variable(Tensor(ones: [25])), probability: 0.3, key: key).value == flat.value.rows(0..<25))
    #expect(dropout(Variable(Tensor(ones: [60])), probability: 0.3, key: key.stream(0)).value != flat.value)
    let number = dropout(Variable(Tensor(1, dtype: .float64)), probability: 0.3, key: key)
    #expect(number.shape == [] && [0, 1 / 0.7].contains { Swift.abs(number.item() - $0) < 1e-9 })
  }

  @Test func `of a sparse matrix acts on its stored entries`() {
    let matrix = SparseMatrix([[0, 1, 2], [3, 0, 4]])
    let dropped = dropout(matrix, probability: 0.5, key: key)
    #expect(dropped.pattern === matrix.pattern)
    #expect(dropped.values?.value == dropout(Variable([1, 2, 3, 4]), probability: 0.5, key: key).value)
  }
}
