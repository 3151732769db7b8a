/// Returns the mean of values, weighted by how well their keys match the queries.
///
///     y = softmax(Q Kᵀ / √D) V      Q: [..., T, D]   K: [..., S, D]   V: [..., S, M]   y: [..., T, M]
///
/// A query all of whose keys are masked gets zeros. Leading axes broadcast.
///
/// - Parameters:
///   - queries: The queries Q.
///   - keys: The keys K.
///   - values: The values V. Shapes that do not fit stop the program.
///   - mask: Zeros where a query does not see a key; a shape that broadcasts to `[..., T, S]`. All if left out.
///   - isCausal: Whether query t sees keys 0 ... t alone.
///   - probability: The probability of dropping a weight, if there is a key.
///   - key: The place in the random sequence in training; nil in evaluation.
/// - Returns: A row for each query.
/// - Complexity: O(T · S · (D + M)) for each of the leading axes' elements; keeps the weights.
/// - SeeAlso: Vaswani et al., *Attention Is All You Need*, NeurIPS 2017, eq. 1.
public func dotProductAttention(
  queries: Variable, keys: Variable, values: Variable, mask: Tensor? = nil, isCausal: Bool = false,
  dropout probability: Double = 0, key: RandomKey? = nil
) -> Variable {
  require(
    queries.rank >= 2 && keys.rank >= 2 && values.rank >= 2
      && queries.shape[queries.rank - 1] == keys.shape[keys.rank - 1]
      && keys.shape[keys.rank - 2] == values.shape[values.rank - 2],
    "dotProductAttention: queries \(queries.shape), keys \(keys.shape) and values \(values.shape) are not [..., T, D], "
      + "[..., S, D] and [..., S, M]")
  let scale = Variable(1 / Double(Swift.max(1, queries.shape[queries.rank - 1])).squareRoot())
  var scores = matmul(queries * scale, keys, transposingRight: true)
  if let mask {
    require(
      broadcastShape(mask.shape, scores.shape, operation: "dotProductAttention") == scores.shape,
      "dotProductAttention: a mask of shape \(mask.shape) for scores of shape \(scores.shape)")
    scores = scores.filled(where: equal(mask, 0), with: -.infinity)
  }
  if isCausal {
    let rows = scores.shape[scores.rank - 2], columns = scores.shape[scores.rank - 1]
    let later = (0..<rows * columns).map { $0 % columns > $0 / columns ? 1.0 : 0 }
    scores = scores.filled(where: Tensor(later, shape: [rows, columns], dtype: scores.dtype), with: -.infinity)
  }
  let weights = softmax(scores)
  return matmul(key.map { dropout(weights, probability: probability, key: $0) } ?? weights, values)
}
