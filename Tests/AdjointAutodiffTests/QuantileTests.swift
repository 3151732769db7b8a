import AdjointAutodiff
import Testing

@Suite struct `Quantiles and norms` {
  @Test func `quantiles lie between elements in proportion`() {
    let x: Variable = [[3, 1, 2, 4], [10, 40, 20, 30]]
    #expect(x.quantile(0, along: 1).value == [1, 10])
    #expect(x.quantile(1, along: 1).value == [4, 40])
    #expect(x.median(along: 1).value == [2.5, 25])
    #expect(x.median(along: 0, keepingAxes: true).value == [[6.5, 20.5, 11, 17]])
    #expect(x.median().item() == 7)
    #expect(x.quantile(0.25, along: [0, 1], keepingAxes: true).shape == [1, 1])
    #expect(Variable(5).median().item() == 5)
    #expect(Variable(Tensor(zeros: [0, 3])).median(along: 1).shape == [0])
  }

  @Test func `they agree with those of segments`() {
    let x = constant([4, 5, 3])
    let segments = IndexArray((0..<20).map { $0 % 5 })
    let expected = x.reshaped(to: [20, 3]).scatterQuantile(0.7, to: segments, count: 5)
    #expect(x.quantile(0.7, along: 0).shape == [5, 3])
    #expect(isClose(x.quantile(0.7, along: 0).scalars(), expected.scalars()))
    #expect(
      isClose(x.quantile(0.7, along: [0, 1]).scalars(), x.reshaped(to: [20, 3]).quantile(0.7, along: 0).scalars()))
  }

  @Test func `ties share the gradient`() {
    let result = valueAndGradient(of: { $0.median() }, at: [2, 1, 2, 5, 2])
    #expect(result.value == [2])
    #expect(isClose(result.gradient, [1.0 / 3, 0, 1.0 / 3, 0, 1.0 / 3]))
    #expect(valueAndGradient(of: { $0.median() }, at: [1, 4, 2, 8]).gradient == [0, 0.5, 0.5, 0])
  }

  @Test func `a quantile of nothing, or beyond 0 ... 1, is named`() async {
    expectStop(
      "median: axis 1 of shape [2, 0] has no elements",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Variable(Tensor(zeros: [2, 0])).median(along: 1)
      })
    expectStop(
      "quantile: the quantile 1.5 is outside 0 ... 1",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Variable([1, 2]).quantile(1.5)
      })
  }

  @Test(arguments: [1e300, 1e-300, 0x1p-1030]) func `a norm neither overflows nor vanishes`(_ size: Double) {
    for order in [2.0, 3, 1.5] {
      let expected = valueAndGradient(of: { $0.norm(order) }, at: [3, -4, 0])
      let result = valueAndGradient(of: { $0.norm(order) }, at: [3 * size, -4 * size, 0])
      // Numbers below the normal range have few digits.
      #expect(abs(result.value[0] / size / expected.value[0] - 1) <= (size < 1e-308 ? 1e-10 : 1e-14))
      #expect(isClose(result.gradient, expected.gradient, within: 1e-10))
    }
    let single = Variable(Tensor([3e30, 4e30], dtype: .float32)).norm()
    #expect(abs(single.item() / 5e30 - 1) <= 1e-6)
  }

  @Test func `the running maximum keeps its first place, and NaN`() {
    let x = Variable(Tensor([1, 5, 3, 5, 2, .nan, 3, 9] as [Double], shape: [4, 2]))
    #expect(x.cumulativeMax(along: 0).slice(0..<1, along: 1).value == [[1], [3], [3], [3]])
    let second: [Double] = x.cumulativeMax(along: 0).slice(1..<2, along: 1).scalars()
    #expect(second[1] == 5 && second[2].isNaN && second[3].isNaN)
    #expect(valueAndGradient(of: { $0.cumulativeMax(along: 0) }, at: [1, 3, 3, 2]).gradient == [1, 3, 0, 0])
    #expect(Variable(Tensor(zeros: [2, 0])).cumulativeMax(along: 1).shape == [2, 0])
  }
}
