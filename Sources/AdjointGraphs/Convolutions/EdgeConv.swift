/// The edge convolution: a perceptron looks at a node and at how each neighbour differs from it.
///
///     y[i] = AGG { MLP([x[i], x[j] − x[i]]) }          over the edges j → i
///
/// x: `[N, inputs]`; the perceptron reads 2 · inputs features, y: `[N, outputs]`. Its first map is applied to the nodes, not to
/// the edges: with W = [U; V] by rows it is x[i] (U − V) + x[j] V.
///
/// Source: Wang et al., *Dynamic Graph CNN for Learning on Point Clouds*, ACM Transactions on Graphics 38(5), 2019, eq. 7.
public struct EdgeConv: Layer {
  /// The perceptron.
  public let network: MLP
  private let reduction: Reduction

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - network: A perceptron with 2 · inputs inputs.
  ///   - reduction: How the messages of the neighbours become one row.
  public init(_ network: MLP, reduction: Reduction = .max) { (self.network, self.reduction) = (network, reduction) }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("EdgeConv")
    let first = network.layers[0], inputs = first.weight.shape[0] / 2
    let (own, difference) = (first.weight.rows(0..<inputs), first.weight.rows(inputs..<2 * inputs))
    let product = matmul(x, own - difference)
    let target = first.bias.map { product + $0.wrappedValue } ?? product
    let ends = .source(matmul(x, difference)) + .target(target)
    guard !network.isOneMap else { return ends.reduced(by: reduction, on: graph) }
    return ends.map { network.continued(from: $0, key: nil) }.reduced(by: reduction, on: graph)
  }
}

/// The edge convolution on a graph that is made anew from the features: every node's nearest neighbours.
///
/// Source: Wang et al., *Dynamic Graph CNN for Learning on Point Clouds*, ACM Transactions on Graphics 38(5), 2019, section 3.2.
public struct DynamicEdgeConv: Layer {
  /// The convolution on the graph.
  public let convolution: EdgeConv
  /// The number of neighbours.
  public let neighbours: Int

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - network: A perceptron with 2 · inputs inputs.
  ///   - neighbours: The number of neighbours; the node itself is none of them.
  ///   - reduction: How the messages of the neighbours become one row.
  public init(_ network: MLP, neighbours: Int, reduction: Reduction = .max) {
    convolution = EdgeConv(network, reduction: reduction)
    self.neighbours = neighbours
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the points, `[N, inputs]`.
  ///   - groups: The cloud that each point belongs to; neighbours are of the same cloud. Nil for a single one.
  /// - Returns: `[N, outputs]`. No gradient flows through the choice of neighbours.
  public func callAsFunction(_ x: Variable, groups: IndexArray? = nil) -> Variable {
    convolution(x, on: Graph(nearest: neighbours, among: x.value, groups: groups))
  }
}
