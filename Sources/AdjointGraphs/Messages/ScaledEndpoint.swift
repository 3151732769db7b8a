/// An endpoint's features times a number for each edge, or for each edge and head.
///
/// With features `[N, ...]` the factor is `[E]`, or `[E, 1]` where they are `[N, D]`; with features of H heads, `[N, H, ...]`, it
/// may be `[E, H]`. A factor of another shape multiplies the materialised rows elementwise.
public struct ScaledEndpoint<Factor: Message>: Message {
  let factor: Factor
  let endpoint: Endpoint

  /// Gathers the rows of the ends and scales them.
  public func each(on graph: Graph) -> Variable {
    scaled(values(on: graph), endpoint.each(on: graph))
  }

  /// Whether those of the factor may.
  public var runsInBlocks: Bool { factor.runsInBlocks }

  /// Sums and means are sparse products; so are attention's, whose weights are made along the way.
  public func fused(_ reduction: Reduction, on graph: Graph) -> FusedReduction? {
    endpoint.check(graph)
    if let number { return endpoint.scaled(by: number).fused(reduction, on: graph) }
    guard reduction == .sum || reduction == .mean else { return fusedExtreme(reduction, on: graph) }
    if let attention = attention(reduction, on: graph) { return attention }
    guard !isTooWide(on: graph) else { return nil }
    let values = values(on: graph), x = endpoint.features, pattern = graph.adjacency
    guard isWeight(values) else { return nil }
    func averaged(_ sum: Variable) -> Variable {
      reduction == .sum ? sum : multiplyOrZero(graph.perNode({ $0 > 0 ? 1 / Double($0) : 0 }, like: sum), sum)
    }
    guard endpoint.end == .source else {
      return FusedReduction("rows scaled by the sums of their weights", numbersPerEdge: values.rowWidth) {
        let totals = values.scatterSum(to: graph.targets, count: graph.nodeCount)
        return averaged(multiplyOrZero(totals.widened(to: x.rank), x))
      }
    }
    if values.rank == 1 {
      return FusedReduction("sparse product, weighted", numbersPerEdge: 1) {
        averaged(matmul(SparseMatrix(pattern, values: values), x))
      }
    }
    return FusedReduction("sparse product, a weight for each head", numbersPerEdge: values.rowWidth) {
      averaged(multiHeadMatmul(pattern, values, x))
    }
  }

  /// Extremes have a kernel if the weights are constants.
  private func fusedExtreme(_ reduction: Reduction, on graph: Graph) -> FusedReduction? {
    guard endpoint.end == .source, reduction == .max || reduction == .min, !isTooWide(on: graph) else { return nil }
    let values = values(on: graph), x = endpoint.features
    guard values.rank == 1, !values.isRecorded else { return nil }
    let matrix = SparseMatrix(graph.adjacency, values: values)
    return reduction == .max
      ? FusedReduction("sparse maximum, weighted", numbersPerEdge: 1) { sparseMax(matrix, x) }
      : FusedReduction("sparse minimum, weighted", numbersPerEdge: 1) { sparseMin(matrix, x) }
  }

  /// Scores, softmax and sum row by row, if the factor is a softmax of scores that both ends add to.
  func attention(_ reduction: Reduction, on graph: Graph) -> FusedReduction? {
    guard reduction == .sum, endpoint.end == .source else { return nil }
    let x = endpoint.features
    guard let softmax = factor as? any SoftmaxOfScores, let scores = softmax.additiveScores(on: graph) else {
      return nil
    }
    let (dropout, key) = (softmax.dropout.probability, softmax.key)
    let heads = scores.headCount, isSingle = scores.isSingle || heads == 1 && x.rank == 2
    guard x.rank >= 2, isSingle || x.shape[1] == heads else { return nil }
    return FusedReduction("fused attention: scores, softmax and sum row by row", numbersPerEdge: heads) {
      let rows = isSingle ? x.expandedDims(at: 1) : x
      let sums = sparseAttention(graph.adjacency, scores.operands, rows, dropout: dropout, key: key)
      return isSingle ? sums.squeezed(along: 1) : sums
    }
  }

  /// The factor, if it is one number for all edges.
  private var number: Variable? { (factor as? EdgeWeights)?.number }

  /// Whether the factor is an array already.
  private var isMade: Bool { factor is EdgeWeights || factor is EdgeFeatures }

