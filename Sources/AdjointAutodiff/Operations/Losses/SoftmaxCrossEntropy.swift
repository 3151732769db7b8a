import AdjointKernels

/// How the losses of the rows become one.
public enum LossReduction: Sendable {
  /// Their sum over the rows that count, divided by the number of these; 0 if there are none.
  case mean
  /// Their sum.
  case sum
  /// One loss for each row.
  case none
}

/// Returns the cross-entropy of a softmax and the true classes.
///
///     ℓ[r] = ln Σ_c exp(x[r, c]) − x[r, label[r]]      x: [N, C]   labels: [N]
///     x̄[r] = ℓ̄[r] (softmax(x[r]) − onehot(label[r]))
///
/// Logits of any size give a finite loss unless the label's own logit is −∞. Rows outside the mask have loss 0 and get a
/// gradient of exactly 0; their labels are not looked at.
///
/// With class weights w and label smoothing s, the loss is w[label] (1 − s) ℓ + s / C Σ_c −w[c] ln softmax(x)[c], and the mean
/// is over the weights of the labels.
///
/// - Parameters:
///   - logits: `[N, C]`.
///   - labels: The class of every row; one outside `0 ..< C` stops the program with
///     "softmaxCrossEntropy: label 7 at row 3 is outside 0 ..< 7".
///   - classWeights: How much each class counts, `[C]`; 1 if left out.
///   - labelSmoothing: The part of every label that is spread over all classes, in 0 ... 1.
///   - ignored: A label whose rows do not count, as if masked.
///   - mask: Which rows count; all if left out.
///   - reduction: How the losses of the rows become one.
/// - Returns: One number, or `[N]` without reduction.
/// - Complexity: O(N · C) time; keeps the logits and two numbers for each row.
public func softmaxCrossEntropy(
  logits: Variable, _ labels: IndexArray, classWeights: Tensor? = nil, labelSmoothing: Double = 0,
  ignoring ignored: Int? = nil, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  require(
    logits.rank == 2 && logits.shape[0] == labels.count,
    "softmaxCrossEntropy: \(labels.count) labels for logits of shape \(logits.shape)")
  if let mask {
    require(
      mask.count == labels.count,
      "softmaxCrossEntropy: a mask of \(mask.count) rows for logits of shape \(logits.shape)")
  }
  var mask = mask
  if let ignored { mask = labels.enumerated().map { row, label in label != ignored && mask?[row] ?? true } }
  if classWeights != nil || labelSmoothing != 0 {
    return weightedCrossEntropy(logits, labels, classWeights, labelSmoothing, mask, reduction)
  }
  let classes = logits.shape[1]
  let counted =
    mask.map { mask in
      IndexArray(count: labels.count) { result in
        for row in 0..<labels.count { result[row] = mask[row] ? labels.pointer[row] : -1 }
      }
    } ?? labels
  for row in 0..<labels.count where mask?[row] ?? true {
    let label = counted.pointer[row]
    require(
      label >= 0 && label < classes, "softmaxCrossEntropy: label \(label) at row \(row) is outside 0 ..< \(classes)")
  }
  let source = logits.value.pointer, dtype = logits.dtype
  var normalizer = Tensor(uninitialized: [labels.count, 2], dtype: dtype)
  let normalizers = normalizer.uniquePointer()
  let losses = Tensor(shape: [labels.count], dtype: dtype) {
    adjoint_cross_entropy(dtype.kernel, $0, normalizers, source, counted.pointer, labels.count, classes)
  }
  let saved = normalizer
  let rows = record("softmaxCrossEntropy", logits, value: losses, saving: .inputs) { dy, inputs in
    crossEntropyPullback(dy, inputs[0], saved, counted)
  }
  return reduced(rows, reduction, rowCount: mask.map { $0.count { $0 } } ?? labels.count)
}

/// Returns the cross-entropy of a softmax and a distribution over the classes.
///
///     ℓ[r] = −Σ_c t[r, c] ln softmax(x[r])[c]          x, t: [N, C]
///     x̄[r] = ℓ̄[r] (softmax(x[r]) Σ_c t[r, c] − t[r])
///
/// A class of target 0 adds nothing, at a logit of −∞ too.
///
/// - Parameters:
///   - logits: `[N, C]`.
///   - targets: `[N, C]`, usually with rows that sum to 1; another shape stops the program.
///   - mask: Which rows count; all if left out. The others have loss 0 and get a gradient of exactly 0.
///   - reduction: How the losses of the rows become one.
/// - Returns: One number, or `[N]` without reduction.
/// - Complexity: O(N · C) time.
@_disfavoredOverload  // A literal such as [0, 2] means labels.
public func softmaxCrossEntropy(
  logits: Variable, _ targets: Variable, mask: [Bool]? = nil, reduction: LossReduction = .mean
) -> Variable {
  require(
    logits.rank == 2 && logits.shape == targets.shape,
    "softmaxCrossEntropy: targets of shape \(targets.shape) for logits of shape \(logits.shape)")
  let rows = LossRows(mask, of: logits, operation: "softmaxCrossEntropy")
  return rows.reduced(-multiplyOrZero(rows(targets), logSoftmax(rows(logits))).sum(along: -1), reduction)
}

