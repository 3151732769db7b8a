import AdjointAutodiff
import Testing

@Suite struct `Shaping` {
  private let vector: Variable = [0, 1, 2, 3, 4, 5]

  @Test(arguments: [nil, 0, 1, 5, 6, -1, -6] as [Int?], [nil, 0, 2, 6, -2] as [Int?])
  func `slices with steps agree with stride`(start: Int?, end: Int?) {
    for step in [1, 2, 4, 7, -1, -2, -5] {
      if step < 0 && start == 6 { continue }
      let from = start.map { $0 < 0 ? $0 + 6 : $0 } ?? (step > 0 ? 0 : 5)
      let to = end.map { $0 < 0 ? $0 + 6 : $0 } ?? (step > 0 ? 6 : -1)
      let expected = Swift.stride(from: from, to: to, by: step).map(Double.init)
      #expect(vector.slice(along: 0, from: start, to: end, by: step).scalars(as: Double.self) == expected)
    }
  }

  @Test func `pieces of a variable are what it was made of`() {
    let a = constant([2, 3]), b = constant([2, 3], seed: 2)
    for axis in [0, 1, 2, -1, -3] {
      let parts = stack([a, b], along: axis).unstacked(along: axis)
      #expect(parts.map(\.value) == [a.value, b.value])
    }
    let pieces = concatenate([a, b], along: 1).split(into: [3, 0, 3], along: 1)
    #expect(pieces.map(\.shape) == [[2, 3], [2, 0], [2, 3]])
    #expect(pieces[2].value == b.value)
    #expect(vector.chunked(by: 4).map(\.shape) == [[4], [2]])
    #expect(stack([1, 2, 3]).shape == [3])
  }

  @Test func `axes of extent 1 come and go`() {
    let x = constant([2, 1, 3, 1])
    #expect(x.squeezed().shape == [2, 3])
    #expect(x.squeezed(along: -1).shape == [2, 1, 3])
    #expect(constant([]).expandedDims(at: 0).shape == [1])
    #expect(constant([2, 3]).expandedDims(at: -1).shape == [2, 3, 1])
    #expect(constant([2, 0]).flattened().shape == [0])
  }

  @Test func `elements move to where they ought to`() {
    let x: Variable = [[1, 2, 3], [4, 5, 6]]
    #expect(x.flipped(along: 1).value == [[3, 2, 1], [6, 5, 4]])
    #expect(x.flipped().value == [[6, 5, 4], [3, 2, 1]])
    #expect(x.rolled(by: 1, along: 1).value == [[3, 1, 2], [6, 4, 5]])
    #expect(x.rolled(by: -4, along: 1).value == [[2, 3, 1], [5, 6, 4]])
    #expect(x.tiled([1, 2]).value == [[1, 2, 3, 1, 2, 3], [4, 5, 6, 4, 5, 6]])
    #expect(x.repeated(2, along: 0).value == [[1, 2, 3], [1, 2, 3], [4, 5, 6], [4, 5, 6]])
    #expect(x.padded(before: [1, 0], after: [0, 1], with: 9).value == [[9, 9, 9, 9], [1, 2, 3, 9], [4, 5, 6, 9]])
    #expect(x.lowerTriangle().value == [[1, 0, 0], [4, 5, 0]])
    #expect(x.lowerTriangle(offset: -1).value == [[0, 0, 0], [4, 0, 0]])
    #expect(x.upperTriangle(offset: 1).value == [[0, 2, 3], [0, 0, 6]])
    #expect(x.diagonal().value == [1, 5])
    #expect(x.diagonal(offset: 2).value == [3])
    #expect(x.diagonal(offset: -5).shape == [0])
    #expect(Variable([1, 2]).diagonalMatrix(offset: -1).value == [[0, 0, 0], [1, 0, 0], [0, 2, 0]])
    #expect(x.trace().item() == 6)
    #expect(oneHot([1, 0], classes: 3, dtype: .float32).value == [[0, 1, 0], [1, 0, 0]])
  }

  @Test func `nothing stays nothing`() {
    let none = constant([0, 3])
    #expect(none.flipped().shape == [0, 3])
    #expect(none.rolled(by: 2, along: 0).shape == [0, 3])
    #expect(none.tiled([2, 2]).shape == [0, 6])
    #expect(none.sorted(along: 0).shape == [0, 3])
    #expect(none.padded(before: [1, 0], after: [0, 0]).value == Tensor(zeros: [1, 3], dtype: .float64))
    #expect(none.slice(along: 0, by: -2).shape == [0, 3])
    #expect(none.diagonal().shape == [0])
  }

  @Test func `sorting is stable and puts NaN last`() {
    let x = Variable(Tensor([2, .nan, 1, 2, -Double.infinity, 1], dtype: .float64))
    #expect(x.argsort() == [4, 2, 5, 0, 3, 1])
    #expect(x.argsort(descending: true) == [0, 3, 2, 5, 4, 1])
    #expect(x.topK(2).positions == [0, 3])
    #expect(x.topK(3, smallest: true).positions == [4, 2, 5])
    let matrix: Variable = [[3, 1], [2, 5], [9, 0]]
    #expect(matrix.sorted(along: 0).value == [[2, 0], [3, 1], [9, 5]])
    #expect(matrix.topK(1, along: 0).values.value == [[9, 5]])
    let result = valueAndGradient(of: { $0.topK(2).values * [10, 1] }, at: [1, 3, 3, 0])
    #expect(result.gradient == [0, 10, 1, 0])
  }

  @Test func `a triangle does not look at what it cuts off`() {
    let result = valueAndGradient(of: { $0.lowerTriangle() }, at: [1, .infinity, 3, 4], shape: [2, 2])
    #expect(result.value == [1, 0, 3, 4])
    #expect(result.gradient == [1, 0, 1, 1])
  }

  @Test func `what does not fit is named`() async {
    expectStop(
      "slice: start 7 is outside axis 0 of shape [6]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Variable([0, 1, 2, 3, 4, 5]).slice(along: 0, from: 7)
      })
    expectStop(
      "split: pieces of [1, 2] do not make up axis 1 of shape [2, 4]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Variable(Tensor(zeros: [2, 4])).split(into: [1, 2])
      })
    expectStop(
      "squeeze: axis 0 of shape [2, 1] has extent 2",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Variable(Tensor(zeros: [2, 1])).squeezed(along: 0)
      })
    expectStop(
      "topK: 5 elements of axis 0 of shape [3]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Variable(Tensor(zeros: [3])).topK(5)
      })
  }
}
