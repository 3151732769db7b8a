/// A block of a graph network, which updates edges, nodes and graphs in turn.
///
///     e′[j → i] = φ_e([e, x[j], x[i], u])
///     x′[i] = φ_x([Σ e′, x[i], u])                    over the edges that reach i
///     u′ = φ_u([Σ e′, Σ x′, u])                       over the edges and the nodes of each graph
///
/// e: `[E, D_e]`, x: `[N, D_x]`, u: `[G, D_u]` for G graphs side by side; each φ is a perceptron.
///
/// Source: Battaglia et al., *Relational Inductive Biases, Deep Learning, and Graph Networks*, arXiv:1806.01261, algorithm 1.
public struct GraphNetBlock: Layer {
  /// The networks φ_e, φ_x and φ_u.
  public let edge: MLP, node: MLP, global: MLP

  /// Creates a block of perceptrons that fit each other.
  ///
  /// - Parameters:
  ///   - edges: The features of an edge, before and after.
  ///   - nodes: The features of a node, before and after.
  ///   - globals: The features of a graph, before and after.
  ///   - hidden: The width of the hidden layer of each perceptron.
  ///   - key: The place in the random sequence.
  public init(
    edges: (inputs: Int, outputs: Int), nodes: (inputs: Int, outputs: Int), globals: (inputs: Int, outputs: Int),
    hidden: Int, key: RandomKey
  ) {
    edge = MLP([edges.inputs + 2 * nodes.inputs + globals.inputs, hidden, edges.outputs], key: key.stream(0))
    node = MLP([edges.outputs + nodes.inputs + globals.inputs, hidden, nodes.outputs], key: key.stream(1))
    global = MLP([edges.outputs + nodes.outputs + globals.inputs, hidden, globals.outputs], key: key.stream(2))
  }

  /// Applies the block.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, D_x]`.
  ///   - edges: The features of the edges, `[E, D_e]`, in the graph's stored order.
  ///   - u: The features of the graphs, `[G, D_u]`.
  ///   - graph: The graphs side by side.
  ///   - graphOfNode: The graph of every node; nil if there is a single one.
  /// - Returns: The features of nodes, edges and graphs.
  public func callAsFunction(
    _ x: Variable, edges: Variable, global u: Variable, on graph: Graph, graphOfNode: IndexArray? = nil
  ) -> (nodes: Variable, edges: Variable, global: Variable) {
    graph.requireOneKind("GraphNetBlock")
    let ofNode = graphOfNode ?? IndexArray([Int](repeating: 0, count: graph.nodeCount))
    let ofEdge = IndexArray(graph.targets.map { ofNode[$0] }), count = u.shape[0]
    let target = concatenate(x, u.gatherRows(ofNode))
    let e = graph.each(concatenate(.edge(edges), concatenate(.source(x), .target(target))).map { edge($0) })
    let nodes = node(concatenate(graph.sum(.edge(e)), target))
    let sums = (e.scatterSum(to: ofEdge, count: count), nodes.scatterSum(to: ofNode, count: count))
    return (nodes, e, global(concatenate(sums.0, sums.1, u)))
  }
}
