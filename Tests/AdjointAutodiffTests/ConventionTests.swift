import AdjointAutodiff
import Testing

/// The gradient of a function of one variable, contracted with an upstream gradient.
private func gradient(at x: [Double], upstream: [Double]? = nil, of f: (Variable) -> Variable) -> [Double] {
  let tape = Tape()
  let variable = tape.variable(Tensor(x, dtype: .float64))
  let y = f(variable)
  let seed = upstream.map { Tensor($0, shape: y.shape, dtype: .float64) } ?? Tensor(ones: y.shape, dtype: .float64)
  return y.gradients(seed: Variable(seed))[variable].scalars()
}

/// The gradients of a function of two variables.
private func gradients(_ a: [Double], _ b: [Double], of f: (Variable, Variable) -> Variable) -> [[Double]] {
  let tape = Tape()
  let (x, y) = (tape.variable(Tensor(a, dtype: .float64)), tape.variable(Tensor(b, dtype: .float64)))
  let result = f(x, y)
  let gradients = result.gradients(seed: Variable(Tensor(ones: result.shape, dtype: .float64)))
  return [gradients[x].scalars(), gradients[y].scalars()]
}

@Suite struct `Where there is no derivative, by convention` {
  // torch: relu′(0) = 0 as well, but clamp_min's is 1 at the bound.
  @Test func `relu and max with a constant have gradient 0 at the kink`() {
    #expect(gradient(at: [-1, 0, -0.0, 1]) { relu($0) } == [0, 0, 0, 1])
    #expect(gradient(at: [-1, 0, -0.0, 1]) { max($0, 0) } == [0, 0, 0, 1])
    #expect(gradient(at: [-1, 0, 1]) { max(0, $0) } == [0, 0, 1])
    #expect(gradient(at: [-1, 0, 1]) { min($0, 0) } == [1, 0, 0])
    #expect(gradient(at: [2, 3, 4]) { max($0, Variable([3, 3, 3] as Tensor).asDouble) } == [0, 0, 1])
  }

  @Test func `two variables share a tie: ½ and ½`() {
    #expect(gradients([1, 2, 3], [2, 2, 2]) { max($0, $1) } == [[0, 0.5, 1], [1, 0.5, 0]])
    #expect(gradients([1, 2, 3], [2, 2, 2]) { min($0, $1) } == [[1, 0.5, 0], [0, 0.5, 1]])
    #expect(gradient(at: [5]) { max($0, $0) } == [1])
  }

