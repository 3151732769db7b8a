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
  public var learningRate: Double
  /// The momentum μ, in 0 ..< 1.
  public let momentum: Double
  /// The dampening d.
  public let dampening: Double
  /// Whether the gradient is taken ahead of the momentum.
  public let nesterov: Bool
  /// The weight decay λ.
  public let weightDecay: Double
  /// The running gradient m, where there is momentum.
  public var states: ParameterStates

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - learningRate: The step size η.
  ///   - momentum: The momentum μ.
  ///   - dampening: The dampening d.
  ///   - nesterov: Whether the gradient is taken ahead of the momentum.
  ///   - weightDecay: The weight decay λ.
  public init(
    learningRate: Double, momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false, weightDecay: Double = 0
  ) {
    (self.learningRate, self.momentum, self.dampening) = (learningRate, momentum, dampening)
    (self.nesterov, self.weightDecay) = (nesterov, weightDecay)
    states = ParameterStates(names: momentum == 0 ? [] : ["momentum"])
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { update in
      var settings = adjoint_sgd(
        rate: learningRate, momentum: momentum, dampening: dampening, weight_decay: weightDecay, nesterov: nesterov,
        first_step: update.updates == 1)
      adjoint_sgd_step(update.dtype, update.value, update.gradient, update.states.first, &settings, update.count)
    }
  }
}
