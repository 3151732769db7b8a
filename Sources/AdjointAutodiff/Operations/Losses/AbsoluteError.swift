/// Returns the absolute error of predictions.
///
///     ℓ = |x − t|              x, t: one shape, any
///     x̄ = ℓ̄ sign(x − t)        0 where they are equal
///
/// - Parameters:
///   - predictions: The predictions x.
///   - targets: The targets t. Another shape stops the program with both named; nothing broadcasts.
///   - mask: Which rows of the first axis count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the elements become one.
/// - Returns: One number, or the losses in `predictions`' shape without reduction.
/// - Complexity: O(`predictions.count`) time.
public func absoluteErrorLoss(
  _ predictions: Variable, _ targets: Variable, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  elementwiseLoss("absoluteErrorLoss", predictions, targets, mask, reduction) { abs($0 - $1) }
}

extension OperationSample {
  static let absoluteError = OperationSample("absoluteErrorLoss", [[3, 4], [3, 4]], yields: []) {
    absoluteErrorLoss($0[0], $0[1])
  }.varying(3, 4).also(on: [[], []], yields: []).also(on: [[5], [5]], yields: [])
}
