/// A learning rate that falls by a factor when a watched number has stopped to improve.
///
///     var plateau = ReduceOnPlateau(from: 0.1, patience: 5)
///     for epoch in 0..<100 {
///       …
///       optimizer.learningRate = plateau.learningRate(after: validationLoss)
///     }
///
/// Its state is the present rate, the best number and how long ago that was.
public struct ReduceOnPlateau: Resumable {
  /// The present rate.
  public private(set) var learningRate: Double
  private let factor, minimum: Double
  private let patience, cooldown: Int
  private var improvement: Improvement
  private var cooling = 0

  /// Creates a schedule.
  ///
  /// - Parameters:
  ///   - learningRate: The first rate.
  ///   - factor: What the rate is multiplied by, in 0 ..< 1.
  ///   - patience: After how many numbers in a row without improvement the rate falls, at least 1.
  ///   - minimumChange: An improvement is larger than this.
  ///   - cooldown: For how many numbers after a fall no other one is prepared.
  ///   - minimum: The rate is never below this.
  ///   - goal: Whether the number should become small or large.
  public init(
    from learningRate: Double, factor: Double = 0.1, patience: Int = 10, minimumChange: Double = 1e-4,
    cooldown: Int = 0,
    minimum: Double = 0, goal: Goal = .smallest
  ) {
    let check = SettingCheck("ReduceOnPlateau")
    check.learningRate(learningRate)
    check.fraction("factor", factor)
    check.notNegative("minimum", minimum)
    require(cooldown >= 0, "ReduceOnPlateau: the cooldown \(cooldown) is negative")
    (self.learningRate, self.factor, self.minimum) = (learningRate, factor, minimum)
    (self.patience, self.cooldown) = (patience, cooldown)
    improvement = Improvement("ReduceOnPlateau", goal, minimumChange: minimumChange, patience: patience)
  }

  /// Takes a number in, usually the validation loss of an epoch.
  ///
  /// - Parameter value: The number; NaN is never an improvement.
  /// - Returns: The rate from now on.
  public mutating func learningRate(after value: Double) -> Double {
    _ = improvement.isBetter(value)
    if cooling > 0 {
      cooling -= 1
      improvement.reset()
    } else if improvement.waiting >= patience {
      learningRate = Swift.min(learningRate, Swift.max(minimum, learningRate * factor))
      cooling = cooldown
      improvement.reset()
    }
    return learningRate
  }

  /// The rate, the best number, and the counts since then.
  public var state: TrainingState {
    var state = TrainingState(
      tensors: ["learningRate": Tensor(learningRate, dtype: .float64)], counters: ["cooling": cooling])
    improvement.save(into: &state)
    return state
  }

  /// Goes back to a saved state.
  public mutating func restore(_ state: TrainingState) throws(TrainingStateError) {
    var state = state, restored = self
    restored.learningRate = try state.takeNumber("learningRate")
    restored.cooling = try state.takeCounter("cooling", in: 0...Int.max)
    try restored.improvement.take(from: &state)
    try state.requireEmpty()
    self = restored
  }
}
