import AdjointKernels

/// Weight decay λ: coupled, added to the gradient, or decoupled, taken off the parameter.
struct WeightDecay {
  let rate: Double
  let isDecoupled: Bool

  init(_ rate: Double, decoupled: Bool, _ check: SettingCheck) {
    check.notNegative("weight decay", rate)
    (self.rate, isDecoupled) = (rate, decoupled)
  }

  /// For an update with step size η: g + λ p, or p − η λ p.
  func kernel(_ learningRate: Double) -> adjoint_decay {
    isDecoupled ? adjoint_decay(coupled: 0, keep: 1 - learningRate * rate) : adjoint_decay(coupled: rate, keep: 1)
  }
}
