/// NAdam: Adam with Nesterov's momentum, so that a step looks ahead along the present gradient.
///
///     g = ∇f(p) + λ p                          λ: weight decay
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²
///     μₜ = β₁ (1 − ½ · 0.96^(t ψ))             t: the number of this update
///     p = p − η [μₜ₊₁ m / (1 − μ₁ ⋯ μₜ₊₁) + (1 − μₜ) g / (1 − μ₁ ⋯ μₜ)] / (√(v / (1 − β₂ᵗ)) + ε)
///
/// Source: Dozat, *Incorporating Nesterov Momentum into Adam*, ICLR workshop 2016, with the schedule of μ that it recommends.
public final class NAdam: Optimizer {
  /// The step size η.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The running moments m and v.
  public var states = ParameterStates("firstMoment", "secondMoment")
  private static let check = SettingCheck("NAdam")
  private let moments: AdamMoments
  private let momentumDecay: Double
  // The products μ₁ ⋯ μₜ, from t = 0, until they no longer count beside 1. They depend on t alone and need not be saved.
  private var products = [1.0]

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The step size η.
  ///   - beta1: The decay β₁ of the first moment.
  ///   - beta2: The decay β₂ of the second moment.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  ///   - momentumDecay: The pace ψ at which μ grows towards β₁.
  ///   - weightDecay: The weight decay λ, added to the gradient.
  ///   - decoupled: Whether the weight decay acts on the parameter itself, as in ``AdamW``.
  public init(
    learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    momentumDecay: Double = 0.004, weightDecay: Double = 0, decoupled: Bool = false
  ) {
    Self.check.learningRate(learningRate)
    self.learningRate = learningRate
    Self.check.notNegative("momentum decay", momentumDecay)
    self.momentumDecay = momentumDecay
    moments = AdamMoments(beta1, beta2, epsilon, weightDecay, decoupled: decoupled, Self.check)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      let t = update.updates
      moments.step(
        update, learningRate: learningRate, momentRate: learningRate * momentum(t + 1) / (1 - product(t + 1)),
        gradientRate: learningRate * (1 - momentum(t)) / (1 - product(t)))
    }
  }

  private func momentum(_ t: Int) -> Double { moments.beta1 * (1 - 0.5 * power(0.96, Double(t) * momentumDecay)) }

  private func product(_ t: Int) -> Double {
    while products.count <= t, let last = products.last, last > 1e-18 {
      products.append(last * momentum(products.count))
    }
    return products.count > t ? products[t] : 0
  }
}
