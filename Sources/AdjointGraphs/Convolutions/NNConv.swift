/// The edge-conditioned convolution: a network turns the features of an edge into the matrix that its message is multiplied by.
///
///     y[i] = x[i] W + b + AGG { x[j] Θ(e[j → i]) }          over the edges j → i
///
/// x: `[N, inputs]`, e: `[E, edgeInputs]`, Θ: a perceptron with inputs · outputs results, y: `[N, outputs]`.
///
/// Source: Gilmer et al., *Neural Message Passing for Quantum Chemistry*, ICML 2017, section 5.
public struct NNConv: Layer {
  /// The network Θ.
  public let network: MLP
  /// The map W with b.
  public let own: Linear
  private let inputs: Int, outputs: Int
  private let reduction: Reduction

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - network: A perceptron from the features of an edge to inputs · outputs numbers.
  ///   - reduction: How the messages of the neighbours become one row.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, network: MLP, reduction: Reduction = .sum, key: RandomKey) {
    let width = network.layers[network.layers.count - 1].weight.shape[1]
    require(
      width == inputs * outputs, "NNConv: the network yields \(width) numbers, not \(inputs) · \(outputs)")
    (self.network, self.inputs, self.outputs, self.reduction) = (network, inputs, outputs, reduction)
    own = Linear(inputs, outputs, key: key)
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - edges: The features of the edges, `[E, edgeInputs]`, in the graph's stored order.
  ///   - graph: The graph.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, edges: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("NNConv")
    let message = Endpoint.source(x).combined(with: .edge(edges).map { network($0) }) { x, matrix in
      let count = x.shape[0], matrices = matrix.reshaped(to: [count, inputs, outputs])
      return matmul(x.reshaped(to: [count, 1, inputs]), matrices).reshaped(to: [count, outputs])
    }
    return own(x) + message.reduced(by: reduction, on: graph)
  }
}
