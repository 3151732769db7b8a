/// The residual gated graph convolution: every edge has a gate for each feature.
///
///     y[i] = x[i] W + b + Σ_j σ(x[i] K + x[j] Q) ⊙ x[j] V          over the edges j → i
///
/// x: `[N, inputs]`, W, K, Q, V: `[inputs, outputs]`, K, Q and V each with a bias of its own, y: `[N, outputs]`.
///
/// Source: Bresson & Laurent, *Residual Gated Graph ConvNets*, arXiv:1711.07553, eq. 11.
public struct ResGatedGraphConv: Layer {
  /// The maps K and Q of the gate, V of the message and W of the node itself.
  public let key: Linear, query: Linear, value: Linear, own: Linear

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, key: RandomKey) {
    self.key = Linear(inputs, outputs, key: key.stream(0))
    query = Linear(inputs, outputs, key: key.stream(1))
    value = Linear(inputs, outputs, key: key.stream(2))
    own = Linear(inputs, outputs, key: key.stream(3))
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("ResGatedGraphConv")
    let gate = (.target(key(x)) + .source(query(x))).map { sigmoid($0) }
    return own(x) + graph.sum(gate * .source(value(x)))
  }
}
