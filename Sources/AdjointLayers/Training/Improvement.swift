/// Whether a watched number should become small, as a loss, or large, as an accuracy.
public enum Goal: Sendable {
  /// Smaller is better.
  case smallest
  /// Larger is better.
  case largest
}

/// The best number so far, and how many have come since that were no better.
struct Improvement {
  let goal: Goal
  let minimumChange: Double
  private(set) var best: Double?
  private(set) var waiting = 0

  init(_ name: StaticString, _ goal: Goal, minimumChange: Double, patience: Int) {
    require(patience >= 1, "\(name): the patience \(patience) is not at least 1")
    require(
      minimumChange >= 0 && minimumChange.isFinite,
      "\(name): the minimum change \(minimumChange) is not a number from 0 on")
    (self.goal, self.minimumChange) = (goal, minimumChange)
  }

  /// Takes the next number in; NaN is never better.
  mutating func isBetter(_ value: Double) -> Bool {
    let gain = best.map { goal == .smallest ? $0 - value : value - $0 }
    // Nothing is better than nothing, unless it is NaN; equal infinities have a gain of NaN.
    let isBetter = gain.map { $0 > minimumChange } ?? !value.isNaN
    if isBetter { best = value }
    waiting = isBetter ? 0 : waiting + 1
    return isBetter
  }

  mutating func reset() { waiting = 0 }

  /// The best number, unless there is none, and the count, into a state.
  func save(into state: inout TrainingState) {
    if let best { state.tensors["best"] = Tensor(best, dtype: .float64) }
    state.counters["waiting"] = waiting
  }

  mutating func take(from state: inout TrainingState) throws(TrainingStateError) {
    let waiting = try state.takeCounter("waiting", in: 0...Int.max)
    best = state.tensors["best"] == nil ? nil : try state.takeNumber("best")
    self.waiting = waiting
  }
}
