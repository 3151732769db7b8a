extension Graph {
  /// One step of message passing, from two functions: what an edge says, and what a node makes of it.
  ///
  ///     m[i] = □ { M(x[i], x[j], e[j → i]) }          over the edges j → i
  ///     y[i] = U(x[i], m[i])
  ///
  /// M sees a row for each edge: the features of its target, of its source and of the edge itself. U sees a row for each node.
  /// Both may be any functions, with parameters or without; rows are treated alike, so that the step is equivariant.
  ///
  ///     graph.passMessages(x, by: .mean) { target, source, _ in relu(first(concatenate(target, source))) }
  ///       update: { x, m in second(concatenate(x, m)) }
  ///
  /// Source: Gilmer et al., *Neural Message Passing for Quantum Chemistry*, ICML 2017, eqs. 1–2.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, ...]`.
  ///   - edges: The features of the edges, `[E, ...]`, in the graph's stored order; nil passes a column of zeros.
  ///   - reduction: □.
  ///   - includesSelf: Whether a node is a neighbour of itself, with zeros for features of the edge.
  ///   - message: M.
  ///   - update: U.
  /// - Returns: A row for each node.
  public func passMessages(
    _ x: Variable, edges: Variable? = nil, by reduction: Reduction = .sum, includesSelf: Bool = false,
    message: @escaping (_ target: Variable, _ source: Variable, _ edge: Variable) -> Variable,
    update: (_ x: Variable, _ message: Variable) -> Variable
  ) -> Variable {
    requireOneKind("passMessages")
    var (graph, features) = (self, edges ?? Variable(Tensor(zeros: [edgeCount, 1], dtype: x.dtype)))
    if includesSelf {
      requireEdgeValues(features, "passMessages")
      graph = addingSelfLoops()
      let added = graph.edgeCount - edgeCount
      let zeros = Tensor(zeros: Shape([added] + features.rowShape), dtype: features.dtype)
      if added > 0 { features = concatenate([features, Variable(zeros)], along: 0).gatherRows(graph.edgeOrder) }
    }
    return update(x, EdgeFunction(x: x, edges: features, function: message).reduced(by: reduction, on: graph))
  }

  /// New features of the edges, from those of their ends and their own: the step of message passing that belongs to the edges.
  ///
  ///     e′[j → i] = φ(x[i], x[j], e[j → i])
  ///
  /// - Parameters:
  ///   - edges: The features of the edges, `[E, ...]`, in the graph's stored order.
  ///   - x: The features of the nodes, `[N, ...]`.
  ///   - update: φ.
  /// - Returns: A row for each edge.
  public func updateEdges(
    _ edges: Variable, from x: Variable,
    _ update: @escaping (_ target: Variable, _ source: Variable, _ edge: Variable) -> Variable
  ) -> Variable {
    requireEdgeValues(edges, "updateEdges")
    return each(EdgeFunction(x: x, edges: edges, function: update))
  }
}

/// A function of the features of both ends of every edge and of its own.
private struct EdgeFunction: Message {
  let x: Variable, edges: Variable
  let function: (_ target: Variable, _ source: Variable, _ edge: Variable) -> Variable

  func each(on graph: Graph) -> Variable {
    function(graph.each(.target(x)), graph.each(.source(x)), graph.each(.edge(edges)))
  }

  var runsInBlocks: Bool { true }
}
