/// Adam: steps scaled by running moments of the gradient.
///
///     g = ∇f(p) + λ p                          λ: weight decay
///     m = β₁ m + (1 − β₁) g
///     v = β₂ v + (1 − β₂) g²
///     p = p − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)     t: the number of this update
///
/// Source: Kingma & Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015, algorithm 1.
public final class Adam: Optimizer {
  /// The step size η.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The running moments m and v.
  public var states = ParameterStates("firstMoment", "secondMoment")
  private static let check = SettingCheck("Adam")
  private let moments: AdamMoments

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The step size η.
  ///   - beta1: The decay β₁ of the first moment.
  ///   - beta2: The decay β₂ of the second moment.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  ///   - weightDecay: The weight decay λ, added to the gradient.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    Self.check.learningRate(learningRate)
    self.learningRate = learningRate
    moments = AdamMoments(beta1, beta2, epsilon, weightDecay, decoupled: false, Self.check)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      moments.step(
        update, learningRate: learningRate, momentRate: learningRate / biasCorrection(moments.beta1, update.updates))
    }
  }
}
