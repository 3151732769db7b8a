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

  /// True.
  public var runsInBlocks: Bool { true }

  /// Every reduction but the standard deviation is one pass along the edges, and of targets one over the nodes.
  public func fused(_ reduction: Reduction, on graph: Graph) -> FusedReduction? {
    check(graph)
    let features = features, pattern = graph.adjacency
    func scaled(_ kernel: String, _ factor: @escaping (Int) -> Double) -> FusedReduction {
      FusedReduction(kernel) { multiplyOrZero(graph.perNode(factor, like: features), features) }
    }
    switch (end, reduction) {
    case (_, .standardDeviation): return nil
    case (.source, .sum):
      return FusedReduction("sparse product, unweighted") { matmul(SparseMatrix(pattern), features) }
    case (.source, .mean): return FusedReduction("sparse mean") { sparseMean(pattern, features) }
    case (.source, .max): return FusedReduction("sparse maximum") { sparseMax(SparseMatrix(pattern), features) }
    case (.source, .min): return FusedReduction("sparse minimum") { sparseMin(SparseMatrix(pattern), features) }
    case (.target, .sum): return scaled("rows scaled by their in-degrees") { Double($0) }
    case (.target, _): return scaled("rows of the nodes that edges reach") { $0 > 0 ? 1 : 0 }
    }
  }

  /// The features times one number.
  func scaled(by factor: Variable) -> Endpoint { Endpoint(features: factor * features, end: end) }

  func check(_ graph: Graph) {
    let count = end == .source ? graph.sourceCount : graph.nodeCount
    require(
      features.rank >= 1 && features.shape[0] == count,
      "\(end == .source ? "source" : "target"): features of shape \(features.shape) for \(count) nodes")
  }
}

extension Graph {
  /// A number for each node made from its in-degree, with axes of extent 1 up to the rank of `features`.
  func perNode(_ factor: (Int) -> Double, like features: Variable) -> Variable {
    let shape = Shape([nodeCount] + [Int](repeating: 1, count: features.rank - 1))
    return Variable(Tensor(inDegrees.map(factor), shape: shape, dtype: features.dtype))
  }
}

extension Message where Self == Endpoint {
  /// The features of each edge's source.
  ///
  /// - Parameter features: `[nodeCount, ...]`; of a bipartite graph `[sourceCount, ...]`.
  /// - Returns: The message.
  public static func source(_ features: Variable) -> Endpoint { Endpoint(features: features, end: .source) }

  /// The features of each edge's target.
  ///
  /// - Parameter features: `[nodeCount, ...]`.
  /// - Returns: The message.
  public static func target(_ features: Variable) -> Endpoint { Endpoint(features: features, end: .target) }
}
