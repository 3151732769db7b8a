import AdjointKernels

/// Returns the sums of rows that additive attention weighs, as in a graph attention layer.
///
///     α[e, h] = softmax of the scores over the entries of row r(e)
///     y[r, h] = Σₑ m[e, h] α[e, h] x[c(e), h]          over the entries e of row r     x: [C, H, ...]   y: [R, H, ...]
///
/// Scores, softmax and sum are made one row after the other; a row without entries gives 0. With a key, m is the mask of
/// ``dropout(_:probability:key:)`` on α: 0 or 1 / (1 − p); without one it is 1.
///
/// - Parameters:
///   - pattern: The entries.
///   - scores: What the scores are made of; shapes that do not fit stop the program.
///   - x: A variable with a row of H heads for every column of the pattern.
///   - dropout: The probability p of dropping a weight, in 0 ..< 1.
///   - key: The place in the random sequence; nil drops none.
/// - Returns: The weighted sums.
/// - Complexity: O(entries · width of x) time; keeps the operands, the result and α, `[entries, H]`. Nothing of the width of x
///   is made for each entry, forward or backward.
/// - SeeAlso: Veličković et al., *Graph Attention Networks*, ICLR 2018, eqs. 1–4.
public func sparseAttention(
  _ pattern: SparsePattern, _ scores: AdditiveScores, _ x: Variable, dropout: Double = 0, key: RandomKey? = nil
) -> Variable {
  scores.check(pattern, "sparseAttention")
  require(
    x.rank >= 2 && x.shape[0] == pattern.columnCount && x.shape[1] == scores.headCount,
    "sparseAttention: \(x.label) does not fit scores of shape \(scores.sources.shape)")
  require(
    x.dtype == scores.sources.dtype,
    "sparseAttention: element types differ: \(scores.sources.dtype) \(scores.sources.shape) and \(x.dtype) \(x.shape)")
  let dropping = key.flatMap { WeightDropping(dropout, key: $0, "sparseAttention") }
  let (dtype, source, slope, hasEntries) = (x.dtype, x.value.pointer, scores.slope, scores.entries != nil)
  var weights = Tensor(uninitialized: [pattern.count, scores.headCount], dtype: dtype)
  let alpha = weights.uniquePointer()
  let value = Tensor(shape: x.value.shape(withRows: pattern.rowCount), dtype: dtype) { result in
    pattern.grouping.withKernel { rows in
      scores.withKernel { scores in
        func run(_ dropping: UnsafePointer<adjoint_dropping>?) {
          adjoint_attention(dtype.kernel, rows, x.value.heads, scores, dropping, source, alpha, result)
        }
        if let dropping { dropping.withKernel(run) } else { run(nil) }
      }
    }
  }
  let kept = weights
  return record("sparseAttention", [x] + scores.operands, value: value, saving: [.inputs, .output]) { dy, saved in
    let x = saved[0], scores = AdditiveScores(saved, from: 1, hasEntries, slope)
    let gradients = scores.pullback(pattern, kept, x.value, saved.output.value, dy.value, dropping)
    guard dy.isRecorded || x.isRecorded || scores.operands.contains(where: \.isRecorded) else {
      return gradients.map { Variable($0) }
    }
    let weights = sparseAttentionWeights(pattern, scores), upstream = multiHeadSampledProduct(pattern, dy, x)
    let dx = multiHeadMatmul(pattern, dropping?.applied(to: weights) ?? weights, dy, transposingLeft: true)
    let composed = scores.composedPullback(pattern, weights, dropping?.applied(to: upstream) ?? upstream)
    return zip([dx] + composed, gradients).map { $0.withBits($1) }
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
  let value = Tensor(shape: [pattern.count, scores.headCount], dtype: dtype) { result in
    pattern.grouping.withKernel { rows in
      scores.withKernel { adjoint_attention_weights(dtype.kernel, rows, scores.headCount, $0, result) }
    }
  }
  return record("sparseAttentionWeights", scores.operands, value: value, saving: [.inputs, .output]) { dy, saved in
    let scores = AdditiveScores(saved, from: 0, hasEntries, slope)
    let gradients = scores.pullback(pattern, saved.output.value, dy.value)
    guard dy.isRecorded || scores.operands.contains(where: \.isRecorded) else { return gradients.map { Variable($0) } }
    return zip(scores.composedPullback(pattern, saved.output, dy), gradients).map { $0.withBits($1) }
  }
}

extension AdditiveScores {
  /// The scores of operands that an entry of the tape saved.
  init(_ saved: Saved, from first: Int, _ hasEntries: Bool, _ slope: Double) {
    self.init(
      sources: saved[first], targets: saved[first + 1], entries: hasEntries ? saved[first + 2] : nil, slope: slope)
  }

  /// The gradients of x and of the operands, in one pass over the columns.
  ///
  /// - Parameters:
  ///   - pattern: The entries.
  ///   - weights: α, negative where dropped.
  ///   - x: What was summed.
  ///   - y: The sums.
  ///   - dy: The gradient of the sums.
  ///   - dropping: Which weights were dropped.
  /// - Returns: The gradients of x, sources, targets and, if there are any, entries.
  fileprivate func pullback(
    _ pattern: SparsePattern, _ weights: Tensor, _ x: Tensor, _ y: Tensor, _ dy: Tensor, _ dropping: WeightDropping?
  ) -> [Tensor] {
    let dtype = sources.dtype
    var dx = Tensor(uninitialized: x.shape, dtype: dtype), dz = Tensor(uninitialized: weights.shape, dtype: dtype)
    var ofSources = Tensor(uninitialized: sources.shape, dtype: dtype)
    var ofTargets = Tensor(uninitialized: targets.shape, dtype: dtype)
    var ends = Tensor(uninitialized: [pattern.rowCount, 2, headCount], dtype: dtype)
    var gradients = adjoint_attention_gradients(
      weights: weights.pointer, y: y.pointer, dy: dy.pointer, x: x.pointer, scale: dropping?.scale ?? 1,
      ends: ends.uniquePointer(), dx: dx.uniquePointer(), dz: dz.uniquePointer(), d_sources: ofSources.uniquePointer(),
      d_targets: ofTargets.uniquePointer())
    pattern.grouping.withKernel { rows in
      pattern.transposedGrouping.withKernel { columns in
        withKernel { adjoint_attention_pullback(dtype.kernel, rows, columns, x.heads, $0, &gradients) }
      }
    }
    return [dx, ofSources, ofTargets] + (entries == nil ? [] : [dz])
  }

  /// The gradients of the operands in one pass over the rows.
  ///
  /// - Parameters:
  ///   - pattern: The entries.
  ///   - weights: α.
  ///   - upstream: The gradient of α.
  /// - Returns: The gradients of sources, targets and, if there are any, entries.
  fileprivate func pullback(_ pattern: SparsePattern, _ weights: Tensor, _ upstream: Tensor) -> [Tensor] {
    let dtype = sources.dtype
    var ofTargets = Tensor(uninitialized: targets.shape, dtype: dtype)
    let ends = ofTargets.uniquePointer()
    let dz = Tensor(shape: weights.shape, dtype: dtype) { result in
      pattern.grouping.withKernel { rows in
        withKernel {
          adjoint_attention_weights_pullback(
            dtype.kernel, rows, headCount, $0, weights.pointer, upstream.pointer, result, ends)
        }
      }
    }
    let ofSources = Variable(dz).scatterSum(to: pattern.columns, count: pattern.columnCount).value
    return [ofSources, ofTargets] + (entries == nil ? [] : [dz])
  }

  /// The gradients of the operands, in operations that can be differentiated again.
  fileprivate func composedPullback(
    _ pattern: SparsePattern, _ weights: Variable, _ upstream: Variable
  ) -> [Variable] {
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

extension Variable {
  /// The same variable, for all that is derived from it, with the bits that a kernel gives: those of an unrecorded sweep.
  fileprivate func withBits(_ value: Tensor) -> Variable {
    record("sparseAttention′", self, value: value, saving: .nothing) { dy, _ in dy }
  }
}

extension OperationSample {
  static let sparseAttention = OperationSample([[4, 2, 3], [4, 2], [3, 2]], yields: [3, 2, 3]) {
    AdjointAutodiff.sparseAttention(.sample(), AdditiveScores(sources: $0[1], targets: $0[2], slope: 0.2), $0[0])
  }.also(on: [[4, 2, 0], [4, 2], [3, 2]], yields: [3, 2, 0]).also(
    on: [[4, 1, 1], [4, 1], [3, 1]], yields: [3, 1, 1])
  static let sparseAttentionEntries = OperationSample(
    "sparseAttention with scores of entries", [[4, 1, 2], [4, 1], [3, 1], [6, 1]], yields: [3, 1, 2]
  ) {
    let scores = AdditiveScores(sources: $0[1], targets: $0[2], entries: $0[3])
    return AdjointAutodiff.sparseAttention(.sample(), scores, $0[0])
  }
  static let sparseAttentionDropping = OperationSample(
    "sparseAttention with dropout", [[4, 2, 3], [4, 2], [3, 2]], yields: [3, 2, 3]
  ) {
    let scores = AdditiveScores(sources: $0[1], targets: $0[2], slope: 0.2)
    return AdjointAutodiff.sparseAttention(.sample(), scores, $0[0], dropout: 0.4, key: RandomKey(seed: 3))
  }
  static let sparseAttentionWeights = OperationSample([[4, 2], [3, 2], [6, 2]], yields: [6, 2]) {
    let scores = AdditiveScores(sources: $0[0], targets: $0[1], entries: $0[2], slope: 0.2)
    return AdjointAutodiff.sparseAttentionWeights(.sample(), scores)
  }.also(on: [[4, 1], [3, 1], [6, 1]], yields: [6, 1])
}
