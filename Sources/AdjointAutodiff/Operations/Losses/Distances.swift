/// Returns the distance of predictions from targets, not squared.
///
///     ℓ[r] = ‖x[r] − t[r]‖₂            x, t: [N, D]
///     x̄[r] = ℓ̄[r] (x[r] − t[r]) / ℓ[r]   0 where they are equal
///
/// - Parameters:
///   - predictions: The predictions x.
///   - targets: The targets t. Another shape stops the program with both named.
///   - mask: Which rows count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the rows become one.
/// - Returns: One number, or `[N]` without reduction.
/// - Complexity: O(N · D) time.
public func l2NormLoss(
  _ predictions: Variable, _ targets: Variable, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  require(predictions.rank == 2, "l2NormLoss: predictions of shape \(predictions.shape) are not [N, D]")
  return elementwiseLoss("l2NormLoss", predictions, targets, mask, reduction) { ($0 - $1).norm(along: 1) }
}

/// Returns the cosine embedding loss: rows that belong together ought to point the same way, others not.
///
///     ℓ[r] = 1 − cos(a[r], b[r]) where labels[r] = 1, max(0, cos(a[r], b[r]) − margin) where it is −1      a, b: [N, D]
///
/// The cosine with a row of zeros is 0 and has gradient 0.
///
/// - Parameters:
///   - a: Rows.
///   - b: Other rows. Another shape stops the program with both named.
///   - labels: 1 for every pair that belongs together, −1 for every other one; another number stops the program.
///   - margin: The cosine that is allowed to pairs that do not belong together.
///   - mask: Which rows count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the rows become one.
/// - Returns: One number, or `[N]` without reduction.
/// - Complexity: O(N · D) time.
public func cosineEmbeddingLoss(
  _ a: Variable, _ b: Variable, _ labels: IndexArray, margin: Double = 0, mask: [Bool]? = nil,
  reduction: LossReduction = .mean
) -> Variable {
  let name = "cosineEmbeddingLoss"
  require(a.rank == 2 && a.shape == b.shape, "\(name): rows of shape \(a.shape) and \(b.shape)")
  require(labels.count == a.shape[0], "\(name): \(labels.count) labels for shape \(a.shape)")
  let rows = LossRows(mask, of: a, operation: name)
  let counted = rows(labels), x = rows(a), y = rows(b)
  let pointer = counted.pointer
  for row in 0..<counted.count where pointer[row] != 1 && pointer[row] != -1 {
    stop("\(name): label \(pointer[row]) at row \(rows.position(row)) is neither 1 nor −1")
  }
  let lengths = x.norm(along: 1) * y.norm(along: 1)
  let zeros = equal(lengths.value, 0)
  let cosine = Variable(1 - zeros) * (x * y).sum(along: 1) / (lengths + Variable(zeros))
  let together = Variable(Tensor(counted.map { $0 == 1 ? 1.0 : 0 }, dtype: a.dtype))
  return rows.reduced(together * (1 - cosine) + (1 - together) * relu(cosine - Variable(margin)), reduction)
}

extension OperationSample {
  static let l2Norm = OperationSample("l2NormLoss", [[3, 2], [3, 2]], yields: []) {
    l2NormLoss($0[0], $0[1], reduction: .sum)
  }.varying(3, 2)
  static let cosineEmbedding = OperationSample("cosineEmbeddingLoss", [[3, 2], [3, 2]], yields: [3], in: 0.5...2) {
    cosineEmbeddingLoss($0[0], $0[1], $0[0].rows(of: [1, -1, -1]), margin: 0.2, reduction: .none)
  }.varying(3, 2)
}
