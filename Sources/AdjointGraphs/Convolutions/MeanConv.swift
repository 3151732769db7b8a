/// The basic layer of graph networks: the mean of the neighbours, and the node itself.
///
///     y[i] = W · (Σ_j x[j] / |N(i)|) + B · x[i]          over the edges j → i
///
/// In matrices y = D⁻¹A X W + X B with weights `[inputs, outputs]`; an activation follows. The mean is 0 where no edge arrives. A
/// layer that adds self-loops and uses one matrix for all, D̂⁻¹(A + I) X W, is another one, even for B = W: there the node counts
/// as one of its neighbours.
///
/// Source: Scarselli et al., *The Graph Neural Network Model*, IEEE Transactions on Neural Networks 20(1), 2009, in the form of
/// Hamilton, *Graph Representation Learning*, 2020, eq. 5.7 with a mean.
public struct MeanConv: Layer {
  /// The weights W of the neighbours.
  @Parameter public var neighbourWeight: Variable
  /// The weights B of the node itself.
  @Parameter public var ownWeight: Variable

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - initializer: How the weights start.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, initializer: Initializer = .glorotUniform, key: RandomKey) {
    _neighbourWeight = Parameter(initializer([inputs, outputs], key: key.stream(0)))
    _ownWeight = Parameter(initializer([inputs, outputs], key: key.stream(1)))
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("MeanConv")
    return linear(graph.mean(.source(x)), neighbourWeight, nil, plus: x, ownWeight)
  }
}
