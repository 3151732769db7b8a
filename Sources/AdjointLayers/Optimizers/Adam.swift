import AdjointKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

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
  public var learningRate: Double
  /// The running moments m and v.
  public var states = ParameterStates("firstMoment", "secondMoment")
  private let settings: AdamSettings

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
    self.learningRate = learningRate
    settings = AdamSettings(beta1, beta2, epsilon, weightDecay, decoupled: false)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { settings.step($0, learningRate: learningRate) }
  }
}

/// Adam with weight decay that acts on the parameter itself, not through the moments.
///
///     p = p − η λ p                            λ: weight decay
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²          g = ∇f(p)
///     p = p − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)     t: the number of this update
///
/// Source: Loshchilov & Hutter, *Decoupled Weight Decay Regularization*, ICLR 2019, algorithm 2.
public final class AdamW: Optimizer {
  /// The step size η.
  public var learningRate: Double
  /// The running moments m and v.
  public var states = ParameterStates("firstMoment", "secondMoment")
  private let settings: AdamSettings

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
    self.learningRate = learningRate
    settings = AdamSettings(beta1, beta2, epsilon, weightDecay, decoupled: true)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    states.updateInPlace(parameter, with: gradient) { settings.step($0, learningRate: learningRate) }
  }
}

/// What Adam and AdamW share.
private struct AdamSettings {
  let beta1, beta2, epsilon, weightDecay: Double
  let decoupled: Bool

  init(_ beta1: Double, _ beta2: Double, _ epsilon: Double, _ weightDecay: Double, decoupled: Bool) {
    (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
    self.decoupled = decoupled
  }

  func step(_ update: KernelUpdate, learningRate: Double) {
    let updates = Double(update.updates)
    var settings = adjoint_adam(
      rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
      correction1: 1 - pow(beta1, updates), correction2: 1 - pow(beta2, updates), decoupled: decoupled)
    adjoint_adam_step(
      update.dtype, update.value, update.gradient, update.states[0], update.states[1], &settings, update.count)
  }
}
