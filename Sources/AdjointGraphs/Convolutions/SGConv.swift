/// The simplified graph convolution: a graph convolutional network without its activations is one linear map of features that
/// have been averaged K times.
///
///     y = Sᴷ x W + b,   S = D^(−1/2) (A + I) D^(−1/2)
///
/// x: `[N, inputs]`, W: `[inputs, outputs]`, y: `[N, outputs]`; a self-loop that the graph has already is not doubled.
///
/// Source: Wu et al., *Simplifying Graph Convolutional Networks*, ICML 2019, eq. 8.
public struct SGConv: Layer {
  /// The map W with b.
  public let map: Linear
  private let hops: Int

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - hops: K, at least 0.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, hops: Int = 2, key: RandomKey) {
    require(hops >= 0, "SGConv: \(hops) hops; there have to be at least 0")
    map = Linear(inputs, outputs, key: key)
    self.hops = hops
  }

  /// Applies the layer. The product that makes the narrower features comes first.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("SGConv")
    let shape = map.weight.shape
    return shape[0] <= shape[1] ? map(propagated(x, graph)) : finished(matmul(x, map.weight), graph)
  }

  /// Applies the layer to sparse features, at the cost of their stored entries.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph) -> Variable {
    graph.requireOneKind("SGConv")
    return finished(matmul(x, map.weight), graph)
  }

  /// Sᴷ x, which needs to be made once where x is fixed.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: A variable of the same shape.
  public func propagated(_ x: Variable, _ graph: Graph) -> Variable {
    let looped = graph.addingSelfLoops()
    return (0..<hops).reduce(x) { h, _ in looped.sum(looped.symmetricWeights * .source(h)) }
  }

  private func finished(_ product: Variable, _ graph: Graph) -> Variable {
    let y = propagated(product, graph)
    return map.bias.map { y + $0.wrappedValue } ?? y
  }
}
