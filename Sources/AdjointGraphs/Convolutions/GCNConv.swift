/// The graph convolution of Kipf and Welling.
///
///     y[i] = Σ_j x[j] W / √(d(i) d(j)) + b      over the edges j → i and the self-loop of i
///
/// x: `[N, inputs]`, W: `[inputs, outputs]`, b: `[outputs]`, y: `[N, outputs]`; d(i) is the number of edges that reach i, its
/// self-loop included. A self-loop that the graph has already is not doubled.
///
/// Source: Kipf & Welling, *Semi-Supervised Classification with Graph Convolutional Networks*, ICLR 2017, eq. 2.
public struct GCNConv: Layer {
  /// The weights W.
  @Parameter public var weight: Variable
  /// The bias b, zeros at first.
  @Parameter public var bias: Variable

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - initializer: How the weights start.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, initializer: Initializer = .glorotUniform, key: RandomKey) {
    _weight = Parameter(initializer([inputs, outputs], key: key))
    _bias = Parameter(Tensor(zeros: [outputs]))
  }

  /// Applies the layer. What moves along the edges is the narrower of x and x W, and x if they are as wide; rounding apart,
  /// the result is the same.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("GCNConv")
    return moved(x, on: graph).map { linear($0, weight, bias) } ?? propagated(matmul(x, weight), on: graph) + bias
  }

  /// Applies the layer and the rectified linear unit, max(y, 0), where x moves along the edges in one pass over the result.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: `[N, outputs]`.
  public func rectified(_ x: Variable, on graph: Graph) -> Variable {
    moved(x, on: graph).map { rectifiedLinear($0, weight, bias) }
      ?? relu(propagated(matmul(x, weight), on: graph) + bias)
  }

  /// What reaches every node of x; nil if x W is narrower.
  private func moved(_ x: Variable, on graph: Graph) -> Variable? {
    weight.shape[0] <= weight.shape[1] ? propagated(x, on: graph) : nil
  }

  private func propagated(_ h: Variable, on graph: Graph) -> Variable {
    let looped = graph.addingSelfLoops()
    return looped.sum(looped.symmetricWeights * .source(h))
  }

  /// Applies the layer to sparse features, at the cost of their stored entries.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph) -> Variable {
    graph.requireOneKind("GCNConv")
    return propagated(matmul(x, weight), on: graph) + bias
  }

  /// Applies the layer to a graph with weighted edges; gradients flow to the weights.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  ///   - weights: One number for each edge, in the graph's stored order.
  ///   - loopWeight: The weight of a self-loop that is added.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(
    _ x: Variable, on graph: Graph, weights: Variable, loopWeight: Double = 1
  ) -> Variable {
    graph.requireOneKind("GCNConv")
    let (looped, weights) = graph.addingSelfLoops(weights: weights, loopWeight: loopWeight)
    return looped.sum(looped.symmetricWeights(weights) * .source(matmul(x, weight))) + bias
  }
}
