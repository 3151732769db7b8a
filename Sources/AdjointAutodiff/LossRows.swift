/// The rows of a batch that count in a loss.
///
/// What does not count is left out before anything is computed, so that it gets a gradient of exactly 0 whatever it holds.
struct LossRows {
  private let count: Int
  /// The rows that count; nil for all.
  private let chosen: IndexArray?

  init(_ mask: [Bool]?, of x: Variable, operation: String) {
    count = x.rank == 0 ? 1 : x.shape[0]
    if let mask {
      require(x.rank > 0 && mask.count == count, "\(operation): a mask of \(mask.count) rows for shape \(x.shape)")
    }
    chosen = mask.map { mask in IndexArray(mask.indices.filter { mask[$0] }) }
  }

  /// The rows that count.
  func callAsFunction(_ x: Variable) -> Variable { chosen.map { x.gatherRows($0) } ?? x }

  /// The labels of the rows that count.
  func callAsFunction(_ labels: IndexArray) -> IndexArray { chosen.map { labels.gathered($0) } ?? labels }

  /// The position of row `row` of those that count among all.
  func position(_ row: Int) -> Int { chosen?[row] ?? row }

  /// The losses of the rows that count as one number, or back in their places among zeros.
  func reduced(_ losses: Variable, _ reduction: LossReduction) -> Variable {
    switch reduction {
    case .mean: losses.mean()
    case .sum: losses.sum()
    case .none: chosen.map { losses.scatterSum(to: $0, count: count) } ?? losses
    }
  }
}

/// A loss of every element of two variables of one shape; `names` is what messages call the two.
func elementwiseLoss(
  _ operation: String, _ a: Variable, _ b: Variable, names: (String, String) = ("predictions", "targets"),
  _ mask: [Bool]?, _ reduction: LossReduction, _ loss: (Variable, Variable) -> Variable
) -> Variable {
  require(a.shape == b.shape, "\(operation): \(names.0) of shape \(a.shape), \(names.1) of shape \(b.shape)")
  let rows = LossRows(mask, of: a, operation: operation)
  return rows.reduced(loss(rows(a), rows(b)), reduction)
}

/// A loss of every row of a matrix that has a label.
func labelledLoss(
  _ operation: String, _ x: Variable, _ labels: IndexArray, _ mask: [Bool]?, _ reduction: LossReduction,
  _ loss: (Variable, IndexArray) -> Variable
) -> Variable {
  require(x.rank == 2 && x.shape[0] == labels.count, "\(operation): \(labels.count) labels for shape \(x.shape)")
  let rows = LossRows(mask, of: x, operation: operation)
  let counted = rows(labels), classes = x.shape[1]
  let pointer = counted.pointer
  for row in 0..<counted.count where pointer[row] < 0 || pointer[row] >= classes {
    stop("\(operation): label \(pointer[row]) at row \(rows.position(row)) is outside 0 ..< \(classes)")
  }
  return rows.reduced(loss(rows(x), counted), reduction)
}
