import AdjointKernels

/// Adadelta: steps in the units of the parameter, from running averages of squared gradients and of squared steps.
///
///     g = ∇f(p) + λ p                          λ: weight decay
///     s = ρ s + (1 − ρ) g²
///     d = √(u + ε) / √(s + ε) · g
///     u = ρ u + (1 − ρ) d²
///     p = p − η d
///
/// Source: Zeiler, *ADADELTA: An Adaptive Learning Rate Method*, arXiv:1212.5701, algorithm 1, where η is 1.
public final class Adadelta: Optimizer {
  /// The factor η of all steps.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The running averages s and u.
  public var states = ParameterStates("squaredGradients", "squaredSteps")
  private static let check = SettingCheck("Adadelta")
  private let rho, epsilon: Double
  private let weightDecay: WeightDecay

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The factor η of all steps.
  ///   - rho: The decay ρ of the running averages.
  ///   - epsilon: The number ε that starts the steps and keeps the divisor from 0.
  ///   - weightDecay: The weight decay λ, added to the gradient.
  ///   - decoupled: Whether the weight decay acts on the parameter itself, as in ``AdamW``.
  public init(
    learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0,
    decoupled: Bool = false
  ) {
    Self.check.learningRate(learningRate)
    Self.check.fraction("decay rho", rho)
    Self.check.positive("number epsilon", epsilon)
    (self.learningRate, self.rho, self.epsilon) = (learningRate, rho, epsilon)
    self.weightDecay = WeightDecay(weightDecay, decoupled: decoupled, Self.check)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      var settings = adjoint_adadelta(
        decay: weightDecay.kernel(learningRate), rate: learningRate, rho: rho, epsilon: epsilon)
      adjoint_adadelta_step(update.dtype, update.value, update.gradient, update.states, &settings, update.count)
    }
  }
}
