/// The area under the ROC curve: the probability that a positive example has a higher score than a negative one.
///
///     (1 / PN) Σ over positive i, negative j of [s[i] > s[j]] + ½ [s[i] = s[j]]
///
/// Ties count as half, so that equal scores for all examples give ½.
///
/// - Parameters:
///   - scores: `[n]`, larger for what is more likely positive.
///   - labels: Which examples are positive.
/// - Returns: A number in 0 ... 1.
/// - Throws: ``MetricError`` without examples, without positive or negative ones, or for a score that is NaN.
/// - Complexity: O(n log n) time.
/// - SeeAlso: Fawcett, *An Introduction to ROC Analysis*, Pattern Recognition Letters 2006.
public func rocAUC(scores: Tensor, labels: [Bool]) throws(MetricError) -> Double {
  let groups = try tiedGroups("rocAUC", scores, labels)
  let positives = labels.count { $0 }, negatives = labels.count - positives
  if positives == 0 || negatives == 0 { throw .oneClass(metric: "rocAUC") }
  // Twice the number of won pairs, which is a whole number.
  var (wins, below) = (0, negatives)
  for group in groups {
    below -= group.negatives
    wins += group.positives * (2 * below + group.negatives)
  }
  return Double(wins) / Double(2 * positives * negatives)
}

/// The average precision: the area under the precision–recall curve as a sum of steps.
///
///     Σ (Rₖ − Rₖ₋₁) Pₖ          over the distinct scores, from the highest;  P: precision, R: recall at that threshold
///
/// - Parameters:
///   - scores: `[n]`, larger for what is more likely positive.
///   - labels: Which examples are positive.
/// - Returns: A number in 0 ... 1.
/// - Throws: ``MetricError`` without examples, without positive ones, or for a score that is NaN.
/// - Complexity: O(n log n) time.
public func averagePrecision(scores: Tensor, labels: [Bool]) throws(MetricError) -> Double {
  let groups = try tiedGroups("averagePrecision", scores, labels)
  let positives = labels.count { $0 }
  if positives == 0 { throw .oneClass(metric: "averagePrecision") }
  var (found, retrieved, sum) = (0, 0, 0.0)
  for group in groups {
    found += group.positives
    retrieved += group.positives + group.negatives
    sum += Double(group.positives) * Double(found) / Double(retrieved)
  }
  return sum / Double(positives)
}

/// The numbers of positive and negative examples of every distinct score, from the highest score to the lowest.
private func tiedGroups(
  _ metric: String, _ scores: Tensor, _ labels: [Bool]
) throws(MetricError) -> [(positives: Int, negatives: Int)] {
  require(scores.shape == [labels.count], "\(metric): scores \(scores.shape) do not fit \(labels.count) labels")
  if labels.isEmpty { throw .empty(metric: metric) }
  let values = scores.scalars(as: Double.self)
  if let position = values.firstIndex(where: \.isNaN) { throw .notANumber(metric: metric, position: position) }
  var groups: [(positives: Int, negatives: Int)] = []
  var last: Double?
  for i in values.indices.sorted(by: { values[$0] > values[$1] }) {
    if values[i] != last { groups.append((0, 0)) }
    last = values[i]
    if labels[i] { groups[groups.count - 1].positives += 1 } else { groups[groups.count - 1].negatives += 1 }
  }
  return groups
}
