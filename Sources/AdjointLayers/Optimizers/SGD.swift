import AdjointKernels

/// Stochastic gradient descent, with momentum, Nesterov's variant and weight decay.
///
///     g = ∇f(p) + λ p                          λ: weight decay
///     m = g at the first step, then μ m + (1 − d) g      μ: momentum, d: dampening
///     p = p − η m                              p − η (g + μ m) with Nesterov, p − η g without momentum
///
/// Source: Sutskever, Martens, Dahl & Hinton, *On the importance of initialization and momentum in deep learning*, ICML 2013.
public final class SGD: Optimizer {
  /// The step size η.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The running gradient m, where there is momentum.
  public var states: ParameterStates
  private static let check = SettingCheck("SGD")
  private let momentum, dampening: Double
  private let nesterov: Bool
  private let weightDecay: WeightDecay

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The step size η.
  ///   - momentum: The momentum μ.
  ///   - dampening: The dampening d.
  ///   - nesterov: Whether the gradient is taken ahead of the momentum.
  ///   - weightDecay: The weight decay λ, added to the gradient.
  ///   - decoupled: Whether the weight decay acts on the parameter itself, as in ``AdamW``.
  public init(
    learningRate: Double, momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false, weightDecay: Double = 0,
    decoupled: Bool = false
  ) {
    Self.check.learningRate(learningRate)
    Self.check.fraction("momentum", momentum)
    require(dampening >= 0 && dampening <= 1, "SGD: the dampening \(dampening) is outside 0 ... 1")
    require(!nesterov || momentum > 0, "SGD: Nesterov's variant needs a momentum above 0")
    (self.learningRate, self.momentum, self.dampening) = (learningRate, momentum, dampening)
    self.nesterov = nesterov
    self.weightDecay = WeightDecay(weightDecay, decoupled: decoupled, Self.check)
    states = ParameterStates(names: momentum == 0 ? [] : ["momentum"])
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      var settings = adjoint_sgd(
        decay: weightDecay.kernel(learningRate), rate: learningRate, momentum: momentum, dampening: dampening,
        nesterov: nesterov, first_step: update.updates == 1)
      adjoint_sgd_step(update.dtype, update.value, update.gradient, update.states, &settings, update.count)
    }
  }
}
