/// Returns the squared error of predictions.
///
///     ℓ = (x − t)²             x, t: one shape, any
///     x̄ = 2 ℓ̄ (x − t)
///
/// - Parameters:
///   - predictions: The predictions x.
///   - targets: The targets t. Another shape stops the program with both named; nothing broadcasts.
///   - mask: Which rows of the first axis count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the elements become one: their mean (0 of none), their sum, or not at all.
/// - Returns: One number, or the losses in `predictions`' shape without reduction.
/// - Complexity: O(`predictions.count`) time.
public func squaredErrorLoss(
  _ predictions: Variable, _ targets: Variable, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  elementwiseLoss("squaredErrorLoss", predictions, targets, mask, reduction) { square($0 - $1) }
}

extension OperationSample {
  static let squaredError = OperationSample("squaredErrorLoss", [[3, 4], [3, 4]], yields: []) {
    squaredErrorLoss($0[0], $0[1])
  }.varying(3, 4).also(on: [[], []], yields: []).also(on: [[5], [5]], yields: [])
  static let squaredErrorMasked = OperationSample("squaredErrorLoss, masked", [[3, 2], [3, 2]], yields: [3, 2]) {
    squaredErrorLoss($0[0], $0[1], mask: $0[0].mask, reduction: .none)
  }.varying(3, 2).also(on: [[3], [3]], yields: [3])
}
