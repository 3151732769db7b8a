/// Returns Huber's loss: quadratic for small errors, linear for large ones.
///
///     ℓ = d²/2 where |d| ≤ δ, δ (|d| − δ/2) elsewhere      d = x − t   x, t: one shape, any
///     x̄ = ℓ̄ max(min(d, δ), −δ)
///
/// - Parameters:
///   - predictions: The predictions x.
///   - targets: The targets t. Another shape stops the program with both named; nothing broadcasts.
///   - delta: Where the loss becomes linear, above 0.
///   - mask: Which rows of the first axis count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the elements become one.
/// - Returns: One number, or the losses in `predictions`' shape without reduction.
/// - Complexity: O(`predictions.count`) time.
/// - SeeAlso: Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics 35, 1964.
public func huberLoss(
  _ predictions: Variable, _ targets: Variable, delta: Double = 1, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  require(delta > 0, "huberLoss: delta \(delta) is not above 0")
  return elementwiseLoss("huberLoss", predictions, targets, mask, reduction) { huber($0 - $1, delta) }
}

/// Returns the smooth L1 loss: Huber's, divided by the width of its quadratic part.
///
///     ℓ = d² / 2β where |d| < β, |d| − β/2 elsewhere      d = x − t   x, t: one shape, any
///     x̄ = ℓ̄ max(min(d / β, 1), −1)
///
/// - Parameters:
///   - predictions: The predictions x.
///   - targets: The targets t. Another shape stops the program with both named; nothing broadcasts.
///   - beta: Where the loss becomes linear, above 0.
///   - mask: Which rows of the first axis count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the elements become one.
/// - Returns: One number, or the losses in `predictions`' shape without reduction.
/// - Complexity: O(`predictions.count`) time.
/// - SeeAlso: Girshick, *Fast R-CNN*, ICCV 2015, eq. 3.
public func smoothL1Loss(
  _ predictions: Variable, _ targets: Variable, beta: Double = 1, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  require(beta > 0, "smoothL1Loss: beta \(beta) is not above 0")
  return elementwiseLoss("smoothL1Loss", predictions, targets, mask, reduction) {
    huber($0 - $1, beta) * Variable(1 / beta)
  }
}

private func huber(_ difference: Variable, _ delta: Double) -> Variable {
  let size = abs(difference.value), limit = Tensor(floatLiteral: delta)
  let inner = min(size, limit)
  let losses = 0.5 * square(inner) + limit * (size - inner)
  return record("huber", difference, value: losses, saving: .inputs) { dy, saved in
    [dy * max(min(saved[0], Variable(delta)), Variable(-delta))]
  }
}

extension OperationSample {
  static let huber = OperationSample("huberLoss", [[3, 4], [3, 4]], yields: []) {
    huberLoss($0[0], $0[1], delta: 0.4, reduction: .sum)
  }.varying(3, 4).also(on: [[], []], yields: [])
  static let smoothL1 = OperationSample("smoothL1Loss", [[3, 4], [3, 4]], yields: [3, 4]) {
    smoothL1Loss($0[0], $0[1], beta: 0.55, reduction: .none)
  }.varying(3, 4).also(on: [[], []], yields: [])
}
