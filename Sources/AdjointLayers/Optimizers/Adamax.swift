import AdjointKernels

/// Adamax: Adam with the largest recent gradient as the divisor.
///
///     g = ∇f(p) + λ p                          λ: weight decay
///     m = β₁ m + (1 − β₁) g
///     u = max(β₂ u, |g| + ε)
///     p = p − η (m / (1 − β₁ᵗ)) / u            t: the number of this update
///
/// Source: Kingma & Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015, algorithm 2; ε keeps the divisor from 0.
public final class Adamax: Optimizer {
  /// The step size η.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The running moment m and the largest gradient u.
  public var states = ParameterStates("firstMoment", "largestGradient")
  private static let check = SettingCheck("Adamax")
  private let beta1, beta2, epsilon: Double
  private let weightDecay: WeightDecay

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The step size η.
  ///   - beta1: The decay β₁ of the moment.
  ///   - beta2: The decay β₂ of the largest gradient.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  ///   - weightDecay: The weight decay λ, added to the gradient.
  ///   - decoupled: Whether the weight decay acts on the parameter itself, as in ``AdamW``.
  public init(
    learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, decoupled: Bool = false
  ) {
    Self.check.learningRate(learningRate)
    Self.check.fraction("decay beta1", beta1)
    Self.check.fraction("decay beta2", beta2)
    Self.check.positive("number epsilon", epsilon)
    (self.learningRate, self.beta1, self.beta2, self.epsilon) = (learningRate, beta1, beta2, epsilon)
    self.weightDecay = WeightDecay(weightDecay, decoupled: decoupled, Self.check)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      var settings = adjoint_adamax(
        decay: weightDecay.kernel(learningRate), rate: learningRate / biasCorrection(beta1, update.updates),
        beta1: beta1, beta2: beta2, epsilon: epsilon)
      adjoint_adamax_step(update.dtype, update.value, update.gradient, update.states, &settings, update.count)
    }
  }
}
