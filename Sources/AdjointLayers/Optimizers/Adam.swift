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
    self.learningRate = learningRate
    moments = AdamMoments(beta1, beta2, epsilon, weightDecay, decoupled: false)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    moments.update(parameter, with: gradient, learningRate: learningRate)
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
    self.learningRate = learningRate
    moments = AdamMoments(beta1, beta2, epsilon, weightDecay, decoupled: true)
  }

  /// Changes one parameter.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    moments.update(parameter, with: gradient, learningRate: learningRate)
  }
}

/// The running moments that Adam and AdamW share.
private final class AdamMoments {
  private struct State {
    var first, second: Tensor
    var updates = 0
  }

  private let beta1, beta2, epsilon, weightDecay: Double
  private let decoupled: Bool
  private var states = ParameterStates<State>()

  init(_ beta1: Double, _ beta2: Double, _ epsilon: Double, _ weightDecay: Double, decoupled: Bool) {
    (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
    self.decoupled = decoupled
  }

  func update(_ parameter: Parameter, with gradient: Tensor, learningRate: Double) {
    // Moments have one axis, so that those of a single number lie in memory as the kernel needs it.
    func zeros() -> Tensor { Tensor(zeros: [parameter.value.count], dtype: parameter.value.dtype) }
    update(&states[parameter, default: State(first: zeros(), second: zeros())], parameter, gradient, learningRate)
  }

  private func update(_ state: inout State, _ parameter: Parameter, _ gradient: Tensor, _ learningRate: Double) {
    parameter.requireSame(state.first)
    state.updates += 1
    let updates = Double(state.updates)
    var settings = adjoint_adam(
      rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
      correction1: 1 - pow(beta1, updates), correction2: 1 - pow(beta2, updates), decoupled: decoupled)
    let (m, v) = (state.first.uniquePointer(), state.second.uniquePointer())
    parameter.updateInPlace(with: gradient) { dtype, p, g, count in
      adjoint_adam_step(dtype.kernel, p, g, m, v, &settings, count)
    }
  }
}
