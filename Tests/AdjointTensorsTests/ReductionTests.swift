import AdjointTensors
import Testing

@Suite struct `Reductions` {
  static let shapes: [[Int]] = [
    [], [1], [7], [3, 4], [4, 1, 3], [2, 3, 4, 2], [2, 1, 2, 1, 2, 1, 2, 3], [65, 3], [3, 65], [5, 0], [0], [1, 130],
  ]

  /// Every set of axes of a shape.
  static func axes(of shape: [Int]) -> [[Int]] {
    (0..<(1 << shape.count)).map { bits in shape.indices.filter { bits >> $0 & 1 == 1 } }
  }

  static func naive(
    _ x: NaiveArray, along axes: [Int], from start: Double, _ combine: (Double, Double) -> Double
  ) -> NaiveArray {
    let kept = x.shape.enumerated().map { axes.contains($0) ? 1 : $1 }
    var result = NaiveArray(shape: kept) { _ in start }
    for index in NaiveArray.indices(of: x.shape) {
      let target = zip(index, kept).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
      result.values[target] = combine(result.values[target], x[index])
    }
    return result
  }

  @Test(arguments: shapes, DType.allCases)
  func `along any axes give what adding and comparing one by one gives`(_ shape: [Int], _ dtype: DType) {
    let x = Tensor.sample(shape, dtype: dtype)
    for axes in Self.axes(of: shape) {
      let sum = Self.naive(NaiveArray(x), along: axes, from: 0, +)
      #expect(x.sum(along: axes, keepingAxes: true).holds(sum), "sum along \(axes)")
      #expect(x.sum(along: axes).shape == Shape(shape.indices.filter { !axes.contains($0) }.map { shape[$0] }))
      #expect(x.sum(along: axes).scalars() == sum.values)
      #expect(x.sum(along: axes.reversed().map { $0 - shape.count }).scalars() == sum.values)
      if axes.contains(where: { shape[$0] == 0 }) { continue }
      let largest = Self.naive(NaiveArray(x), along: axes, from: -.infinity, Swift.max)
      let smallest = Self.naive(NaiveArray(x), along: axes, from: .infinity, Swift.min)
      #expect(x.max(along: axes, keepingAxes: true).holds(largest), "max along \(axes)")
      #expect(x.min(along: axes, keepingAxes: true).holds(smallest), "min along \(axes)")
    }
    #expect(x.sum().shape == [] && x.sum() == x.sum(along: Array(shape.indices)))
  }

  @Test(arguments: DType.allCases) func `over no elements: the sum is 0`(_ dtype: DType) {
    #expect(Tensor(zeros: [0], dtype: dtype).sum().item() == 0)
    #expect(Tensor(zeros: [3, 0], dtype: dtype).sum(along: [1]).scalars() == [0, 0, 0] as [Double])
    #expect(Tensor(zeros: [3, 0], dtype: dtype).sum(along: [0]).shape == [0])
    #expect(Tensor(zeros: [3, 0], dtype: dtype).max(along: [0]).shape == [0])
  }

  @Test(arguments: [1, 5, 64, 1000], DType.allCases)
  func `show a NaN wherever it lies, and infinities`(_ count: Int, _ dtype: DType) {
    for position in Set([0, count / 3, count / 2, count - 1]) {
      var x = Tensor(ones: [count], dtype: dtype)
      x[position] = .nan
      for result in [x.sum(), x.max(), x.min()] { #expect(result.item().isNaN) }
      let columns = x.reshaped(to: [count, 1]) * Tensor(ones: [1, 3], dtype: dtype)
      for result in [columns.sum(along: [0]), columns.max(along: [0]), columns.min(along: [0])] {
        #expect(result.scalars(as: Double.self).allSatisfy { $0.isNaN })
      }
      x[position] = -.infinity
      #expect(x.min().item() == -.infinity && x.sum().item() == -.infinity)
      #expect(x.max().item() == (count == 1 ? -.infinity : 1))
    }
  }

  @Test(arguments: DType.allCases) func `add a long array with an error that hardly grows`(_ dtype: DType) {
    let count = 1 << 19
    let x = Tensor(repeating: 0.1, shape: [count], dtype: dtype)
    let exact = x[0] * Double(count)
    // A running sum in float32 is off by 1 in 10⁴ here; a tree of depth log₂ n by log₂ n rounding errors at most.
    let bound = 19 * dtype.ulpOfOne * exact
    #expect(Swift.abs(x.sum().item() - exact) <= bound)
    #expect(Swift.abs(x.reshaped(to: [count, 1]).sum(along: [0])[0] - exact) <= bound)
    let columns = x.reshaped(to: [count / 4, 4]).sum(along: [0]).scalars(as: Double.self)
    let error = columns.map { Swift.abs($0 - exact / 4) / (bound / 4) }.max() ?? 0
    #expect(error <= 1)
  }

  @Test(arguments: DType.allCases) func `add ones exactly as far as integers are exact`(_ dtype: DType) {
    let count = 300_001
    #expect(Tensor(ones: [count], dtype: dtype).sum().item() == Double(count))
    #expect(Tensor(ones: [count, 1], dtype: dtype).sum(along: [0])[0] == Double(count))
  }
}

@Suite struct `The position of an extreme` {
  @Test(arguments: [[7], [3, 4], [2, 3, 4], [65, 3], [3, 130], [1, 1]], DType.allCases)
  func `is the first one, along any axis`(_ shape: [Int], _ dtype: DType) {
    let x = Tensor.sample(shape, dtype: dtype)
    let naive = NaiveArray(x)
    for axis in shape.indices {
      let others = shape.enumerated().map { $0 == axis ? 1 : $1 }
      func first(_ isBetter: (Double, Double) -> Bool) -> [Int] {
        NaiveArray.indices(of: others).map { index in
          (0..<shape[axis]).reduce(0) { best, candidate in
            var (a, b) = (index, index)
            (a[axis], b[axis]) = (candidate, best)
            return isBetter(naive[a], naive[b]) ? candidate : best
          }
        }
      }
      #expect(Array(x.argmax(along: axis)) == first(>))
      #expect(Array(x.argmin(along: axis - shape.count)) == first(<))
    }
  }

  @Test(arguments: DType.allCases) func `is that of a NaN if there is one`(_ dtype: DType) {
    let x = Tensor([1, .nan, 3, .nan, -.infinity, .infinity] as [Double], dtype: dtype)
    #expect(x.argmax(along: 0) == [1] && x.argmin(along: 0) == [1])
    #expect(x.rows(4..<6).argmax(along: 0) == [1] && x.rows(4..<6).argmin(along: 0) == [0])
    #expect(Tensor(repeating: -.infinity, shape: [5], dtype: dtype).argmax(along: 0) == [0])
  }

  @Test func `along an axis beside an empty one has no entries`() {
    #expect(Tensor(zeros: [0, 3]).argmax(along: 1).isEmpty)
  }
}
