import AdjointKernels

/// The settings that Adam and its variants share: decays of the moments, ε and weight decay.
struct AdamMoments {
  let beta1, beta2, epsilon: Double
  let weightDecay: WeightDecay

  init(
    _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ weightDecay: Double, decoupled: Bool, _ check: SettingCheck
  ) {
    check.fraction("decay beta1", beta1)
    check.fraction("decay beta2", beta2)
    check.positive("number epsilon", epsilon)
    self.weightDecay = WeightDecay(weightDecay, decoupled: decoupled, check)
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
  }

  /// p = p − (η₁ m + η₂ g) / (√(v / (1 − β₂ᵗ)) + ε), after weight decay with step size η and the update of both moments.
  ///
  /// - Parameters:
  ///   - update: The arrays.
  ///   - learningRate: The step size η.
  ///   - momentRate: η₁, with the correction of the first moment in it.
  ///   - gradientRate: η₂.
  ///   - isRectified: Whether the divisor is as above; else it is 1.
  ///   - keepsMaximum: Whether the largest v so far is used.
  func step(
    _ update: KernelUpdate, learningRate: Double, momentRate: Double, gradientRate: Double = 0,
    isRectified: Bool = true, keepsMaximum: Bool = false
  ) {
    var settings = adjoint_adam(
      decay: weightDecay.kernel(learningRate), beta1: beta1, beta2: beta2, moment_rate: momentRate,
      gradient_rate: gradientRate,
      root_scale: isRectified ? 1 / biasCorrection(beta2, update.updates).squareRoot() : 0,
      epsilon: isRectified ? epsilon : 1, keeps_maximum: keepsMaximum)
    adjoint_adam_step(update.dtype, update.value, update.gradient, update.states, &settings, update.count)
  }
}

/// 1 − βᵗ, which corrects a running average that started at 0.
func biasCorrection(_ beta: Double, _ updates: Int) -> Double { 1 - power(beta, Double(updates)) }
