import AdjointKernels

/// Adagrad: steps that shrink with all the gradients that an element has seen.
///
///     g = ∇f(p) + λ p                          λ: weight decay
///     s = s + g²
///     p = p − η / (1 + (t − 1) δ) · g / (√s + ε)     t: the number of this update, δ: rate decay
///
/// Source: Duchi, Hazan & Singer, *Adaptive Subgradient Methods for Online Learning and Stochastic Optimization*, JMLR 2011,
/// eq. 1 with a diagonal matrix.
public final class Adagrad: Optimizer {
  /// The step size η.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The sum s of squared gradients.
  public var states = ParameterStates("sumOfSquares")
  private static let check = SettingCheck("Adagrad")
  private let rateDecay, initialSum, epsilon: Double
  private let weightDecay: WeightDecay

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The step size η.
  ///   - rateDecay: The pace δ at which the step size falls.
  ///   - initialSum: What s starts with.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  ///   - weightDecay: The weight decay λ, added to the gradient.
  ///   - decoupled: Whether the weight decay acts on the parameter itself, as in ``AdamW``.
  public init(
    learningRate: Double = 1e-2, rateDecay: Double = 0, initialSum: Double = 0, epsilon: Double = 1e-10,
    weightDecay: Double = 0, decoupled: Bool = false
  ) {
    Self.check.learningRate(learningRate)
    Self.check.notNegative("rate decay", rateDecay)
    Self.check.notNegative("initial sum", initialSum)
    Self.check.positive("number epsilon", epsilon)
    (self.learningRate, self.rateDecay, self.initialSum, self.epsilon) = (learningRate, rateDecay, initialSum, epsilon)
    self.weightDecay = WeightDecay(weightDecay, decoupled: decoupled, Self.check)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      if update.updates == 1 { adjoint_fill(update.dtype, update.states[0], initialSum, update.count) }
      let rate = learningRate / (1 + Double(update.updates - 1) * rateDecay)
      var settings = adjoint_adagrad(decay: weightDecay.kernel(rate), rate: rate, epsilon: epsilon)
      adjoint_adagrad_step(update.dtype, update.value, update.gradient, update.states, &settings, update.count)
    }
  }
}
