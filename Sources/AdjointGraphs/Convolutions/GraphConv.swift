/// The graph convolution with weights of its own for the node and for what its neighbours say.
///
///     y[i] = AGG { w[j → i] x[j] } W + b + x[i] V          over the edges j → i
///
/// x: `[N, inputs]`, W, V: `[inputs, outputs]`, y: `[N, outputs]`; w is a number for each edge, 1 if left out.
///
/// Source: Morris et al., *Weisfeiler and Leman Go Neural: Higher-order Graph Neural Networks*, AAAI 2019, eq. 2.
public struct GraphConv: Layer {
  /// The maps W with b, and V.
  public let neighbours: Linear, own: Linear
  private let reduction: Reduction

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - reduction: How the neighbours' features become one row.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, reduction: Reduction = .sum, key: RandomKey) {
    neighbours = Linear(inputs, outputs, key: key.stream(0))
    own = Linear(inputs, outputs, bias: false, key: key.stream(1))
    self.reduction = reduction
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  ///   - weights: One number for each edge, in the graph's stored order; nil for ones.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph, weights: Variable? = nil) -> Variable {
    graph.requireOneKind("GraphConv")
    let total =
      weights.map { ($0 * .source(x)).reduced(by: reduction, on: graph) }
      ?? Endpoint.source(x).reduced(by: reduction, on: graph)
    return linear(total, neighbours.weight, neighbours.bias?.wrappedValue, plus: x, own.weight)
  }
}
