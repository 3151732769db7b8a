/// Adam with weight decay that acts on the parameter itself, not through the moments.
///
///     p = p − η λ p                            λ: weight decay
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²          g = ∇f(p)
///     p = p − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)     t: the number of this update
///
/// Source: Loshchilov & Hutter, *Decoupled Weight Decay Regularization*, ICLR 2019, algorithm 2.
public final class AdamW: Optimizer {
  /// The step size η.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The running moments m and v.
  public var states = ParameterStates("firstMoment", "secondMoment")
  private static let check = SettingCheck("AdamW")
  private let moments: AdamMoments

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The step size η.
  ///   - beta1: The decay β₁ of the first moment.
  ///   - beta2: The decay β₂ of the second moment.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  ///   - weightDecay: The weight decay λ, applied to the parameter.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 1e-2
  ) {
    Self.check.learningRate(learningRate)
    self.learningRate = learningRate
    moments = AdamMoments(beta1, beta2, epsilon, weightDecay, decoupled: true, Self.check)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      moments.step(
        update, learningRate: learningRate, momentRate: learningRate / biasCorrection(moments.beta1, update.updates))
    }
  }
}
