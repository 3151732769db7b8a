import AdjointLayers
import Testing

@Suite struct `Gradients along time` {
  let key = RandomKey(seed: 6)

  /// The norms of a plain cell with one unit at a point where its function has the same slope in every step.
  private func report(
    _ weight: Double, steps: Int, activation: RNNCell.Activation = .tanh, input: Double = 0, state: Double = 0
  ) -> StepGradients {
    withDefaultDType(.float64) {
      let cell = RNNCell(1, 1, activation: activation, bias: .none, key: key)
      cell.input.$weight.value = [[1]]
      cell.state.$weight.value = Tensor([weight], shape: [1, 1])
      let x = Variable(Tensor(repeating: input, shape: [steps, 1, 1]))
      return StepGradients(of: cell, over: x, from: Variable(Tensor([state], shape: [1, 1]))) { $0.last.sum() }
    }
  }

  @Test(arguments: [(0.5, 7.889e-31), (0.9, 2.656e-05), (1.1, 13780.6)])
  func `shrink or grow with the power of the step's slope`(weight: Double, expected: Double) {
    // 003-08: dh_T/dh_0 of tanh at 0 after 100 steps.
    let report = report(weight, steps: 100)
    #expect(report.norms.count == 101 && report.norms[100] == 1)
    #expect(Swift.abs(report.norms[0] / expected - 1) < 1e-3)
    #expect(report.ratio == report.norms[0])
    for (before, after) in zip(report.norms, report.norms.dropFirst()) {
      #expect(Swift.abs(before / after / weight - 1) < 1e-12)
    }
  }

  @Test func `of the logistic function shrink to a quarter in every step at least`() {
    // 003-08: h = σ(h + x) with h = ½ and x = −½, where the slope is largest.
    let report = report(1, steps: 50, activation: .sigmoid, input: -0.5, state: 0.5)
    #expect(Swift.abs(report.norms[0] / 7.889e-31 - 1) < 1e-3)
  }

  @Test func `pass an open memory unchanged`() {
    // 003-09: forget gates of exactly 1 and input gates of exactly 0, for 1000 steps.
    let cell = LSTMCell(1, 2, key: key)
    cell.input.bias?.value = Tensor([-1000, -1000, 1000, 1000, 0, 0, 0, 0])
    let tape = Tape()
    let initial = LSTMState(hidden: tape.variable([[0.1, 0.2]]), cell: tape.variable([[0.5, -2]]))
    let x = Variable(Tensor(normal: [1000, 1, 1], key: key))
    let last = cell.sequence(over: x, from: initial, lengths: nil, reversed: false).last
    #expect(last.cell.value == [[0.5, -2]])
    #expect(last.cell.sum().gradients()[initial.cell].value == [[1, 1]])
  }

  @Test func `are reported for every step, as numbers and as bars`() {
    let text = report(0.5, steps: 3).description.split(separator: "\n")
    #expect(text.count == 4)
    #expect(text[0].hasPrefix("0\t0.125\t") && text[3].hasPrefix("3\t1.0\t"))
    #expect(text[0].count { $0 == "█" } < text[3].count { $0 == "█" })
    #expect(report(1, steps: 0).norms == [1] && report(1, steps: 0).ratio == 1)
  }

  @Test func `cover both parts of a memory's state, and rows of any length`() {
    let cell = LSTMCell(1, 3, key: key)
    let x = Variable(Tensor(normal: [4, 2, 1], key: key))
    let report = StepGradients(of: cell, over: x, lengths: [4, 2]) { $0.last.hidden.sum() }
    #expect(report.norms.count == 5 && report.norms.allSatisfy { $0 > 0 && $0.isFinite })
    #expect(StepGradients(of: cell, over: x) { $0.outputs.sum() * 0 }.ratio == 1)
  }
}