  // torch.max(dim) and torch-scatter give the first of them all; JAX and autograd share.
  @Test func `the elements that attain an extreme share its gradient equally`() {
    let third = 1.0 / 3
    #expect(gradient(at: [3, 1, 3, 3]) { $0.max() } == [third, 0, third, third])
    #expect(gradient(at: [1, 1, 2, 1]) { $0.min() } == [third, third, 0, third])
    #expect(
      gradient(at: [1, 1, 2, 2, 3, 2], upstream: [12, 6]) { $0.reshaped(to: [2, 3]).max(along: 1) } == [
        0, 0, 12, 0, 6, 0,
      ])
    #expect(
      gradient(at: [1, 4, 4, 2], upstream: [8, 2]) { $0.reshaped(to: [4]).scatterMax(to: [1, 0, 0, 1], count: 2) }
        == [0, 4, 4, 2])
    #expect(
      gradient(at: [5, 5, 5, 7], upstream: [6, 3]) { $0.scatterMin(to: [0, 0, 0, 1], count: 2) } == [2, 2, 2, 3])
  }

  @Test(arguments: [1, -1]) func `the total is conserved in every extreme, whatever the ties`(_ sign: Int) throws {
    let segments = IndexArray((0..<60).map { $0 * 7 % 9 }), count = 10
    let pattern = try SparsePattern(rows: segments, columns: IndexArray(0..<60), rowCount: count, columnCount: 60)
    let x = (0..<60).map { Double($0 * 13 % 3) }
    let upstream = (0..<count).map { Double($0 + 1) * 12 }
    // Segment 9 is empty.
    let total = upstream.dropLast().reduce(0, +)
    let scattered = gradient(at: x, upstream: upstream) {
      sign > 0 ? $0.scatterMax(to: segments, count: count) : $0.scatterMin(to: segments, count: count)
    }
    let sparse = gradient(at: x, upstream: upstream) {
      sign > 0 ? sparseMax(SparseMatrix(pattern), $0) : sparseMin(SparseMatrix(pattern), $0)
    }
    #expect(scattered == sparse)
    #expect(Swift.abs(scattered.reduce(0, +) - total) <= 64 * total.ulp)
    let reduced = gradient(at: x) { sign > 0 ? $0.max() : $0.min() }
    #expect(Swift.abs(reduced.reduce(0, +) - 1) <= 64 * 0x1p-53)
  }

  // JAX gives 1 here.
  @Test func `abs has gradient 0 at 0`() {
    #expect(gradient(at: [-2, 0, -0.0, 2]) { abs($0) } == [-1, 0, 0, 1])
  }

  @Test func `sqrt and log have gradient ∞ at 0, but 0 where nothing comes from above`() {
    #expect(gradient(at: [0, 0, 4], upstream: [1, 0, 1]) { sqrt($0) } == [.infinity, 0, 0.25])
    #expect(gradient(at: [0, 0, 4], upstream: [1, 0, 1]) { log($0) } == [.infinity, 0, 0.25])
    #expect(gradient(at: [0, 3]) { sqrt($0).rows(1..<2) * sqrt(Variable(3)) }[0] == 0)
  }

  @Test func `softmax of a row that is all −∞ is 0 and passes no gradient`() {
    let infinite = [Double](repeating: -.infinity, count: 3)
    let tape = Tape()
    let x = tape.variable(Tensor(infinite + [1, 1, 1], shape: [2, 3]))
    let y = softmax(x)
    #expect(y.value == Tensor([0, 0, 0, 1, 1, 1], shape: [2, 3]) / 3)
    #expect(y.gradients(seed: [[1, 2, 3], [1, 1, 1]])[x].value.rows(0..<1) == [[0, 0, 0]])
    let column = softmax(tape.variable(Tensor(infinite)), along: 0)
    #expect(column.value == [0, 0, 0])
  }

  @Test func `softmax of a segment that is all −∞ is 0 and passes no gradient`() {
    let tape = Tape()
    let x = tape.variable(Tensor([-.infinity, 2, -.infinity, 2] as [Double]))
    let y = x.segmentSoftmax(over: [1, 3, 1, 3], count: 5)
    #expect(y.value == [0, 0.5, 0, 0.5])
    #expect(y.gradients(seed: [1, 0, 2, 0])[x].value == [0, 0, 0, 0])
  }

  @Test func `an empty segment yields 0 and passes no gradient`() throws {
    let tape = Tape()
    let x = tape.variable([[-1, 2], [-3, -4]])
    let pattern = try SparsePattern(rows: [2, 2], columns: [0, 1], rowCount: 4, columnCount: 2)
    let results = [
      x.scatterSum(to: [2, 2], count: 4), x.scatterMean(to: [2, 2], count: 4), x.scatterMax(to: [2, 2], count: 4),
      x.scatterMin(to: [2, 2], count: 4), sparseMean(pattern, x), sparseMax(SparseMatrix(pattern), x),
      sparseMin(SparseMatrix(pattern), x), matmul(SparseMatrix(pattern), x),
    ]
    for y in results {
      for empty in [0, 1, 3] { #expect(y.value.rows(empty..<empty + 1) == [[0, 0]]) }
      #expect(y.value.rows(2..<3) != [[0, 0]])
      let seed = Tensor([9, 9, 9, 9, 0, 0, 9, 9] as [Double], shape: [4, 2])
      #expect(y.gradients(seed: Variable(seed))[x].value == Tensor(zeros: [2, 2]))
    }
  }

  @Test func `a maximum that is NaN passes no gradient`() {
    #expect(gradient(at: [1, .nan, 3]) { $0.max() } == [0, 0, 0])
    #expect(gradient(at: [1, .nan, 3]) { $0.scatterMax(to: [0, 0, 1], count: 2) } == [0, 0, 1])
    #expect(gradient(at: [.nan]) { relu($0) } == [0])
  }

  @Test func `the mean of nothing is 0`() {
    #expect(Variable(Tensor(zeros: [0])).mean().item() == 0)
    #expect(Variable(Tensor(zeros: [3, 0])).mean(along: 1).value == [0, 0, 0])
  }
}

extension Variable {
  /// The value in double precision, as a constant.
  fileprivate var asDouble: Variable { Variable(value.converted(to: .float64)) }
}
