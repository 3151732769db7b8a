import AdjointAutodiff
import Foundation
import Testing

@Suite struct `Indexing` {
  @Test func `indices along an axis`() {
    let x: Variable = [[1, 2, 3], [4, 5, 6]]
    #expect(x.take([2, 0, 1, 1], along: 1).value == [[3, 1], [5, 5]])
    #expect(x.take([1, 0, 1], along: 0).value == [[4, 2, 6]])
    #expect(x.gather([2, 2, 0], along: 1).value == [[3, 3, 1], [6, 6, 4]])
    #expect(x.gather([], along: 1).shape == [2, 0])
    #expect(x.rows(where: [false, true]).value == [[4, 5, 6]])
    #expect(embedding(x, [1, 1], shape: [1, 2]).value == [[[4, 5, 6], [4, 5, 6]]])
  }

  @Test func `rows are set by the last and added by all`() {
    let x: Variable = [[1, 2], [3, 4]], rows: Variable = [[5, 6], [7, 8]]
    #expect(x.setting(rows: rows, at: [1, 1]).value == [[1, 2], [7, 8]])
    #expect(x.adding(rows: rows, at: [1, 1]).value == [[1, 2], [15, 18]])
    let zeros = constant([2])
    let replaced = valueAndGradient(of: { zeros.setting(rows: $0, at: [0, 0]) }, at: [1, 2])
    #expect(replaced.gradient == [0, 1])
  }

  @Test func `masks fill and select`() {
    let filled = valueAndGradient(of: { $0.filled(where: [1, 0, 1], with: -.infinity) }, at: [.nan, 2, .infinity])
    #expect(filled.value == [-.infinity, 2, -.infinity])
    #expect(filled.gradient == [0, 1, 0])
    #expect(valueAndGradient(of: { $0.selected(where: [1, 0, 1]) }, at: [1, 2, 3]).value == [1, 3])
  }

  @Test(arguments: [[2, 0, 2, 3, 2], [0, 2, 2, 2, 3]] as [IndexArray])
  func `statistics of segments agree with loops`(segments: IndexArray) {
    let x = [1.5, -2, 0.5, 3, 1]
    let variable = Variable(Tensor(x, dtype: .float64))
    let groups = (0..<4).map { segment in (0..<5).filter { segments[$0] == segment }.map { x[$0] } }
    func variance(_ x: [Double]) -> Double {
      let mean = x.reduce(0, +) / Double(Swift.max(1, x.count))
      return x.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(Swift.max(1, x.count))
    }
    func expect(_ y: Variable, _ expected: ([Double]) -> Double) {
      #expect(isClose(y.scalars(), groups.map(expected)))
    }
    expect(variable.scatterProduct(to: segments, count: 4)) { $0.reduce(1, *) }
    expect(variable.scatterVariance(to: segments, count: 4), variance)
    expect(variable.scatterStandardDeviation(to: segments, count: 4)) { variance($0).squareRoot() }
    expect(variable.scatterLogSumExp(to: segments, count: 4)) { $0.isEmpty ? 0 : log($0.map { exp($0) }.reduce(0, +)) }
    expect(variable.scatterMedian(to: segments, count: 4)) { $0.isEmpty ? 0 : $0.sorted()[$0.count / 2] }
    expect(variable.scatterQuantile(1, to: segments, count: 4)) { $0.max() ?? 0 }
    expect(variable.scatterQuantile(0.25, to: segments, count: 4)) {
      $0.count == 3 ? ($0.sorted()[0] + $0.sorted()[1]) / 2 : $0.first ?? 0
    }
  }

