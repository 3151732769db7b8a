import AdjointAutodiff
import Testing

@Suite struct `A tape that grows from step to step` {
  /// Trains for some steps on one tape.
  @Sendable private static func train(steps: Int, resetting: Bool) {
    let tape = Tape()
    var state = tape.variable(1)
    for _ in 0..<steps {
      state = sin(state) * tape.variable(0.5)
      _ = state.gradients()
      if resetting {
        tape.reset()
        state = tape.variable(state.value)
      }
    }
  }

  @Test func `is warned of once, with the place that records`() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      Self.train(steps: 300, resetting: false)
    }
    let text = standardError(result)
    #expect(text.split(separator: "\n").count { $0.contains("warning: a tape has grown") } == 1, "\(text)")
    #expect(text.contains("a tape has grown for 101 steps without a reset: 304 entries keep "))
    #if os(Linux) && DEBUG
    #expect(text.contains(", recorded at AdjointAutodiffTests/LeakGuardTests.swift:"), "\(text)")
    #expect(text.contains(".train") && text.contains("steps:resetting:"), "\(text)")
    #endif
  }

  @Test func `around a training loop is warned of, too`() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let weight = Parameter(1)
      Tape().recording {
        for _ in 0..<120 { _ = valueWithGradients { weight.wrappedValue * 2 } }
      }
    }
    #expect(standardError(result).contains("warning: a tape has grown"))
  }

  @Test func `is not warned of where it is reset, swept again or short`() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      Self.train(steps: 300, resetting: true)
      Self.train(steps: 90, resetting: false)
      let tape = Tape()
      let y = sin(tape.variable(1))
      for _ in 0..<300 { _ = y.gradients(recorded: true) }
      let weight = Parameter(1)
      for _ in 0..<300 { _ = valueWithGradients { weight.wrappedValue * 2 } }
    }
    #expect(!standardError(result).contains("warning: a tape has grown"))
  }
}
