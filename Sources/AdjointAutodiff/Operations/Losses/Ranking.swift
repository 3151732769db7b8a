/// Returns the margin ranking loss: how far scores that ought to be higher fall short.
///
///     ℓ = max(0, margin − (p − n))     p, n: one shape, any
///     p̄ = −ℓ̄ [p − n < margin], n̄ = −p̄
///
/// - Parameters:
///   - positive: The scores p that ought to be higher.
///   - negative: The scores n that ought to be lower. Another shape stops the program with both named.
///   - margin: By how much.
///   - mask: Which rows of the first axis count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the elements become one.
/// - Returns: One number, or the losses in the scores' shape without reduction.
/// - Complexity: O(`positive.count`) time.
public func marginRankingLoss(
  positive: Variable, negative: Variable, margin: Double = 0, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  let names = ("positive scores", "negative ones")
  return elementwiseLoss("marginRankingLoss", positive, negative, names: names, mask, reduction) {
    relu(Variable(margin) - ($0 - $1))
  }
}

/// Returns the triplet loss: how much closer an anchor ought to be to a positive example than to a negative one.
///
///     ℓ[r] = max(0, ‖a[r] − p[r]‖₂ − ‖a[r] − n[r]‖₂ + margin)      a, p, n: [N, D]
///
/// A distance of 0 has gradient 0.
///
/// - Parameters:
///   - anchor: The anchors a.
///   - positive: Examples p of the same kind.
///   - negative: Examples n of another kind. Shapes that differ stop the program with all named.
///   - margin: By how much closer.
///   - mask: Which rows count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the rows become one.
/// - Returns: One number, or `[N]` without reduction.
/// - Complexity: O(N · D) time.
/// - SeeAlso: Schroff, Kalenichenko & Philbin, *FaceNet: A Unified Embedding for Face Recognition and Clustering*, CVPR 2015.
public func tripletLoss(
  anchor: Variable, positive: Variable, negative: Variable, margin: Double = 1, mask: [Bool]? = nil,
  reduction: LossReduction = .mean
) -> Variable {
  require(
    anchor.rank == 2 && anchor.shape == positive.shape && anchor.shape == negative.shape,
    "tripletLoss: anchors of shape \(anchor.shape), positives of \(positive.shape), negatives of \(negative.shape)")
  let rows = LossRows(mask, of: anchor, operation: "tripletLoss")
  let center = rows(anchor)
  let near = (center - rows(positive)).norm(along: 1), far = (center - rows(negative)).norm(along: 1)
  return rows.reduced(relu(near - far + Variable(margin)), reduction)
}

extension OperationSample {
  static let marginRanking = OperationSample("marginRankingLoss", [[5], [5]], yields: []) {
    marginRankingLoss(positive: $0[0], negative: $0[1], margin: 0.5)
  }.varying(5).also(on: [[], []], yields: []).also(on: [[2, 3], [2, 3]], yields: [])
  static let triplet = OperationSample("tripletLoss", [[3, 2], [3, 2], [3, 2]], yields: [3]) {
    tripletLoss(anchor: $0[0], positive: $0[1], negative: $0[2], margin: 3, reduction: .none)
  }.varying(3, 2)
}
