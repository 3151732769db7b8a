/// Returns the cross-entropy of sigmoids and the probabilities of yes.
///
///     ℓ = w t ln(1 + e⁻ˣ) + (1 − t) ln(1 + eˣ)         x, t: one shape, any
///     x̄ = ℓ̄ (σ(x) (1 − t) − σ(−x) w t)
///
/// Logits of any size, infinite ones too, give a finite loss unless they rule out what has happened.
///
/// - Parameters:
///   - logits: The logits x.
///   - targets: The probabilities t of yes, usually 0 or 1. Another shape stops the program with both named.
///   - positiveWeight: How much a yes counts, w, of a shape that broadcasts to the logits'; 1 if left out.
///   - mask: Which rows of the first axis count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the elements become one.
/// - Returns: One number, or the losses in the logits' shape without reduction.
/// - Complexity: O(`logits.count`) time.
public func binaryCrossEntropy(
  logits: Variable, _ targets: Variable, positiveWeight: Variable? = nil, mask: [Bool]? = nil,
  reduction: LossReduction = .mean
) -> Variable {
  require(
    logits.shape == targets.shape,
    "binaryCrossEntropy: logits of shape \(logits.shape), targets of shape \(targets.shape)")
  if let positiveWeight {
    require(
      broadcastShape(positiveWeight.shape, logits.shape, operation: "binaryCrossEntropy") == logits.shape,
      "binaryCrossEntropy: a positive weight of shape \(positiveWeight.shape) for logits of shape \(logits.shape)")
  }
  let rows = LossRows(mask, of: logits, operation: "binaryCrossEntropy")
  let x = rows(logits), yes = rows(positiveWeight.map { targets * $0 } ?? targets), no = 1 - rows(targets)
  return rows.reduced(
    multiplyOrZero(yes, softplus(-x)) + multiplyOrZero(no, softplus(x)), reduction)
}

/// Returns the cross-entropy of probabilities of yes and the true ones.
///
///     ℓ = −t ln p − (1 − t) ln(1 − p)                  p, t: one shape, any
///     p̄ = ℓ̄ ((1 − t) / (1 − p) − t / p)
///
/// A term whose factor is 0 is 0: certainty that is right costs nothing. ``binaryCrossEntropy(logits:_:positiveWeight:mask:reduction:)``
/// keeps more digits.
///
/// - Parameters:
///   - probabilities: The probabilities p, in 0 ... 1.
///   - targets: The true probabilities t, usually 0 or 1. Another shape stops the program with both named.
///   - mask: Which rows of the first axis count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the elements become one.
/// - Returns: One number, or the losses in the probabilities' shape without reduction.
/// - Complexity: O(`probabilities.count`) time.
public func binaryCrossEntropy(
  probabilities: Variable, _ targets: Variable, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  let names = ("probabilities", "targets")
  return elementwiseLoss("binaryCrossEntropy", probabilities, targets, names: names, mask, reduction) { p, t in
    -(multiplyOrZero(t, log(p)) + multiplyOrZero(1 - t, log(1 - p)))
  }
}

extension OperationSample {
  static let binaryCrossEntropy = OperationSample([[3, 4], [3, 4]], yields: []) {
    AdjointAutodiff.binaryCrossEntropy(logits: $0[0], $0[1])
  }.varying(3, 4).also(on: [[], []], yields: []).also(on: [[5], [5]], yields: [])
  static let binaryCrossEntropyWeighted = OperationSample(
    "binaryCrossEntropy, weighted and masked", [[3, 4], [3, 4], [4]], yields: [3, 4]
  ) {
    AdjointAutodiff.binaryCrossEntropy(
      logits: $0[0], $0[1], positiveWeight: $0[2], mask: $0[0].mask, reduction: .none)
  }.varying(3, 4)
  static let binaryCrossEntropyProbabilities = OperationSample(
    "binaryCrossEntropy of probabilities", [[3, 4], [3, 4]], yields: [], in: 0.2...0.8
  ) { AdjointAutodiff.binaryCrossEntropy(probabilities: $0[0], $0[1]) }.varying(3, 4).also(on: [[], []], yields: [])
}