/// Cross-entropy with weights of the classes and smooth labels.
private func weightedCrossEntropy(
  _ logits: Variable, _ labels: IndexArray, _ classWeights: Tensor?, _ smoothing: Double, _ mask: [Bool]?,
  _ reduction: LossReduction
) -> Variable {
  let name = "softmaxCrossEntropy"
  require(smoothing >= 0 && smoothing <= 1, "\(name): label smoothing \(smoothing) is outside 0 ... 1")
  var total: Tensor?
  let result = labelledLoss(name, logits, labels, mask, classWeights == nil || reduction == .none ? reduction : .sum) {
    x, labels in
    var losses = softmaxCrossEntropy(logits: x, labels, reduction: .none)
    if let weights = classWeights?.ofRows(labels, classes: x.shape[1], x.dtype, operation: name) {
      total = weights.sum()
      losses = multiplyOrZero(Variable(weights), losses)
    }
    if smoothing == 0 { return losses }
    let each = -logSoftmax(x)
    let weighted = classWeights.map { multiplyOrZero(Variable($0.converted(to: x.dtype)), each) } ?? each
    return Variable(1 - smoothing) * losses + Variable(smoothing) * weighted.mean(along: 1)
  }
  return reduction == .mean ? result.dividedByWeight(total) : result
}

func reduced(_ losses: Variable, _ reduction: LossReduction, rowCount: Int) -> Variable {
  switch reduction {
  case .mean: losses.sum() * Variable(1 / Double(Swift.max(1, rowCount)))
  case .sum: losses.sum()
  case .none: losses
  }
}

/// Returns ℓ̄ (softmax(x) − onehot), zeros in rows whose label is negative.
private func crossEntropyPullback(
  _ dy: Variable, _ logits: Variable, _ normalizer: Tensor, _ labels: IndexArray
) -> Variable {
  let (upstream, source) = (dy.value.pointer, logits.value.pointer)
  let dtype = logits.dtype, rows = logits.shape[0], classes = logits.shape[1]
  let value = Tensor(shape: logits.shape, dtype: dtype) {
    adjoint_cross_entropy_pullback(
      dtype.kernel, $0, upstream, source, normalizer.pointer, labels.pointer, rows, classes)
  }
  return record(
    "softmaxCrossEntropy′", dy, logits, value: value, saving: .inputs,
    { g, saved in
      let residual = softmax(saved[1]) - oneHotOrZero(labels, classes, dtype)
      return (g * residual).sum(along: -1) * Variable(counts(labels, dtype))
    },
    { g, saved in
      let weights = (saved[0] * Variable(counts(labels, dtype))).reshaped(to: [rows, 1])
      return softmaxPullback(weights * g, softmax(saved[1]))
    })
}

/// One-hot rows, zeros where the label is negative.
private func oneHotOrZero(_ labels: IndexArray, _ classes: Int, _ dtype: DType) -> Variable {
  let counted = IndexArray(labels.map { Swift.max($0, 0) })
  let column = counts(labels, dtype).reshaped(to: [labels.count, 1])
  return oneHot(counted, classes: classes, dtype: dtype) * Variable(column)
}

/// 1 for every row that counts, 0 for one whose label is negative.
private func counts(_ labels: IndexArray, _ dtype: DType) -> Tensor {
  Tensor(labels.map { $0 < 0 ? 0.0 : 1.0 }, dtype: dtype)
}

extension OperationSample {
  static let softmaxCrossEntropy = OperationSample([[3, 4]], yields: []) {
    AdjointAutodiff.softmaxCrossEntropy(logits: $0[0], $0[0].labels([2, 0, 3]))
  }.varying(3).varying(4, from: 1)
  static let softmaxCrossEntropyRows = OperationSample("softmaxCrossEntropy, masked rows", [[3, 4]], yields: [3]) {
    AdjointAutodiff.softmaxCrossEntropy(logits: $0[0], $0[0].labels([2, 0, 3]), mask: $0[0].mask, reduction: .none)
  }.varying(3).varying(4, from: 1)
  static let softmaxCrossEntropySoft = OperationSample(
    "softmaxCrossEntropy, soft labels", [[3, 4], [3, 4]], yields: []
  ) {
    AdjointAutodiff.softmaxCrossEntropy(logits: $0[0], $0[1])
  }.varying(3, 4)
  static let softmaxCrossEntropyWeighted = OperationSample("softmaxCrossEntropy, weighted", [[4, 3]], yields: []) {
    AdjointAutodiff.softmaxCrossEntropy(
      logits: $0[0], $0[0].rows(of: [2, 0, 1, -1]), classWeights: [0.5, 2, 1], labelSmoothing: 0.1, ignoring: -1)
  }.varying(4)
  static let softmaxCrossEntropySmooth = OperationSample("softmaxCrossEntropy, smooth", [[3, 3]], yields: [3]) {
    AdjointAutodiff.softmaxCrossEntropy(
      logits: $0[0], [2, 0, 1], labelSmoothing: 0.2, mask: [true, false, true], reduction: .none)
  }
}
