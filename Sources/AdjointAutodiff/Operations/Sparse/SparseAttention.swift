import AdjointKernels

/// The scores of additive attention: one number for each entry of a sparse pattern and each head.
///
///     z[e, h] = s[c(e), h] + t[r(e), h] + b[e, h],   score = z > 0 ? z : slope · z
///
/// They are never stored; ``sparseAttention(_:_:_:)`` and ``sparseAttentionWeights(_:_:)`` make them row by row.
public struct AdditiveScores {
  let sources, targets: Variable
  let entries: Variable?
  let slope: Double

  /// Describes scores.
  ///
  /// - Parameters:
  ///   - sources: s, `[C, H]`.
  ///   - targets: t, `[R, H]`.
  ///   - entries: b, `[entries, H]`, in the pattern's order; nil for zeros.
  ///   - slope: The slope of scores below 0; 1 leaves them as they are.
  public init(sources: Variable, targets: Variable, entries: Variable? = nil, slope: Double = 1) {
    (self.sources, self.targets, self.entries, self.slope) = (sources, targets, entries, slope)
  }

  var headCount: Int { sources.rank == 2 ? sources.shape[1] : 0 }
  var operands: [Variable] { [sources, targets] + (entries.map { [$0] } ?? []) }

  func check(_ pattern: SparsePattern, _ operation: String) {
    let heads = headCount
    require(
      sources.shape == [pattern.columnCount, heads] && targets.shape == [pattern.rowCount, heads]
        && entries.map { $0.shape == [pattern.count, heads] } ?? true,
      "\(operation): scores of sources \(sources.label), targets \(targets.label)"
        + (entries.map { " and entries \($0.label)" } ?? "")
        + " do not fit a pattern of [\(pattern.rowCount), \(pattern.columnCount)] with \(pattern.count) entries")
    for operand in operands {
      require(
        operand.dtype == sources.dtype,
        "\(operation): element types differ: \(sources.dtype) \(sources.shape) and \(operand.dtype) \(operand.shape)")
    }
  }

  /// The sums z, materialised.
  func sums(_ pattern: SparsePattern) -> Variable {
    let ends = sources.gatherRows(pattern.columns) + targets.gatherRows(pattern.rows)
    return entries.map { ends + $0 } ?? ends
  }

  func withKernel<Result>(_ body: (UnsafePointer<adjoint_scores>) -> Result) -> Result {
    var scores = adjoint_scores(
      sources: sources.value.pointer, targets: targets.value.pointer, edges: entries?.value.pointer, slope: slope)
    return body(&scores)
  }
}

/// Returns the sums of rows that additive attention weighs, as in a graph attention layer.
///
///     α[e, h] = softmax of the scores over the entries of row r(e)
///     y[r, h] = Σₑ α[e, h] x[c(e), h]          over the entries e of row r     x: [C, H, ...]   y: [R, H, ...]
///
/// Scores, softmax and sum are made one row after the other; a row without entries gives 0.
///
/// - Parameters:
///   - pattern: The entries.
///   - scores: What the scores are made of; shapes that do not fit stop the program.
///   - x: A variable with a row of H heads for every column of the pattern.
/// - Returns: The weighted sums.
/// - Complexity: O(entries · width of x) time; keeps the operands and α, `[entries, H]`. Nothing of the width of x is made
///   for each entry, forward or backward.
/// - SeeAlso: Veličković et al., *Graph Attention Networks*, ICLR 2018, eqs. 1–4.
public func sparseAttention(_ pattern: SparsePattern, _ scores: AdditiveScores, _ x: Variable) -> Variable {
  scores.check(pattern, "sparseAttention")
  require(
    x.rank >= 2 && x.shape[0] == pattern.columnCount && x.shape[1] == scores.headCount,
    "sparseAttention: \(x.label) does not fit scores of shape \(scores.sources.shape)")
  require(
    x.dtype == scores.sources.dtype,
    "sparseAttention: element types differ: \(scores.sources.dtype) \(scores.sources.shape) and \(x.dtype) \(x.shape)")
  let (dtype, source, slope, hasEntries) = (x.dtype, x.value.pointer, scores.slope, scores.entries != nil)
  var weights = Tensor(uninitialized: [pattern.count, scores.headCount], dtype: dtype)
  let alpha = weights.uniquePointer()
  let value = Tensor(shape: x.value.shape(withRows: pattern.rowCount), dtype: dtype) { result in
    pattern.grouping.withKernel { rows in
      scores.withKernel { adjoint_attention(dtype.kernel, rows, x.value.heads, $0, source, alpha, result) }
    }
  }
  let kept = weights
  return record("sparseAttention", [x] + scores.operands, value: value, saving: .inputs) { dy, saved in
    let x = saved[0], scores = AdditiveScores(saved, from: 1, hasEntries, slope)
    let isRecorded = dy.isRecorded || x.isRecorded || scores.operands.contains(where: \.isRecorded)
    let weights = isRecorded ? sparseAttentionWeights(pattern, scores) : Variable(kept)
    let dx = saved.needsGradient(0) ? multiHeadMatmul(pattern, weights, dy, transposingLeft: true) : nil
    guard scores.needsGradient(saved, from: 1) else { return [dx] + scores.operands.map { _ in nil } }
    guard !isRecorded else {
      let upstream = multiHeadSampledProduct(pattern, dy, x)
      return [dx] + scores.composedPullback(pattern, weights, upstream)
    }
    return [dx] + scores.pullback(pattern, kept, (dy.value, x.value), nil)
  }
}

