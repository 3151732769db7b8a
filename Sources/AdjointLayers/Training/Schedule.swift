/// A learning rate for every step, as a pure function of the step.
///
///     let schedule = Schedule.cosine(from: 0.1, to: 0.001, over: 1000).warmingUp(over: 50)
///     for step in 0..<1000 {
///       optimizer.learningRate = schedule(step)
///       …
///     }
///
/// A step may be an update or an epoch, whatever the loop counts, and starts at 0. There is no state: training that resumes at a
/// step asks for that step's rate. What depends on the losses is ``ReduceOnPlateau``.
public struct Schedule: Sendable {
  private let rate: @Sendable (Int) -> Double

  /// Creates a schedule.
  ///
  /// - Parameter rate: Gives the rate of a step.
  public init(_ rate: @escaping @Sendable (Int) -> Double) { self.rate = rate }

  /// The rate of a step.
  ///
  /// - Parameter step: The step, from 0.
  /// - Returns: The learning rate.
  public func callAsFunction(_ step: Int) -> Double {
    require(step >= 0, "Schedule: there is no step \(step); the first one is 0")
    return rate(step)
  }

  /// The schedule, begun gently: step t < `steps` has (t + 1) / `steps` of its rate.
  ///
  /// - Parameter steps: The number of steps until the full rate, at least 1.
  /// - Returns: The schedule.
  /// - SeeAlso: Goyal et al., *Accurate, Large Minibatch SGD*, arXiv:1706.02677, section 2.2.
  public func warmingUp(over steps: Int) -> Schedule {
    Self.check("warmingUp", steps: steps)
    return Schedule { step in rate(step) * Swift.min(1, Double(step + 1) / Double(steps)) }
  }

  /// The schedule for a number of steps, and then another one, which counts its steps from there.
  ///
  /// - Parameters:
  ///   - next: The schedule that follows.
  ///   - steps: The number of steps that this schedule has, at least 1.
  /// - Returns: The schedule.
  public func followed(by next: Schedule, after steps: Int) -> Schedule {
    Self.check("followed", steps: steps)
    return Schedule { step in step < steps ? rate(step) : next.rate(step - steps) }
  }

  static func check(_ name: StaticString, steps: Int) {
    require(steps >= 1, "Schedule.\(name): \(steps) is no number of steps; it must be at least 1")
  }

  static func check(_ name: StaticString, _ setting: StaticString = "rate", _ values: Double...) {
    for value in values {
      require(value >= 0 && value.isFinite, "Schedule.\(name): the \(setting) \(value) is not a number from 0 on")
    }
  }
}
