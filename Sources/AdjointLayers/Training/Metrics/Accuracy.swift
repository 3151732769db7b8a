/// The part of examples whose largest score is that of their label.
///
///     1/n Σ [argmax over c of s[i, c] = y[i]]
///
/// Of several largest scores the first one counts, and NaN as the largest, as in `argmax`.
///
/// - Parameters:
///   - logits: `[N, C]` scores, one for each class.
///   - labels: N classes within `0 ..< C`.
///   - mask: Which examples count; all if left out. Labels of the others are not read.
/// - Returns: A number in 0 ... 1.
/// - Throws: ``MetricError`` for a label outside the classes, or if no example counts.
public func accuracy(
  logits: Tensor, _ labels: IndexArray, mask: [Bool]? = nil
) throws(MetricError) -> Double {
  try topKAccuracy("accuracy", logits, labels, k: 1, mask)
}

/// The part of examples whose label is among the k largest scores.
///
/// Of equal scores the first ones count as larger, so that k = 1 is ``accuracy(logits:_:mask:)``.
///
/// - Parameters:
///   - logits: `[N, C]` scores, one for each class.
///   - labels: N classes within `0 ..< C`.
///   - k: How many scores count, at least 1.
///   - mask: Which examples count; all if left out. Labels of the others are not read.
/// - Returns: A number in 0 ... 1.
/// - Throws: ``MetricError`` for a label outside the classes, or if no example counts.
public func topKAccuracy(
  logits: Tensor, _ labels: IndexArray, k: Int, mask: [Bool]? = nil
) throws(MetricError) -> Double {
  require(k >= 1, "topKAccuracy: k is \(k), not at least 1")
  return try topKAccuracy("topKAccuracy", logits, labels, k: k, mask)
}

private func topKAccuracy(
  _ metric: String, _ logits: Tensor, _ labels: IndexArray, k: Int, _ mask: [Bool]?
) throws(MetricError) -> Double {
  let rows = try labelledRows(metric, logits, labels, mask)
  let scores = logits.scalars(as: Double.self), classes = logits.shape[1]
  let correct = rows.count { row in
    let label = labels[row], own = scores[row * classes + label]
    let larger = (0..<classes).count { c in
      let other = scores[row * classes + c]
      if other.isNaN || own.isNaN { return other.isNaN && (!own.isNaN || c < label) }
      return other > own || (other == own && c < label)
    }
    return larger < k
  }
  return Double(correct) / Double(rows.count)
}

/// The rows that count, after a check of shapes and labels; at least one.
func labelledRows(
  _ metric: String, _ logits: Tensor, _ labels: IndexArray, _ mask: [Bool]?
) throws(MetricError) -> [Int] {
  require(
    logits.rank == 2 && logits.shape[0] == labels.count,
    "\(metric): \(labels.count) labels do not fit logits \(logits.shape)")
  require(
    mask == nil || mask?.count == labels.count,
    "\(metric): a mask of \(mask?.count ?? 0) does not fit \(labels.count) labels")
  let rows = mask.map { mask in mask.indices.filter { mask[$0] } } ?? Array(0..<labels.count)
  for row in rows where labels[row] < 0 || labels[row] >= logits.shape[1] {
    throw .label(metric: metric, position: row, value: labels[row], classes: logits.shape[1])
  }
  if rows.isEmpty { throw .empty(metric: metric) }
  return rows
}