/// Returns the weights of additive attention: the softmax of the scores over the entries of every row.
///
///     α[e, h] = exp(score[e, h]) / Σ exp(score[j, h])          over the entries j of row r(e)
///
/// - Parameters:
///   - pattern: The entries.
///   - scores: What the scores are made of; shapes that do not fit stop the program.
/// - Returns: `[entries, H]`, in the pattern's order.
/// - Complexity: O(entries · H) time; keeps the operands and the result.
public func sparseAttentionWeights(_ pattern: SparsePattern, _ scores: AdditiveScores) -> Variable {
  scores.check(pattern, "sparseAttentionWeights")
  let (dtype, slope, hasEntries) = (scores.sources.dtype, scores.slope, scores.entries != nil)
  let heads = adjoint_heads(count: scores.headCount, width: 0)
  let value = Tensor(shape: [pattern.count, scores.headCount], dtype: dtype) { result in
    pattern.grouping.withKernel { rows in
      scores.withKernel { adjoint_attention(dtype.kernel, rows, heads, $0, nil, result, nil) }
    }
  }
  return record("sparseAttentionWeights", scores.operands, value: value, saving: [.inputs, .output]) { dy, saved in
    let scores = AdditiveScores(saved, from: 0, hasEntries, slope)
    if dy.isRecorded || scores.operands.contains(where: \.isRecorded) {
      return scores.composedPullback(pattern, saved.output, dy)
    }
    return scores.pullback(pattern, saved.output.value, nil, dy.value)
  }
}

extension AdditiveScores {
  /// The scores of operands that an entry of the tape saved.
  init(_ saved: Saved, from first: Int, _ hasEntries: Bool, _ slope: Double) {
    self.init(
      sources: saved[first], targets: saved[first + 1], entries: hasEntries ? saved[first + 2] : nil, slope: slope)
  }

  func needsGradient(_ saved: Saved, from first: Int) -> Bool {
    operands.indices.contains { saved.needsGradient(first + $0) }
  }

  /// The gradients of the operands in one pass over the rows.
  ///
  /// - Parameters:
  ///   - pattern: The entries.
  ///   - weights: α.
  ///   - sums: The gradient of the weighted sums and what was summed, or nil.
  ///   - upstream: The gradient of α, or nil.
  /// - Returns: The gradients of sources, targets and, if there are any, entries.
  fileprivate func pullback(
    _ pattern: SparsePattern, _ weights: Tensor, _ sums: (dy: Tensor, x: Tensor)?, _ upstream: Tensor?
  ) -> [Variable?] {
    let dtype = sources.dtype, heads = sums?.x.heads ?? adjoint_heads(count: headCount, width: 0)
    var ofTargets = Tensor(uninitialized: targets.shape, dtype: dtype)
    let ends = ofTargets.uniquePointer()
    let dz = Tensor(shape: weights.shape, dtype: dtype) { result in
      pattern.grouping.withKernel { rows in
        withKernel {
          adjoint_attention_pullback(
            dtype.kernel, rows, heads, $0, weights.pointer, upstream?.pointer, sums?.dy.pointer, sums?.x.pointer,
            result,
            ends)
        }
      }
    }
    let gradients = [Variable(dz).scatterSum(to: pattern.columns, count: pattern.columnCount), Variable(ofTargets)]
    return entries == nil ? gradients : gradients + [Variable(dz)]
  }

  /// The gradients of the operands, in operations that can be differentiated again.
  fileprivate func composedPullback(
    _ pattern: SparsePattern, _ weights: Variable, _ upstream: Variable
  ) -> [Variable?] {
    let rows = RowGrouping(rowCount: pattern.rowCount, offsets: pattern.grouping.offsets, columns: nil, order: nil)
    let scores = groupedSoftmaxPullback(upstream, weights, rows, pattern.rows)
    let dz = scores * leakyReLUSlope(sums(pattern), Variable(Tensor(slope, dtype: sources.dtype)))
    let gradients = [
      dz.scatterSum(to: pattern.columns, count: pattern.columnCount),
      dz.scatterSum(to: pattern.rows, count: pattern.rowCount),
    ]
    return entries == nil ? gradients : gradients + [dz]
  }
}

extension OperationSample {
  static let sparseAttention = OperationSample([[4, 2, 3], [4, 2], [3, 2]], yields: [3, 2, 3]) {
    AdjointAutodiff.sparseAttention(.sample, AdditiveScores(sources: $0[1], targets: $0[2], slope: 0.2), $0[0])
  }
  static let sparseAttentionEntries = OperationSample(
    "sparseAttention with scores of entries", [[4, 1, 2], [4, 1], [3, 1], [6, 1]], yields: [3, 1, 2]
  ) {
    let scores = AdditiveScores(sources: $0[1], targets: $0[2], entries: $0[3])
    return AdjointAutodiff.sparseAttention(.sample, scores, $0[0])
  }
  static let sparseAttentionWeights = OperationSample([[4, 2], [3, 2], [6, 2]], yields: [6, 2]) {
    let scores = AdditiveScores(sources: $0[0], targets: $0[1], entries: $0[2], slope: 0.2)
    return AdjointAutodiff.sparseAttentionWeights(.sample, scores)
  }
}
