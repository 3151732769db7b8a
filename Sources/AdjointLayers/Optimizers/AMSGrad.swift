/// AMSGrad: Adam whose step sizes never grow, because the divisor is the largest second moment so far.
///
///     g = ∇f(p) + λ p                          λ: weight decay
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²,   w = max(w, v)
///     p = p − η (m / (1 − β₁ᵗ)) / (√(w / (1 − β₂ᵗ)) + ε)     t: the number of this update
///
/// Source: Reddi, Kale & Kumar, *On the Convergence of Adam and Beyond*, ICLR 2018, algorithm 2, with the corrections of Adam and
/// its ε, as is usual.
public final class AMSGrad: Optimizer {
  /// The step size η.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The running moments m and v, and the largest v.
  public var states = ParameterStates("firstMoment", "secondMoment", "largestSecondMoment")
  private static let check = SettingCheck("AMSGrad")
  private let moments: AdamMoments

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The step size η.
  ///   - beta1: The decay β₁ of the first moment.
  ///   - beta2: The decay β₂ of the second moment.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  ///   - weightDecay: The weight decay λ, added to the gradient.
  ///   - decoupled: Whether the weight decay acts on the parameter itself, as in ``AdamW``.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, decoupled: Bool = false
  ) {
    Self.check.learningRate(learningRate)
    self.learningRate = learningRate
    moments = AdamMoments(beta1, beta2, epsilon, weightDecay, decoupled: decoupled, Self.check)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      moments.step(
        update, learningRate: learningRate, momentRate: learningRate / biasCorrection(moments.beta1, update.updates),
        keepsMaximum: true)
    }
  }
}
