import Synchronization

/// What has been derived from a graph so far; shared by its copies.
final class DerivedGraphs: Sendable {
  /// The graph with self-loops. A graph that has them all does not hold itself, which would keep it alive forever.
  enum SelfLoops {
    case unknown, complete
    case added(Graph)
  }

  let selfLoops = Mutex(SelfLoops.unknown)
  let symmetricWeights = Mutex<[DType: Tensor]>([:])
  let randomWalkWeights = Mutex<[DType: Tensor]>([:])
}

extension Graph {
  /// The graph with an edge from every node to itself; a self-loop that is there already is not doubled.
  ///
  /// - Returns: The graph, the same one at every call.
  public func addingSelfLoops() -> Graph {
    derived.selfLoops.withLock { known in
      switch known {
      case .complete: return self
      case .added(let graph): return graph
      case .unknown:
        let missing = nodesWithoutSelfLoop
        guard !missing.isEmpty else {
          known = .complete
          return self
        }
        let graph = Graph(
          nodeCount: nodeCount, sources: IndexArray(sources + missing), targets: IndexArray(targets + missing))
        known = .added(graph)
        return graph
      }
    }
  }

  /// The graph with an edge from every node to itself, and its edge weights.
  ///
  /// - Parameters:
  ///   - weights: A weight for every edge, in the stored order.
  ///   - loopWeight: The weight of an edge that is added; a self-loop that is there already keeps its own.
  /// - Returns: The graph, and a weight for every one of its edges in its stored order.
  public func addingSelfLoops(weights: Variable, loopWeight: Double = 1) -> (graph: Graph, weights: Variable) {
    requireEdgeValues(weights, "addingSelfLoops")
    let graph = addingSelfLoops()
    let added = graph.edgeCount - edgeCount
    if added == 0 { return (graph, weights) }
    let loops = Variable(Tensor(repeating: loopWeight, shape: [added], dtype: weights.dtype))
    return (graph, concatenate([weights, loops], along: 0).gatherRows(graph.edgeOrder))
  }

  /// The graph without edges from a node to itself.
  ///
  /// - Returns: The graph.
  public func removingSelfLoops() -> Graph {
    let kept = (0..<edgeCount).filter { sources[$0] != targets[$0] }
    return Graph(
      nodeCount: nodeCount, sources: IndexArray(kept.map { sources[$0] }), targets: IndexArray(kept.map { targets[$0] })
    )
  }

  private var nodesWithoutSelfLoop: [Int] {
    var hasLoop = [Bool](repeating: false, count: nodeCount)
    for edge in 0..<edgeCount where sources[edge] == targets[edge] { hasLoop[sources[edge]] = true }
    return hasLoop.indices.filter { !hasLoop[$0] }
  }

  /// Stops the program unless there is a row for each edge.
  func requireEdgeValues(_ values: Variable, _ operation: String) {
    require(
      values.rank >= 1 && values.shape[0] == edgeCount,
      "\(operation): values of shape \(values.shape) for \(edgeCount) edges")
  }
}
