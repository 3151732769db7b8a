import AdjointLayers
import Testing

@Suite struct `A schedule` {
  private func rates(_ schedule: Schedule, _ steps: [Int]) -> [Double] { steps.map { schedule($0) } }

  private func expect(
    _ schedule: Schedule, _ expected: [Int: Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (step, rate) in expected.sorted(by: { $0.key < $1.key }) {
      #expect(
        abs(schedule(step) - rate) <= 1e-14 * max(1, rate.magnitude), "step \(step): \(schedule(step)), not \(rate)",
        sourceLocation: sourceLocation)
    }
  }

  @Test func `may be constant, a staircase or a power of the step`() {
    expect(.constant(0.1), [0: 0.1, 1000: 0.1])
    expect(.step(8, every: 3, factor: 0.5), [0: 8, 2: 8, 3: 4, 5: 4, 6: 2, 9: 1])
    expect(.multiStep(1, at: [2, 5], factor: 0.1), [0: 1, 1: 1, 2: 0.1, 4: 0.1, 5: 0.01, 100: 0.01])
    expect(.multiStep(1, at: [], factor: 0.1), [7: 1])
    expect(.exponential(2, factor: 0.5), [0: 2, 1: 1, 4: 0.125])
  }

  @Test func `may be a line or a curve to an end, where it stays`() {
    expect(.linear(from: 0, to: 1, over: 4), [0: 0, 1: 0.25, 4: 1, 9: 1])
    expect(.polynomial(from: 1, to: 0.5, over: 2, power: 2), [0: 1, 1: 0.625, 2: 0.5, 3: 0.5])
    expect(.cosine(from: 3, to: 1, over: 4), [0: 3, 2: 2, 4: 1, 5: 1])
  }

  @Test func `may restart`() {
    expect(.cosineWithRestarts(from: 1, period: 2), [0: 1, 1: 0.5, 2: 1, 3: 0.5, 1000: 1])
    let growing = Schedule.cosineWithRestarts(from: 1, to: 0.5, period: 2, growth: 2)
    // Periods 2, 4, 8.
    expect(growing, [0: 1, 1: 0.75, 2: 1, 4: 0.75, 6: 1, 10: 0.75, 14: 1])
  }

  @Test func `may be one cycle, up and down`() {
    let cycle = Schedule.oneCycle(peak: 1, over: 11, rising: 6.0 / 11, initialDivisor: 4, finalDivisor: 5)
    // Up from 1/4 over steps 0 ... 5, down to 1/20 over steps 5 ... 10.
    expect(cycle, [0: 0.25, 5: 1, 10: 0.05, 11: 0.05, 50: 0.05])
    #expect(zip(rates(cycle, Array(0..<5)), rates(cycle, Array(1...5))).allSatisfy { $0 < $1 })
    #expect(zip(rates(cycle, Array(5..<10)), rates(cycle, Array(6...10))).allSatisfy { $0 > $1 })
    expect(.oneCycle(peak: 1, over: 1), [0: 1])
    expect(.oneCycle(peak: 1, over: 3, rising: 0, initialDivisor: 2, finalDivisor: 5), [0: 1, 1: 0.55, 2: 0.1])
    expect(.oneCycle(peak: 1, over: 3, rising: 1, initialDivisor: 2), [0: 0.5, 1: 0.75, 2: 1])
  }

  @Test func `may warm up, and be followed by another one`() {
    expect(Schedule.constant(2).warmingUp(over: 4), [0: 0.5, 1: 1, 3: 2, 4: 2])
    expect(Schedule.exponential(2, factor: 0.5).warmingUp(over: 2), [0: 1, 1: 1, 2: 0.5])
    let joined = Schedule.linear(from: 0, to: 1, over: 2).followed(by: .exponential(1, factor: 0.5), after: 2)
    expect(joined, [0: 0, 1: 0.5, 2: 1, 3: 0.5])
    expect(Schedule { 1 / Double($0 + 1) }, [0: 1, 3: 0.25])
  }
}

@Suite struct `Reducing on a plateau` {
  @Test func `multiplies the rate after too many numbers without improvement`() {
    var plateau = ReduceOnPlateau(from: 1, factor: 0.5, patience: 2, minimumChange: 0.1, minimum: 0.2)
    let losses = [5, 4, 3.95, 3.95, 4, 3, .nan, 3, 3, 3, 3, 3]
    // 4 is better than 5 by more than 0.1; 3.95 twice is not; and so on. The rate never falls below 0.2.
    let expected = [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2]
    #expect(losses.map { plateau.learningRate(after: $0) } == expected)
  }

  @Test func `watches numbers that should grow, and waits after a change`() {
    var plateau = ReduceOnPlateau(from: 1, factor: 0.5, patience: 1, cooldown: 2, goal: .largest)
    #expect([1, 2, 1, 1, 1, 1, 3].map { plateau.learningRate(after: $0) } == [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25])
  }

  @Test func `goes on where it was when restored`() throws {
    var plateau = ReduceOnPlateau(from: 1, factor: 0.5, patience: 2, cooldown: 1)
    for loss in [3.0, 2, 2, 2] { _ = plateau.learningRate(after: loss) }
    var again = ReduceOnPlateau(from: 1, factor: 0.5, patience: 2, cooldown: 1)
    try again.restore(plateau.state)
    #expect(again.learningRate == 0.5 && again.state == plateau.state)
    for loss in [2.0, 2, 2, 2] {
      #expect(plateau.learningRate(after: loss) == again.learningRate(after: loss))
    }
    #expect(plateau.learningRate == 0.25)
    #expect(throws: TrainingStateError.missing(name: "cooling")) {
      try again.restore(TrainingState(tensors: ["learningRate": Tensor(1, dtype: .float64)]))
    }
    #expect(again.state == plateau.state)
  }
}
