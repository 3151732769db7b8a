/// The features of one end of every edge.
public struct Endpoint: Message {
  enum End: Sendable { case source, target }

  let features: Variable
  let end: End

  /// Gathers the rows of the ends.
  public func each(on graph: Graph) -> Variable {
    check(graph)
    return features.gatherRows(end == .source ? graph.sources : graph.targets)
  }

  /// Sums along the edges in one pass.
  public func sum(on graph: Graph) -> Variable {
    check(graph)
    if end == .source { return matmul(SparseMatrix(graph.adjacency), features) }
    return multiplyOrZero(perNode(graph.inDegrees.map(Double.init)), features)
  }

  /// Averages along the edges in one pass.
  public func mean(on graph: Graph) -> Variable {
    check(graph)
    if end == .source { return sparseMean(graph.adjacency, features) }
    return multiplyOrZero(perNode(graph.inDegrees.map { $0 > 0 ? 1 : 0 }), features)
  }

  /// Takes the maximum along the edges in one pass.
  public func max(on graph: Graph) -> Variable {
    check(graph)
    if end == .source { return sparseMax(SparseMatrix(graph.adjacency), features) }
    return multiplyOrZero(perNode(graph.inDegrees.map { $0 > 0 ? 1 : 0 }), features)
  }

  /// Takes the minimum along the edges in one pass.
  public func min(on graph: Graph) -> Variable {
    check(graph)
    if end == .source { return sparseMin(SparseMatrix(graph.adjacency), features) }
    return multiplyOrZero(perNode(graph.inDegrees.map { $0 > 0 ? 1 : 0 }), features)
  }

  private func perNode(_ values: [Double]) -> Variable {
    let shape = Shape([values.count] + [Int](repeating: 1, count: features.rank - 1))
    return Variable(Tensor(values, shape: shape, dtype: features.dtype))
  }

  private func check(_ graph: Graph) {
    let count = end == .source ? graph.sourceCount : graph.nodeCount
    require(
      features.rank >= 1 && features.shape[0] == count,
      "\(end == .source ? "source" : "target"): features of shape \(features.shape) for \(count) nodes")
  }
}

/// A value of its own for every edge.
public struct EdgeFeatures: Message {
  let features: Variable

  /// The features as they are.
  public func each(on graph: Graph) -> Variable { features }
}

extension Message where Self == Endpoint {
  /// The features of each edge's source.
  ///
  /// - Parameter features: `[nodeCount, ...]`.
  /// - Returns: The message.
  public static func source(_ features: Variable) -> Endpoint { Endpoint(features: features, end: .source) }

  /// The features of each edge's target.
  ///
  /// - Parameter features: `[nodeCount, ...]`.
  /// - Returns: The message.
  public static func target(_ features: Variable) -> Endpoint { Endpoint(features: features, end: .target) }
}

extension Message where Self == EdgeFeatures {
  /// The features of the edge itself.
  ///
  /// - Parameter features: `[edgeCount, ...]`, in the graph's stored order.
  /// - Returns: The message.
  public static func edge(_ features: Variable) -> EdgeFeatures { EdgeFeatures(features: features) }
}

/// An endpoint's features scaled by a number for each edge.
public struct WeightedEndpoint: Message {
  let weights: EdgeWeights
  let endpoint: Endpoint

  private func values(_ graph: Graph) -> Variable { weights.checked(endpoint.features.dtype, graph) }

  /// Gathers the rows of the ends and scales them.
  public func each(on graph: Graph) -> Variable {
    let rows = endpoint.each(on: graph)
    return values(graph).reshaped(to: [graph.edgeCount] + [Int](repeating: 1, count: rows.rank - 1)) * rows
  }

  /// Sums along the edges in one pass: a sparse matrix product.
  public func sum(on graph: Graph) -> Variable {
    guard endpoint.end == .source else { return each(on: graph).scatterSum(to: graph.targets, count: graph.nodeCount) }
    return matmul(SparseMatrix(graph.adjacency, values: values(graph)), endpoint.features)
  }
}

/// Two messages combined for every edge.
public struct CombinedMessage<First: Message, Second: Message>: Message {
  let first: First, second: Second
  let combine: (Variable, Variable) -> Variable

  /// Combines the materialised messages. Where one has fewer axes, its numbers apply to all that the other has for the edge.
  public func each(on graph: Graph) -> Variable {
    let (a, b) = (graph.each(first), graph.each(second))
    func widened(_ x: Variable, like y: Variable) -> Variable {
      x.rank >= y.rank ? x : x.reshaped(to: Array(x.shape) + [Int](repeating: 1, count: y.rank - x.rank))
    }
    return combine(widened(a, like: b), widened(b, like: a))
  }
}

/// Scales an endpoint's features by a number for each edge.
public func * (weights: EdgeWeights, endpoint: Endpoint) -> WeightedEndpoint {
  WeightedEndpoint(weights: weights, endpoint: endpoint)
}

/// Scales an endpoint's features by a number for each edge.
public func * (weights: Variable, endpoint: Endpoint) -> WeightedEndpoint { EdgeWeights(weights) * endpoint }

/// A message scaled by a number for each edge.
public struct WeightedMessage<Scaled: Message>: Message {
  let weights: EdgeWeights
  let message: Scaled

  /// Scales the materialised messages.
  public func each(on graph: Graph) -> Variable {
    let rows = graph.each(message)
    let values = weights.checked(rows.dtype, graph)
    return values.reshaped(to: [graph.edgeCount] + [Int](repeating: 1, count: rows.rank - 1)) * rows
  }
}

/// Scales a message by a number for each edge.
public func * <Scaled: Message>(weights: EdgeWeights, message: Scaled) -> WeightedMessage<Scaled> {
  WeightedMessage(weights: weights, message: message)
}

/// Multiplies two messages for every edge.
public func * <First: Message, Second: Message>(a: First, b: Second) -> CombinedMessage<First, Second> {
  CombinedMessage(first: a, second: b, combine: *)
}

/// Adds two messages for every edge.
public func + <First: Message, Second: Message>(a: First, b: Second) -> CombinedMessage<First, Second> {
  CombinedMessage(first: a, second: b, combine: +)
}

/// Subtracts two messages for every edge.
public func - <First: Message, Second: Message>(a: First, b: Second) -> CombinedMessage<First, Second> {
  CombinedMessage(first: a, second: b, combine: -)
}
