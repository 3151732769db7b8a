import AdjointTensors
import Testing

@Suite struct `Rearranging tensors` {
  @Test(arguments: DType.allCases) func `reshape keeps the order of the elements`(_ dtype: DType) {
    let x = Tensor.arange(0, 24, dtype: dtype)
    for extents in [[24], [2, 12], [2, 3, 4], [4, -1, 2], [-1], [1, 24, 1], [2, 1, 2, 1, 2, 1, 3, -1]] {
      #expect(x.reshaped(to: extents).scalars() == x.scalars(as: Double.self))
    }
    #expect(x.reshaped(to: [4, -1, 2]).shape == [4, 3, 2])
    #expect(x.reshaped(to: [4, 6]).reshaped(to: [24]) == x)
    #expect(Tensor(zeros: [0, 3]).reshaped(to: [3, 0]).shape == [3, 0])
    #expect(Tensor(zeros: [0, 3]).reshaped(to: [3, -1]).shape == [3, 0])
    #expect(Tensor(7, dtype: dtype).reshaped(to: [1, 1]) == Tensor([7.0], shape: [1, 1], dtype: dtype))
    #expect(Tensor([7.0], dtype: dtype).reshaped(to: []).isIdentical(to: Tensor(7, dtype: dtype)))
  }

  static func permutations(_ count: Int) -> [[Int]] {
    count == 0
      ? [[]] : permutations(count - 1).flatMap { p in (0...p.count).map { Array(p[..<$0] + [count - 1] + p[$0...]) } }
  }

  @Test(arguments: [[], [5], [3, 4], [2, 3, 4], [2, 1, 3, 2], [0, 3, 2], [33, 70]], DType.allCases)
  func `transposing moves every element, in every order of the axes`(_ shape: [Int], _ dtype: DType) {
    let x = Tensor.sample(shape, dtype: dtype)
    let naive = NaiveArray(x)
    for order in Self.permutations(shape.count) {
      let y = x.transposed(order)
      #expect(
        y.holds(
          NaiveArray(shape: order.map { shape[$0] }) { index in
            naive[shape.indices.map { axis in index[order.firstIndex(of: axis) ?? 0] }]
          }), "\(order)")
      let inverse = shape.indices.map { axis in order.firstIndex(of: axis) ?? 0 }
      #expect(y.transposed(inverse).isIdentical(to: x))
    }
    #expect(x.transposed().isIdentical(to: x.transposed(Array(shape.indices.reversed()))))
    if shape.count >= 2 { #expect(x.transposed(shape.indices.map { $0 - shape.count }).isIdentical(to: x)) }
  }

  @Test(arguments: [[6], [4, 5], [3, 4, 5], [2, 3, 2, 4]], DType.allCases)
  func `slices put together give the whole, along any axis`(_ shape: [Int], _ dtype: DType) {
    let x = Tensor.sample(shape, dtype: dtype)
    let naive = NaiveArray(x)
    for axis in shape.indices {
      for range in [0..<shape[axis], 1..<2, 1..<shape[axis], 0..<0, shape[axis]..<shape[axis]] {
        var extents = shape
        extents[axis] = range.count
        let slice = x.slice(range, along: axis - shape.count)
        #expect(
          slice.holds(
            NaiveArray(shape: extents) { index in
              var index = index
              index[axis] += range.lowerBound
              return naive[index]
            }))
      }
      let parts = [0..<1, 1..<1, 1..<shape[axis]].map { x.slice($0, along: axis) }
      #expect(concatenate(parts, along: axis).isIdentical(to: x))
      #expect(concatenate(parts, along: axis - shape.count).isIdentical(to: x))
    }
  }

  @Test func `rows of rows are rows of the whole`() {
    let x = Tensor.arange(0, 30).reshaped(to: [10, 3])
    #expect(x.rows(2..<9).rows(1..<4).isIdentical(to: x.rows(3..<6)))
    #expect(x.rows(2..<9).slice(1..<3, along: 1) == x.slice(1..<3, along: 1).rows(2..<9))
    #expect((x.rows(2..<4) + x.rows(3..<5)) == [[15, 17, 19], [21, 23, 25]])
    #expect(x.rows(4..<5).reshaped(to: [] + [3]).sum().item() == 39)
  }

  @Test(arguments: DType.allCases) func `stacking makes a new first axis`(_ dtype: DType) {
    let parts = (0..<3).map { Tensor.sample([2, 4], seed: UInt64($0), dtype: dtype) }
    let whole = stack(parts)
    #expect(whole.shape == [3, 2, 4])
    for (i, part) in parts.enumerated() { #expect(whole.rows(i..<i + 1).reshaped(to: [2, 4]).isIdentical(to: part)) }
    #expect(stack([Tensor(2, dtype: dtype), 3]).isIdentical(to: Tensor([2.0, 3], dtype: dtype)))
    #expect(stack([3, Tensor(2, dtype: dtype)]).dtype == dtype)
    #expect(stack([Tensor(zeros: [0])]).shape == [1, 0])
  }

  @Test func `concatenation of empty and full parts`() {
    let x: Tensor = [[1, 2]]
    #expect(concatenate([Tensor(zeros: [0, 2]), x, Tensor(zeros: [0, 2])], along: 0) == x)
    #expect(concatenate([x, x], along: 0) == [[1, 2], [1, 2]])
    #expect(concatenate([x, x]) == [[1, 2, 1, 2]])
    #expect(concatenate([Tensor(zeros: [0, 2]), Tensor(zeros: [0, 3])]).shape == [0, 5])
  }

  @Test func `elements are read and written by their index`() {
    var x = Tensor(zeros: [2, 3, 2])
    for (position, index) in NaiveArray.indices(of: [2, 3, 2]).enumerated() {
      x[index[0], index[1], index[2]] = Double(position)
    }
    #expect(x.scalars() == (0..<12).map(Double.init))
    #expect(x[1, 2, 0] == 10)
  }
}
