/// The layer of the graph isomorphism network, which tells apart what the Weisfeiler–Leman test does.
///
///     y[i] = MLP((1 + ε) x[i] + Σ_j x[j])          over the edges j → i
///
/// x: `[N, inputs]`, y: `[N, outputs]`; ε is a number that may be trained. A self-loop counts as a neighbour.
///
/// Source: Xu, Hu, Leskovec & Jegelka, *How Powerful are Graph Neural Networks?*, ICLR 2019, eq. 4.1.
public struct GINConv: Layer {
  /// The perceptron.
  public let network: MLP
  /// ε, if it is trained.
  public let trainedEpsilon: Parameter?
  private let fixedEpsilon: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - network: The perceptron that is applied to every node's sum.
  ///   - epsilon: ε, or what it starts from.
  ///   - trainsEpsilon: Whether ε is a parameter.
  public init(_ network: MLP, epsilon: Double = 0, trainsEpsilon: Bool = false) {
    (self.network, fixedEpsilon) = (network, epsilon)
    trainedEpsilon = trainsEpsilon ? Parameter(Tensor([epsilon])) : nil
  }

  /// Applies the layer. Where the perceptron's first map narrows the features, it comes before the sum.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: In training, the place in the random sequence, which makes the perceptron's norms, if there are any, take the
  ///     statistics of all nodes; nil in evaluation.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph, key: RandomKey? = nil) -> Variable {
    graph.requireOneKind("GINConv")
    let first = network.layers[0], shape = first.weight.shape
    return shape[1] < shape[0]
      ? finished(total(matmul(x, first.weight), graph), key) : network(total(x, graph), key: key)
  }

  /// Applies the layer to sparse features, at the cost of their stored entries.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence in training; nil in evaluation.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph, key: RandomKey? = nil) -> Variable {
    graph.requireOneKind("GINConv")
    return finished(total(matmul(x, network.layers[0].weight), graph), key)
  }

  private func total(_ x: Variable, _ graph: Graph) -> Variable {
    let neighbours = graph.sum(.source(x))
    if let trainedEpsilon { return (1 + trainedEpsilon.wrappedValue) * x + neighbours }
    return (fixedEpsilon == 0 ? x : Variable(1 + fixedEpsilon) * x) + neighbours
  }

  /// What follows the first map's product.
  private func finished(_ product: Variable, _ key: RandomKey?) -> Variable {
    network.continued(from: network.layers[0].bias.map { product + $0.wrappedValue } ?? product, key: key)
  }
}
