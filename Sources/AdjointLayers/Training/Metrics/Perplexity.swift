/// The perplexity of a model whose mean cross-entropy is known: e to its power.
///
/// - Parameter crossEntropy: The mean of −ln p(label) over all predictions.
/// - Returns: A number from 1 on: among how many equally likely choices the model is as unsure.
public func perplexity(crossEntropy: Double) -> Double { exponential(crossEntropy) }

/// The perplexity of predicted classes, such as the characters of a text.
///
///     exp(1/n Σ −ln softmax(s[i])[y[i]])
///
/// - Parameters:
///   - logits: `[N, C]` scores, one for each class.
///   - labels: N classes within `0 ..< C`.
///   - mask: Which predictions count; all if left out. Labels of the others are not read.
/// - Returns: A number from 1 on; C for a model that has no idea.
/// - Throws: ``MetricError`` for a label outside the classes, or if no prediction counts.
public func perplexity(
  logits: Tensor, _ labels: IndexArray, mask: [Bool]? = nil
) throws(MetricError) -> Double {
  let rows = try labelledRows("perplexity", logits, labels, mask)
  let scores = logits.converted(to: .float64), classes = logits.shape[1]
  let top = scores.max(along: [1], keepingAxes: true)
  let logSums = log(exp(scores - top).sum(along: [1])) + top.reshaped(to: [-1])
  let own = scores.scalars(as: Double.self), sums = logSums.scalars(as: Double.self)
  return perplexity(
    crossEntropy: rows.reduce(0) { $0 + sums[$1] - own[$1 * classes + labels[$1]] } / Double(rows.count))
}
