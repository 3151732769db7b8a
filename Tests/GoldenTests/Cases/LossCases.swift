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
      try softmaxCrossEntropy(
        logits: run["logits"], run.targets(), classWeights: run["class_weights"].value, reduction: run.lossReduction())
    },
    CaseRow("ce_one_hot", "ce_soft_labels") { run in
      try softmaxCrossEntropy(logits: run["logits"], run["labels"], reduction: run.lossReduction())
    },
    CaseRow("ce_label_smoothing") { run in
      try softmaxCrossEntropy(
        logits: run["logits"], run.targets(), labelSmoothing: run.number("smoothing"), reduction: run.lossReduction())
    },
    CaseRow("ce_of_probabilities") { run in
      try crossEntropy(probabilities: run["f"], run["labels"], reduction: run.lossReduction())
    },
    CaseRow("nll") { run in
      let x = try run["log_probabilities"]
      return try negativeLogLikelihood(
        logProbabilities: x, run.indices("target", below: x.shape[1]), reduction: run.lossReduction())
    },
    CaseRow("bce_probabilities") { run in
      try binaryCrossEntropy(probabilities: run["p"], run["labels"], reduction: run.lossReduction())
    },
    CaseRow("bce_logits_mean", "bce_logits_sum", "bce_logits_soft") { run in
      try binaryCrossEntropy(logits: run["logits"], run["labels"], reduction: run.lossReduction())
    },
    CaseRow("bce_logits_pos_weight") { run in
      try binaryCrossEntropy(
        logits: run["logits"], run["labels"], positiveWeight: run["pos_weight"], reduction: run.lossReduction())
    },
    CaseRow("mse_mean", "mse_sum") { run in
      try squaredErrorLoss(run["prediction"], run["target"], reduction: run.lossReduction())
    },
    CaseRow("l1_mean", "l1_sum") { run in
      try absoluteErrorLoss(run["prediction"], run["target"], reduction: run.lossReduction())
    },
    CaseRow("l2_norm_per_row") { run in
      try l2NormLoss(run["prediction"], run["target"], reduction: run.lossReduction())
    },
    CaseRow("huber") { run in
      try huberLoss(
        run["prediction"], run["target"], delta: run.number("delta"), reduction: run.lossReduction())
    },
    CaseRow("smooth_l1") { run in
      try smoothL1Loss(run["prediction"], run["target"], beta: run.number("beta"), reduction: run.lossReduction())
    },
    CaseRow("hinge_binary") { run in
      try hingeLoss(run["scores"], run["labels"], margin: run.number("margin"), reduction: run.lossReduction())
    },
    CaseRow("hinge_multiclass") { run in
      let scores = try run["scores"]
      return try hingeLoss(
        scores, run.indices("target", below: scores.shape[1]), margin: run.number("margin"),
        reduction: run.lossReduction())
    },
    CaseRow("margin_ranking") { run in
      try marginRankingLoss(
        positive: run["positive"], negative: run["negative"], margin: run.number("margin"),
        reduction: run.lossReduction())
    },
    CaseRow("kl_divergence") { run in
      guard try run.text("reduction") == "batchmean" else { throw CaseError.unsupported("another reduction") }
      return try klDivergence(logProbabilities: run["log_p"], run["q"])
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
}
