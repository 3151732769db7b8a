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

/// Which weights of attention are dropped: those that ``dropout(_:probability:key:)`` would drop.
struct WeightDropping {
  private let probability: Double, key: RandomKey, draws: DropoutDraws

  /// Describes dropping; nil if the probability is 0.
  init?(_ probability: Double, key: RandomKey, _ operation: String) {
    draws = DropoutDraws(probability, operation)
    if probability == 0 { return nil }
    (self.probability, self.key) = (probability, key)
  }

  var scale: Double { draws.scale }

  func applied(to weights: Variable) -> Variable { dropout(weights, probability: probability, key: key) }

  func withKernel<Result>(_ body: (UnsafePointer<adjoint_dropping>?) -> Result) -> Result {
    var dropping = adjoint_dropping(key: key.kernel, threshold: draws.threshold, scale: draws.scale)
    return body(&dropping)
  }
}