  /// Whether values are one number for each edge, or for each edge and head.
  private func isWeight(_ values: Variable) -> Bool {
    let x = endpoint.features
    guard values.rank <= 2, values.rank < x.rank || values.rank == 1 else { return false }
    return values.rowShape == Array(x.rowShape.prefix(values.rank - 1))
  }

  private func values(on graph: Graph) -> Variable {
    guard let weights = factor as? EdgeWeights else { return graph.each(factor).asWeights(of: endpoint.features) }
    return weights.checked(endpoint.features, graph)
  }

  private func isOverBudget(on graph: Graph) -> Bool { graph.blocks(of: self).map { $0.count > 1 } ?? false }

  /// Whether messages exceed the budget, and the factor of one edge says that no kernel takes it.
  private func isTooWide(on graph: Graph) -> Bool {
    guard !isMade, isOverBudget(on: graph), let one = graph.blocks(ofAny: factor) else { return false }
    return !isWeight(Variable(one.rehearsal.value).asWeights(of: endpoint.features))
  }
}

extension ScaledEndpoint: ScaledMessage {
  func factorBlocks(_ reduction: Reduction, on graph: Graph) -> EdgeBlocks? {
    attention(reduction, on: graph) == nil ? graph.blocks(ofAny: factor) : nil
  }

  func withFactor(for reductions: [Reduction], on graph: Graph) -> any Message {
    if isMade || reductions.allSatisfy({ attention($0, on: graph) != nil }) { return self }
    let isWeighted = reductions.contains(.sum) || reductions.contains(.mean)
    if isOverBudget(on: graph) && (!isWeighted || isTooWide(on: graph)) { return self }
    return ScaledEndpoint<EdgeFeatures>(factor: .edge(graph.each(factor)), endpoint: endpoint)
  }

  func obstacle(_ reduction: Reduction, on graph: Graph) -> String? {
    guard reduction != .standardDeviation, number == nil else { return nil }
    let one = isMade ? nil : graph.blocks(ofAny: factor).map { Variable($0.rehearsal.value) }
    let values = one?.asWeights(of: endpoint.features) ?? values(on: graph), rows = Shape(endpoint.features.rowShape)
    guard isWeight(values) else {
      return "because factors of shape \(Shape(values.rowShape)) for each edge are not weights of rows of shape \(rows)"
    }
    let kind = endpoint.end == .target ? "targets" : values.rank > 1 ? "several heads" : "sources with trained weights"
    return "because there is no kernel for the \(reduction) of weighted rows of \(kind)"
  }
}

extension Variable {
  /// The extents of a row.
  var rowShape: [Int] { Array(shape.dropFirst()) }

  /// The numbers in a row.
  var rowWidth: Int { shape.dropFirst().reduce(1, *) }

  /// The same numbers with axes of extent 1 at the end; one number stays as it is, in whatever element type it meets.
  func widened(to rank: Int) -> Variable {
    self.rank == 0 || self.rank >= rank
      ? self : reshaped(to: Array(shape) + [Int](repeating: 1, count: rank - self.rank))
  }
}

/// The product of two rows of messages, where one with fewer axes applies to all that the other has for the edge.
private func scaled(_ factor: Variable, _ rows: Variable) -> Variable {
  let (a, b) = (factor.widened(to: rows.rank), rows.widened(to: factor.rank))
  require(
    a.rank == 0 || zip(a.shape, b.shape).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 },
    "Message: factors of shape \(Shape(factor.rowShape)) for each edge do not scale rows of shape \(Shape(rows.rowShape))"
  )
  return a * b
}

/// Scales an endpoint's features by a number for each edge.
public func * (weights: EdgeWeights, endpoint: Endpoint) -> ScaledEndpoint<EdgeWeights> {
  ScaledEndpoint(factor: weights, endpoint: endpoint)
}

/// Scales an endpoint's features by a number for each edge.
public func * (endpoint: Endpoint, weights: EdgeWeights) -> ScaledEndpoint<EdgeWeights> { weights * endpoint }

/// Scales an endpoint's features by a number for each edge, for each edge and head, or for all edges.
public func * (weights: Variable, endpoint: Endpoint) -> ScaledEndpoint<EdgeWeights> {
  EdgeWeights(weights) * endpoint
}

/// Scales an endpoint's features by the numbers of another message.
public func * <Factor: Message>(factor: Factor, endpoint: Endpoint) -> ScaledEndpoint<Factor> {
  ScaledEndpoint(factor: factor, endpoint: endpoint)
}
