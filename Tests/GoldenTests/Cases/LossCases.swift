import Adjoint
import Foundation

extension CaseTable {
  /// Losses.
  static let losses: [CaseRow] = [
    CaseRow("ce_index_mean", "ce_index_sum", "ce_index_none") { run in
      try softmaxCrossEntropy(logits: run["logits"], run.targets(), reduction: run.lossReduction())
    },
    CaseRow("ce_index_masked") { run in
      let (logits, targets) = (try run["logits"], try run.targets())
      let rows = try run.indices("rows", below: logits.shape[0])
      return try maskedCrossEntropy(logits, targets, rows, run.lossReduction())
    },
    CaseRow("ce_index_class_weights") { run in
      let (logits, weights) = (try run["logits"], try run["class_weights"].gatherRows(run.targets()))
      guard try run.text("reduction") == "mean" else { throw CaseError.unsupported("another reduction") }
      let rows = try softmaxCrossEntropy(logits: logits, run.targets(), reduction: .none)
      return (rows * weights).sum() / weights.sum()
    },
    CaseRow("ce_one_hot", "ce_soft_labels") { run in
      try softmaxCrossEntropy(logits: run["logits"], run["labels"], reduction: run.lossReduction())
    },
    CaseRow("ce_label_smoothing") { run in
      let (logits, smoothing) = (try run["logits"], try run.number("smoothing"))
      let classes = logits.shape[1]
      let oneHot = Tensor.eye(classes, dtype: run.dtype).gatherRows(try run.targets())
      let labels = Variable(1 - smoothing) * Variable(oneHot) + Variable(smoothing / Double(classes))
      return try softmaxCrossEntropy(logits: logits, labels, reduction: run.lossReduction())
    },
    CaseRow("ce_of_probabilities") { run in
      guard try run.text("reduction") == "sum" else { throw CaseError.unsupported("another reduction") }
      return -(try run["labels"] * log(run["f"])).sum()
    },
    CaseRow("nll") { run in
      let x = try run["log_probabilities"]
      return try run.reduced(-entries(x, run.indices("target", below: x.shape[1])))
    },
    CaseRow("bce_probabilities") { run in
      let (p, y) = (try run["p"], try run["labels"])
      return try run.reduced(-(y * log(p) + (1 - y) * log(1 - p)))
    },
    CaseRow("mse_mean", "mse_sum") { try $0.reduced(square($0["prediction"] - $0["target"])) },
    CaseRow("l1_mean", "l1_sum") { try $0.reduced(abs($0["prediction"] - $0["target"])) },
    CaseRow("l2_norm_per_row") { run in
      try run.reduced(sqrt(square(run["prediction"] - run["target"]).sum(along: -1)))
    },
    CaseRow("huber") { run in
      try run.reduced(huber(run["prediction"] - run["target"], run.number("delta")))
    },
    CaseRow("smooth_l1") { run in
      let beta = try run.number("beta")
      return try run.reduced(huber(run["prediction"] - run["target"], beta) / Variable(beta))
    },
    CaseRow("hinge_binary") { run in
      try run.reduced(relu(Variable(run.number("margin")) - run["labels"] * run["scores"]))
    },
    CaseRow("hinge_multiclass") { run in
      let scores = try run["scores"]
      let (rows, classes) = (scores.shape[0], scores.shape[1])
      let targets = try run.indices("target", below: classes)
      let others = 1 - Variable(Tensor.eye(classes, dtype: run.dtype).gatherRows(targets))
      let own = entries(scores, targets).reshaped(to: [rows, 1])
      let excess = try relu(Variable(run.number("margin")) - own + scores) * others
      return try run.reduced(excess.sum(along: -1) / Variable(Double(classes)))
    },
    CaseRow("margin_ranking") { run in
      try run.reduced(relu(Variable(run.number("margin")) - (run["positive"] - run["negative"])))
    },
    CaseRow("kl_divergence") { run in
      let (logP, q) = (try run["log_p"], try run["q"])
      guard try run.text("reduction") == "batchmean" else { throw CaseError.unsupported("another reduction") }
      let entropy = q.scalars(as: Double.self).reduce(0) { $0 + ($1 == 0 ? 0 : $1 * Foundation.log($1)) }
      return (Variable(entropy) - (q * logP).sum()) / Variable(Double(q.shape[0]))
    },
  ]

  /// The cross-entropy of some rows: with a mask, or gathered where rows repeat.
  static func maskedCrossEntropy(
    _ logits: Variable, _ targets: IndexArray, _ rows: IndexArray, _ reduction: LossReduction
  ) -> Variable {
    let chosen = Set(rows)
    if chosen.count < rows.count {
      let targets = IndexArray(rows.map { targets[$0] })
      return softmaxCrossEntropy(logits: logits.gatherRows(rows), targets, reduction: reduction)
    }
    let mask = (0..<targets.count).map(chosen.contains)
    return softmaxCrossEntropy(logits: logits, targets, mask: mask, reduction: reduction)
  }

  /// x[i, columns[i]] for every row i.
  private static func entries(_ x: Variable, _ columns: IndexArray) -> Variable {
    let width = x.shape[1]
    return x.reshaped(to: [x.value.count]).gatherRows(IndexArray(columns.enumerated().map { $0 * width + $1 }))
  }

  /// d²/2 where |d| ≤ δ, else δ (|d| − δ/2): with a = min(|d|, δ), a (|d| − a/2).
  private static func huber(_ d: Variable, _ delta: Double) -> Variable {
    let a = min(abs(d), Variable(delta))
    return a * (abs(d) - 0.5 * a)
  }
}

extension CaseRun {
  fileprivate func targets() throws -> IndexArray { try indices("target", below: self["logits"].shape[1]) }

  fileprivate func lossReduction() throws -> LossReduction {
    switch try text("reduction") {
    case "mean": .mean
    case "sum": .sum
    case "none": .none
    case let other: throw CaseError.unsupported("reduction \(other)")
    }
  }

  fileprivate func reduced(_ losses: Variable) throws -> Variable {
    switch try lossReduction() {
    case .mean: losses.mean()
    case .sum: losses.sum()
    case .none: losses
    }
  }
}
