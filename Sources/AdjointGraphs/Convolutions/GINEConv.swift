/// The graph isomorphism layer for edges with features.
///
///     y[i] = MLP((1 + ε) x[i] + Σ_j max(x[j] + e[j → i] U + c, 0))          over the edges j → i
///
/// x: `[N, inputs]`, e: `[E, edgeInputs]`, U: `[edgeInputs, inputs]`, y: `[N, outputs]`.
///
/// Source: Hu et al., *Strategies for Pre-training Graph Neural Networks*, ICLR 2020, appendix A.
public struct GINEConv: Layer {
  /// The perceptron.
  public let network: MLP
  /// The map U with c that gives edges the width of nodes.
  public let edge: Linear
  /// ε, if it is trained.
  public let trainedEpsilon: Parameter?
  private let fixedEpsilon: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - network: The perceptron that is applied to every node's sum.
  ///   - edgeInputs: The number of features of an edge.
  ///   - epsilon: ε, or what it starts from.
  ///   - trainsEpsilon: Whether ε is a parameter.
  ///   - key: The place in the random sequence.
  public init(_ network: MLP, edgeInputs: Int, epsilon: Double = 0, trainsEpsilon: Bool = false, key: RandomKey) {
    (self.network, fixedEpsilon) = (network, epsilon)
    edge = Linear(edgeInputs, network.layers[0].weight.shape[0], key: key)
    trainedEpsilon = trainsEpsilon ? Parameter(Tensor([epsilon])) : nil
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - edges: The features of the edges, `[E, edgeInputs]`, in the graph's stored order.
  ///   - graph: The graph.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, edges: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("GINEConv")
    let neighbours = graph.sum((.source(x) + EdgeFeatures.edge(edges).map { edge($0) }).map { relu($0) })
    return network((1 + (trainedEpsilon?.wrappedValue ?? Variable(fixedEpsilon))) * x + neighbours)
  }
}
