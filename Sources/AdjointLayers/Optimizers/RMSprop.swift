import AdjointKernels

/// RMSprop: gradients divided by a running average of their size.
///
///     g = ∇f(p) + λ p                          λ: weight decay
///     s = α s + (1 − α) g²
///     q = α q + (1 − α) g                      where centred; else q is 0
///     d = g / (√(s − q²) + ε)
///     m = μ m + d                              μ: momentum
///     p = p − η m
///
/// Rounding can make s − q² negative; it then counts as 0.
///
/// Source: Tieleman & Hinton, *Neural Networks for Machine Learning*, lecture 6.5, 2012; centred: Graves, *Generating Sequences
/// With Recurrent Neural Networks*, arXiv:1308.0850, eqs. 38–41.
public final class RMSprop: Optimizer {
  /// The step size η.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The running averages: s, then q where centred, then m where there is momentum.
  public var states: ParameterStates
  private static let check = SettingCheck("RMSprop")
  private let alpha, epsilon, momentum: Double
  private let centred: Bool
  private let weightDecay: WeightDecay

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The step size η.
  ///   - alpha: The decay α of the running averages.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  ///   - momentum: The momentum μ.
  ///   - centred: Whether the divisor is the running standard deviation instead of the running root mean square.
  ///   - weightDecay: The weight decay λ, added to the gradient.
  ///   - decoupled: Whether the weight decay acts on the parameter itself, as in ``AdamW``.
  public init(
    learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    centred: Bool = false, weightDecay: Double = 0, decoupled: Bool = false
  ) {
    Self.check.learningRate(learningRate)
    Self.check.fraction("decay alpha", alpha)
    Self.check.positive("number epsilon", epsilon)
    Self.check.fraction("momentum", momentum)
    (self.learningRate, self.alpha, self.epsilon) = (learningRate, alpha, epsilon)
    (self.momentum, self.centred) = (momentum, centred)
    self.weightDecay = WeightDecay(weightDecay, decoupled: decoupled, Self.check)
    states = ParameterStates(
      names: ["squaredGradients"] + (centred ? ["gradients"] : []) + (momentum == 0 ? [] : ["momentum"]))
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      var settings = adjoint_rmsprop(
        decay: weightDecay.kernel(learningRate), rate: learningRate, alpha: alpha, epsilon: epsilon,
        momentum: momentum, centred: centred)
      adjoint_rmsprop_step(update.dtype, update.value, update.gradient, update.states, &settings, update.count)
    }
  }
}
