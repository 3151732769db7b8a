extension Graph {
  /// The graph with every edge turned round, so that messages flow the other way: Aᵀ.
  ///
  /// - Returns: The graph, bipartite if this one is. Its ``edgeOrder`` names the stored edges of this one.
  /// - Complexity: O(N + E).
  public func reversed() -> Graph {
    Graph(
      sources: targets, targets: sources, sourceCount: nodeCount, targetCount: sourceCount, isBipartite: isBipartite)
  }

  /// The graph with the reverse of every edge, and every edge once.
  ///
  /// - Returns: The graph.
  /// - Complexity: O(N + E).
  public func undirected() -> Graph { doubled().coalesced().graph }

  /// The graph with the reverse of every edge, every edge once, and weights for it.
  ///
  /// - Parameters:
  ///   - weights: `[edgeCount, ...]`, in the stored order. Gradients flow to them.
  ///   - merge: What becomes of the weights of edges that coincide. The mean leaves those of an undirected graph as they are.
  /// - Returns: The graph, and weights for its edges in its stored order.
  public func undirected(
    weights: Variable, merging merge: EdgeMerge = .mean
  ) -> (graph: Graph, weights: Variable) {
    requireEdgeValues(weights, "undirected")
    let both = doubled()
    let origin = both.edgeOrder.pointer, count = edgeCount
    let reverse = reverseEdges.pointer
    let positions = IndexArray(count: both.edgeCount) { result in
      for edge in 0..<both.edgeCount {
        let place = Int(origin[edge])
        result[edge] = place < count ? Int32(place) : reverse[place - count]
      }
    }
    let merged = both.coalesced()
    return (merged.graph, merged.merge(weights.gatherRows(positions), by: merge))
  }

  /// Whether every edge has its reverse, as often as it is there itself.
  ///
  /// - Complexity: O(N + E).
  public var isUndirected: Bool {
    if isBipartite { return false }
    let forward = lexicographicOrder, backward = reversed()
    let order = backward.lexicographicOrder
    return sources.gathered(forward) == backward.sources.gathered(order)
      && targets.gathered(forward) == backward.targets.gathered(order)
  }

  /// The edges, then the reverse of those that are no self-loops.
  private func doubled() -> Graph {
    requireOneKind("undirected")
    let back = reverseEdges
    return Graph(
      nodeCount: nodeCount, sources: .joined([sources, targets.gathered(back)]),
      targets: .joined([targets, sources.gathered(back)]))
  }

  private var reverseEdges: IndexArray {
    let (source, target) = (sources.pointer, targets.pointer)
    return IndexArray((0..<edgeCount).filter { source[$0] != target[$0] })
  }

  /// The complete graph: an edge from every node to every other.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of nodes, at most 46 340, whose edges 31 bits can count.
  ///   - selfLoops: Whether every node has an edge to itself as well.
  /// - Returns: The graph; the sources of each target ascend.
  public static func complete(_ nodeCount: Int, selfLoops: Bool = false) -> Graph {
    require(nodeCount >= 0 && nodeCount <= 46_340, "complete: \(nodeCount) nodes; there can be 0 ... 46340")
    let perNode = selfLoops ? nodeCount : Swift.max(0, nodeCount - 1)
    return Graph(
      nodeCount: nodeCount,
      sources: IndexArray(count: nodeCount * perNode) { result in
        for target in 0..<nodeCount {
          for place in 0..<perNode {
            result[target * perNode + place] = Int32(selfLoops || place < target ? place : place + 1)
          }
        }
      },
      targets: IndexArray(count: nodeCount * perNode) { result in
        for edge in 0..<nodeCount * perNode { result[edge] = Int32(edge / perNode) }
      })
  }
}
