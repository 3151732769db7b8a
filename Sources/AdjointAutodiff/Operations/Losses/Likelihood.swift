/// Returns the negative log-likelihood of the true classes.
///
///     ℓ[r] = −w[label[r]] x[r, label[r]]       x: [N, C], logarithms of probabilities   labels: [N]
///     x̄[r, c] = −ℓ̄[r] w[c] [c = label[r]]
///
/// - Parameters:
///   - logProbabilities: `[N, C]`, for instance from ``logSoftmax(_:along:)``.
///   - labels: The class of every row; one outside `0 ..< C` stops the program with its row.
///   - classWeights: How much each class counts, `[C]`; 1 if left out. The mean is then over the weights of the rows.
///   - mask: Which rows count; all if left out. The others have loss 0 and get a gradient of exactly 0; their labels are not
///     looked at.
///   - reduction: How the losses of the rows become one.
/// - Returns: One number, or `[N]` without reduction.
/// - Complexity: O(N · C) time.
public func negativeLogLikelihood(
  logProbabilities: Variable, _ labels: IndexArray, classWeights: Tensor? = nil, mask: [Bool]? = nil,
  reduction: LossReduction = .mean
) -> Variable {
  let name = "negativeLogLikelihood"
  var total: Tensor?
  let first = classWeights == nil || reduction == .none ? reduction : .sum
  let result = labelledLoss(name, logProbabilities, labels, mask, first) { x, labels in
    let losses = -x.take(labels, along: 1).flattened()
    guard let classWeights else { return losses }
    let weights = classWeights.ofRows(labels, classes: x.shape[1], x.dtype, operation: name)
    total = weights.sum()
    return multiplyOrZero(Variable(weights), losses)
  }
  return reduction == .mean ? result.dividedByWeight(total) : result
}

/// Returns the cross-entropy of probabilities and a true distribution over the classes.
///
///     ℓ[r] = −Σ_c t[r, c] ln p[r, c]           p, t: [N, C]
///     p̄ = −ℓ̄[r] t / p                          0 where t is 0
///
/// ``softmaxCrossEntropy(logits:_:mask:reduction:)`` keeps more digits.
///
/// - Parameters:
///   - probabilities: The probabilities p.
///   - targets: The true distribution t. Another shape stops the program with both named.
///   - mask: Which rows count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the rows become one.
/// - Returns: One number, or `[N]` without reduction.
/// - Complexity: O(N · C) time.
public func crossEntropy(
  probabilities: Variable, _ targets: Variable, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  require(probabilities.rank == 2, "crossEntropy: probabilities of shape \(probabilities.shape) are not [N, C]")
  let names = ("probabilities", "targets")
  return elementwiseLoss("crossEntropy", probabilities, targets, names: names, mask, reduction) { p, t in
    -multiplyOrZero(t, log(p)).sum(along: 1)
  }
}

/// Returns the Kullback–Leibler divergence of a distribution from a true one.
///
///     ℓ[r] = Σ_c t[r, c] (ln t[r, c] − x[r, c])        x, t: [N, C]   x: logarithms of probabilities
///     x̄ = −ℓ̄[r] t
///
/// A class whose target is 0 adds nothing.
///
/// - Parameters:
///   - logProbabilities: The logarithms x, for instance from ``logSoftmax(_:along:)``.
///   - targets: The true distribution t. Another shape stops the program with both named.
///   - mask: Which rows count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the divergences of the rows become one.
/// - Returns: One number, or `[N]` without reduction.
/// - Complexity: O(N · C) time.
public func klDivergence(
  logProbabilities: Variable, _ targets: Variable, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  require(logProbabilities.rank == 2, "klDivergence: logarithms of shape \(logProbabilities.shape) are not [N, C]")
  let names = ("logarithms", "targets")
  return elementwiseLoss("klDivergence", logProbabilities, targets, names: names, mask, reduction) { x, t in
    (multiplyOrZero(t, log(t)) - multiplyOrZero(t, x)).sum(along: 1)
  }
}

extension Tensor {
  /// The weights of the classes that rows have.
  func ofRows(_ labels: IndexArray, classes: Int, _ dtype: DType, operation: String) -> Tensor {
    require(shape == [classes], "\(operation): class weights of shape \(shape) for \(classes) classes")
    return converted(to: dtype).gatherRows(labels)
  }
}

extension Variable {
  /// A sum of losses divided by the sum of their weights; 0 where that is 0.
  func dividedByWeight(_ weight: Tensor?) -> Variable {
    guard let weight = weight?.item() else { return self }
    return self * Variable(weight == 0 ? 0 : 1 / weight)
  }
}

extension OperationSample {
  static let negativeLogLikelihood = OperationSample([[3, 4]], yields: []) {
    AdjointAutodiff.negativeLogLikelihood(logProbabilities: $0[0], $0[0].labels([2, 0, 3]))
  }.varying(3).varying(4, from: 1)
  static let negativeLogLikelihoodWeighted = OperationSample("negativeLogLikelihood, weighted", [[3, 2]], yields: []) {
    AdjointAutodiff.negativeLogLikelihood(
      logProbabilities: $0[0], $0[0].rows(of: [1, 0, 1]), classWeights: [0.5, 2], mask: $0[0].mask)
  }.varying(3)
  static let crossEntropy = OperationSample([[3, 4], [3, 4]], yields: [], in: 0.2...1) {
    AdjointAutodiff.crossEntropy(probabilities: $0[0], $0[1])
  }.varying(3, 4)
  static let klDivergence = OperationSample([[3, 4], [3, 4]], yields: [3], in: 0.2...1) {
    AdjointAutodiff.klDivergence(logProbabilities: $0[0], $0[1], reduction: .none)
  }.varying(3, 4)
}