  @Test func `ties and zeros in segments`() {
    let segments: IndexArray = [0, 0, 0, 0]
    #expect(
      valueAndGradient(of: { $0.scatterMedian(to: segments, count: 1) }, at: [1, 2, 2, 5]).gradient == [0, 0.5, 0.5, 0])
    let product = valueAndGradient(of: { $0.scatterProduct(to: segments, count: 1) }, at: [1, 2, 0, 5])
    #expect(product.gradient == [0, 0, 10, 0])
    #expect(
      valueAndGradient(of: { $0.scatterStandardDeviation(to: segments, count: 2) }, at: [2, 2, 2, 2]).gradient
        == [0, 0, 0, 0])
    let none = [Double](repeating: -.infinity, count: 4)
    let result = valueAndGradient(of: { $0.scatterLogSumExp(to: segments, count: 1) }, at: none)
    #expect(result.value == [-.infinity])
    #expect(result.gradient == [0, 0, 0, 0])
    #expect(constant([0, 2]).scatterProduct(to: [], count: 2).scalars(as: Double.self) == [1, 1, 1, 1])
    #expect(constant([0, 2]).scatterMedian(to: [], count: 1).scalars(as: Double.self) == [0, 0])
  }

  @Test(arguments: [-1, 1], [false, true])
  func `extremes of rows that leave the caches hand their gradient to all that attain them`(_ sign: Int, _ mixed: Bool)
  {
    // Gradients of more than 16 MB; small whole numbers, so that many are equal; some groups have no rows.
    let (rows, width, groups) = (70_000, 64, 9000), key = RandomKey(seed: 3)
    let values = floor(Tensor(uniform: [rows, width], low: 0, high: 5, key: key, dtype: .float32))
    let draws = key.stream(1).bits(count: rows).map { Int($0 % 8000) }
    let segments = IndexArray(mixed ? draws : draws.sorted())
    let tape = Tape(), x = tape.variable(values)
    let y = sign > 0 ? x.scatterMax(to: segments, count: groups) : x.scatterMin(to: segments, count: groups)
    let upstream = Tensor(normal: [groups, width], key: key.stream(2), dtype: .float32)
    let attained = equal(values, y.value.gatherRows(segments))
    let ties = Variable(attained).scatterSum(to: segments, count: groups).value
    let expected = attained * (upstream / max(ties, 1)).gatherRows(segments)
    #expect(y.gradients(seed: Variable(upstream))[x].value == expected)
  }

  @Test func `an infinite gradient of an extreme reaches those that attain it alone, in a recorded sweep as well`()
    throws
  {
    let tape = Tape(), x = tape.variable(Tensor([1, 2, Double.nan, 3]))
    let pattern = try SparsePattern(rows: [0, 0, 1, 1], columns: [0, 1, 2, 3], rowCount: 2, columnCount: 4)
    let upstream = Variable(Tensor([Double.infinity, 1]))
    for y in [x.scatterMax(to: [0, 0, 1, 1], count: 2), sparseMax(SparseMatrix(pattern), x)] {
      for recorded in [false, true] {
        #expect(y.gradients(seed: upstream, recorded: recorded)[x].scalars(as: Double.self) == [0, .infinity, 0, 0])
      }
    }
  }

  @Test func `an infinite gradient of a gradient of an extreme passes through those that attain it alone`() throws {
    let pattern = try SparsePattern(rows: [0, 0, 1, 1], columns: [0, 1, 2, 3], rowCount: 2, columnCount: 4)
    for isSparse in [false, true] {
      let tape = Tape(), x = tape.variable(Tensor([1.0, 2, 5, 5])), upstream = tape.variable(Tensor([1.0, 1]))
      let y = isSparse ? sparseMax(SparseMatrix(pattern), x) : x.scatterMax(to: [0, 0, 1, 1], count: 2)
      let gradient = y.gradients(seed: upstream, recorded: true)[x]
      let second = gradient.gradients(seed: Variable(Tensor([Double.infinity, 3, 1, 2])))[upstream]
      #expect(second.scalars(as: Double.self) == [3, 1.5])
    }
  }

  @Test func `an extreme of constants is that of variables`() throws {
    let x = Tensor(normal: [40, 3], key: RandomKey(seed: 4)), segments = IndexArray((0..<40).map { $0 * 7 % 9 })
    let tape = Tape()
    #expect(
      Variable(x).scatterMin(to: segments, count: 9).value == tape.variable(x).scatterMin(to: segments, count: 9).value)
    let pattern = try SparsePattern(rows: segments, columns: IndexArray(0..<40), rowCount: 9, columnCount: 40)
    let matrix = SparseMatrix(pattern, values: Variable(Tensor(normal: [40], key: RandomKey(seed: 5))))
    #expect(sparseMax(matrix, Variable(x)).value == sparseMax(matrix, tape.variable(x)).value)
  }

  @Test func `extremes keep no rows, but a bit for each of their elements`() async {
    await #expect(processExitsWith: .success) {
      let tape = Tape(), x = tape.variable(Tensor(ones: [10_000, 64], dtype: .float32))
      let segments = IndexArray((0..<10_000).map { $0 / 100 })
      let start = TensorMemory.liveBytes
      let y = (x + 1).scatterMax(to: segments, count: 100)
      // A byte holds the bits of four elements or more; results and counts are small.
      #expect(y.shape == [100, 64] && TensorMemory.liveBytes - start < 10_000 * 64 * 4 / 5)
    }
  }

  @Test func `what does not fit is named`() async {
    expectStop(
      "take: index 3 at row 1 is outside 0 ..< 3",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Variable(Tensor(zeros: [2, 3])).take([0, 3], along: 1)
      })
    expectStop(
      "setting: rows of shape [1, 2] for 2 rows of shape [3, 2]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Variable(Tensor(zeros: [3, 2])).setting(rows: Variable(Tensor(zeros: [1, 2])), at: [0, 1])
      })
    expectStop(
      "scatterProduct: segment 4 at row 1 is outside 0 ..< 2",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Variable([1, 2]).scatterProduct(to: [0, 4], count: 2)
      })
  }
}
