/// Returns the hinge loss of a binary decision.
///
///     ℓ = max(0, margin − t x)         x, t: one shape, any   t: −1 or 1
///     x̄ = −ℓ̄ t [t x < margin]          0 at the kink
///
/// - Parameters:
///   - scores: The scores x.
///   - labels: −1 or 1 for every score. Another shape stops the program with both named.
///   - margin: The score beyond which there is no loss.
///   - mask: Which rows of the first axis count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the elements become one.
/// - Returns: One number, or the losses in the scores' shape without reduction.
/// - Complexity: O(`scores.count`) time.
public func hingeLoss(
  _ scores: Variable, _ labels: Variable, margin: Double = 1, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  elementwiseLoss("hingeLoss", scores, labels, names: ("scores", "labels"), mask, reduction) {
    relu(Variable(margin) - $0 * $1)
  }
}

/// Returns the hinge loss of a decision between classes.
///
///     ℓ[r] = Σ_c max(0, margin − x[r, label] + x[r, c]) / C over c ≠ label       x: [N, C]   labels: [N]
///
/// - Parameters:
///   - scores: The scores of the classes, `[N, C]`.
///   - labels: The class of every row; one outside `0 ..< C` stops the program with its row.
///   - margin: By how much the right class is to win.
///   - mask: Which rows count; all if left out. The others have loss 0 and get a gradient of exactly 0; their labels are not
///     looked at.
///   - reduction: How the losses of the rows become one.
/// - Returns: One number, or `[N]` without reduction.
/// - Complexity: O(N · C) time.
/// - SeeAlso: Crammer & Singer, *On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines*, JMLR 2, 2001.
public func hingeLoss(
  _ scores: Variable, _ labels: IndexArray, margin: Double = 1, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  labelledLoss("hingeLoss", scores, labels, mask, reduction) { scores, labels in
    let others = 1 - oneHot(labels, classes: scores.shape[1], dtype: scores.dtype)
    let excess = relu(Variable(margin) + scores - scores.take(labels, along: 1))
    return (excess * others).mean(along: 1)
  }
}

extension OperationSample {
  static let hinge = OperationSample("hingeLoss", [[5], [5]], yields: []) { hingeLoss($0[0], $0[1], margin: 0.4) }
    .varying(5).also(on: [[], []], yields: []).also(on: [[2, 3], [2, 3]], yields: [])
  static let hingeClasses = OperationSample("hingeLoss of classes", [[3, 4]], yields: [3]) {
    hingeLoss($0[0], $0[0].labels([2, 0, 3]), margin: 0.7, reduction: .none)
  }.varying(3).varying(4, from: 1)
}
