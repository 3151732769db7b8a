/// RAdam: Adam that warms up by itself. As long as the second moment has too few samples to divide by, it is left out; then its
/// uncertainty scales the step.
///
///     g = ∇f(p) + λ p                          λ: weight decay
///     m = β₁ m + (1 − β₁) g,   v = β₂ v + (1 − β₂) g²
///     ρ∞ = 2 / (1 − β₂) − 1,   ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ)     t: the number of this update
///     r = √[(ρₜ − 4) (ρₜ − 2) ρ∞ / ((ρ∞ − 4) (ρ∞ − 2) ρₜ)]
///     p = p − η r (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)     if ρₜ > 4
///     p = p − η (m / (1 − β₁ᵗ))                                otherwise
///
/// Some implementations begin to rectify at ρₜ > 5, one step later for the usual β₂; this one follows the paper, but for Adam's ε.
///
/// Source: Liu et al., *On the Variance of the Adaptive Learning Rate and Beyond*, ICLR 2020, algorithm 2.
public final class RAdam: Optimizer {
  /// The step size η.
  public var learningRate: Double { didSet { Self.check.learningRate(learningRate) } }
  /// The running moments m and v.
  public var states = ParameterStates("firstMoment", "secondMoment")
  private static let check = SettingCheck("RAdam")
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
      let rate = learningRate / biasCorrection(moments.beta1, update.updates)
      let rectification = rectification(update.updates)
      moments.step(
        update, learningRate: learningRate, momentRate: rate * (rectification ?? 1), isRectified: rectification != nil)
    }
  }

  /// The factor r; nil while ρₜ ≤ 4.
  private func rectification(_ t: Int) -> Double? {
    let longest = 2 / (1 - moments.beta2) - 1
    let correction = biasCorrection(moments.beta2, t)
    let length = longest - 2 * Double(t) * (1 - correction) / correction
    guard length > 4 else { return nil }
    return ((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)).squareRoot()
  }
}
