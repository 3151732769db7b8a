/// Scores that the ends of an edge, and perhaps the edge itself, add to: φ(s[source] + t[target] + b[edge]), φ a leaky rectifier.
public struct AdditiveScore: Message {
  let ends: EndpointSum
  var edge: EdgeFeatures?
  var slope = 1.0

  /// Adds the terms and rectifies the sums.
  public func each(on graph: Graph) -> Variable {
    var all = ends.each(on: graph)
    if let term = edge.map({ graph.each($0) }) { all = all.widened(to: term.rank) + term.widened(to: all.rank) }
    return slope == 1 ? all : AdjointAutodiff.leakyReLU(all, slope: slope)
  }
}

/// The softmax of messages over the edges that reach each node, separately for every column.
public struct SoftmaxMessage<Scores: Message>: Message {
  let scores: Scores
  var dropout = Dropout(0)
  var key: RandomKey?

  /// The weights of every edge.
  public func each(on graph: Graph) -> Variable {
    guard !ExecutionSettings.current.materialisesMessages, let known = additiveScores(on: graph) else {
      return dropout(graph.each(scores).segmentSoftmax(over: graph.targets, count: graph.nodeCount), key: key)
    }
    let weights = dropout(sparseAttentionWeights(graph.adjacency, known.operands), key: key)
    return known.isSingle ? weights.squeezed(along: 1) : weights
  }

  /// The same weights with dropout applied to them after the softmax; they no longer add up to 1.
  ///
  ///     graph.sum(softmax(leakyReLU(.source(s) + .target(t))).dropping(Dropout(0.6), key: key) * .source(h))
  ///
  /// The sum above still runs as one kernel; the weights that are dropped are a function of the key alone.
  ///
  /// - Parameters:
  ///   - dropout: The probability of dropping a weight.
  ///   - key: The place in the random sequence, or nil in evaluation.
  /// - Returns: The message.
  public func dropping(_ dropout: Dropout, key: RandomKey?) -> SoftmaxMessage {
    SoftmaxMessage(scores: scores, dropout: dropout, key: key)
  }
}

/// The product of both ends of every edge, ⟨q[target], k[source]⟩, for every head.
public struct EndpointProduct: Message {
  let sources, targets: Endpoint

  /// Multiplies along the last axis in one pass, for every edge alone.
  public func each(on graph: Graph) -> Variable {
    sources.check(graph)
    targets.check(graph)
    let (k, q) = (sources.features, targets.features)
    require(
      q.rank >= 2 && q.rowShape == k.rowShape,
      "dot: targets of shape \(q.shape) and sources of shape \(k.shape) have no product")
    return q.rank == 2 ? sampledProduct(graph.adjacency, q, k) : multiHeadSampledProduct(graph.adjacency, q, k)
  }
}

/// Operands of an attention kernel that were found in a message; single scores have no axis for heads.
struct KnownScores {
  let operands: AdditiveScores
  let headCount: Int
  let isSingle: Bool
}

/// A softmax that may be of scores which the attention kernels know.
protocol SoftmaxOfScores {
  var dropout: Dropout { get }
  var key: RandomKey? { get }
  func additiveScores(on graph: Graph) -> KnownScores?
}

extension SoftmaxMessage: SoftmaxOfScores {
  func additiveScores(on graph: Graph) -> KnownScores? {
    let score = scores as? AdditiveScore ?? (scores as? EndpointSum).map { AdditiveScore(ends: $0) }
    guard let score, let (source, target) = score.ends.sides else { return nil }
    let (s, t) = (source.features, target.features), b = score.edge?.features
    source.check(graph)
    target.check(graph)
    guard s.rank == 1 || s.rank == 2, s.rowShape == t.rowShape else { return nil }
    guard b.map({ $0.rowShape == s.rowShape }) ?? true else { return nil }
    if let edge = score.edge { graph.requireEdgeValues(edge.features, "softmax") }
    func columns(_ x: Variable) -> Variable { s.rank == 1 ? x.expandedDims(at: 1) : x }
    let operands = AdditiveScores(
      sources: columns(s), targets: columns(t), entries: b.map(columns), slope: score.slope)
    return KnownScores(operands: operands, headCount: s.rank == 1 ? 1 : s.shape[1], isSingle: s.rank == 1)
  }
}

/// Adds a score of the edge itself to those of its ends.
public func + (ends: EndpointSum, edge: EdgeFeatures) -> AdditiveScore { AdditiveScore(ends: ends, edge: edge) }

/// The leaky rectifier of scores that both ends add to.
///
/// - Parameters:
///   - score: `.source(s) + .target(t)`, with numbers `[nodeCount, H]` or `[nodeCount]`.
///   - slope: The slope below 0.
/// - Returns: The message.
public func leakyReLU(_ score: EndpointSum, slope: Double = 0.01) -> AdditiveScore {
  AdditiveScore(ends: score, slope: slope)
}

/// The leaky rectifier of scores that both ends and the edge add to.
///
/// - Parameters:
///   - score: `.source(s) + .target(t) + .edge(b)`.
///   - slope: The slope below 0.
/// - Returns: The message.
public func leakyReLU(_ score: AdditiveScore, slope: Double = 0.01) -> AdditiveScore {
  AdditiveScore(ends: score.ends, edge: score.edge, slope: slope * score.slope)
}

/// The weights of attention: the softmax of scores over the edges that reach each node, separately for every head.
///
///     graph.sum(softmax(leakyReLU(.source(s) + .target(t), slope: 0.2)) * .source(h))
///
/// The sum above runs as one kernel, row by row.
///
/// - Parameter scores: Messages of any kind.
/// - Returns: The message.
public func softmax<Scores: Message>(_ scores: Scores) -> SoftmaxMessage<Scores> { SoftmaxMessage(scores: scores) }

/// The product of the features of both ends of every edge along the last axis: the scores of dot-product attention.
///
/// - Parameters:
///   - targets: `.target(q)`, `[nodeCount, D]` or, for H heads, `[nodeCount, H, D]`.
///   - sources: `.source(k)`, of the same row shape.
/// - Returns: A message of one number for each edge, or H of them.
public func dot(_ targets: Endpoint, _ sources: Endpoint) -> EndpointProduct {
  require(
    targets.end == .target && sources.end == .source,
    "dot: the product is that of a target with a source, in this order")
  return EndpointProduct(sources: sources, targets: targets)
}
