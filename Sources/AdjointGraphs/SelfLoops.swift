import Synchronization

/// What has been derived from a graph so far; shared by its copies.
final class DerivedGraphs: Sendable {
  /// The graph with self-loops. A graph that has them all does not hold itself, which would keep it alive forever.
  enum SelfLoops {
    case unknown, complete
    case added(Graph)
  }

  let selfLoops = Mutex(SelfLoops.unknown)
  /// The graph without self-loops, and with its weights by the degrees of the sources, as the Chebyshev layers want it.
  let withoutSelfLoops = Mutex<Graph?>(nil)
  let sourceSymmetricWeights = Mutex<[DType: Tensor]>([:])
  let symmetricWeights = Mutex<[DType: Tensor]>([:])
  let randomWalkWeights = Mutex<[DType: Tensor]>([:])
}

extension Graph {
  /// The graph with an edge from every node to itself; a self-loop that is there already is not doubled.
  ///
  /// A bipartite graph has no self-loops; adding them stops the program.
  ///
  /// - Returns: The graph, the same one at every call.
  public func addingSelfLoops() -> Graph {
    requireOneKind("addingSelfLoops")
    return derived.selfLoops.withLock { known in
      switch known {
      case .complete: return self
      case .added(let graph): return graph
      case .unknown:
        let missing = nodesWithoutSelfLoop
        guard !missing.isEmpty else {
          known = .complete
          return self
        }
        let loops = IndexArray(missing)
        let graph = Graph(
          sources: .joined([sources, loops]), targets: .joined([targets, loops]), sourceCount: nodeCount,
          targetCount: nodeCount, isBipartite: false, degreesInWhole: degreesInWhole?.addingLoops(at: loops))
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

  /// The graph with one more edge from every node to itself, whether it has one or not.
  ///
  /// - Returns: The graph. Its ``edgeOrder`` counts the stored edges of this one and then the loops.
  public func appendingSelfLoops() -> Graph {
    requireOneKind("appendingSelfLoops")
    let loops = IndexArray(0..<nodeCount)
    return Graph(nodeCount: nodeCount, sources: .joined([sources, loops]), targets: .joined([targets, loops]))
  }

  /// The graph without edges from a node to itself.
  ///
  /// - Returns: The graph. Its ``edgeOrder`` names the stored edges of this one that it keeps.
  public func removingSelfLoops() -> Graph {
    requireOneKind("removingSelfLoops")
    let (source, target) = (sources.pointer, targets.pointer)
    return keeping(
      edges: IndexArray((0..<edgeCount).filter { source[$0] != target[$0] }),
      degreesInWhole: degreesInWhole?.removingLoops())
  }

  private var nodesWithoutSelfLoop: [Int] {
    let counts = selfLoopCounts
    return counts.indices.filter { counts[$0] == 0 }
  }

  /// For every node, how many edges run from it to itself.
  var selfLoopCounts: [Int] {
    var counts = [Int](repeating: 0, count: nodeCount)
    let (source, target) = (sources.pointer, targets.pointer)
    for edge in 0..<edgeCount where source[edge] == target[edge] { counts[Int(source[edge])] += 1 }
    return counts
  }

  /// Stops the program if sources and targets are two kinds of nodes, and says what to do instead.
  func requireOneKind(_ operation: String, instead: String = "") {
    require(
      !isBipartite,
      "\(operation): a bipartite graph of \(sourceCount) sources and \(nodeCount) targets has no such form\(instead)")
  }

  /// The in-degrees, or those in the larger graph that this one is a part of.
  func normalizingDegrees(_ operation: String) -> [Int] {
    requireOneKind(operation)
    return degreesInWhole.map { Array($0.degrees) } ?? inDegrees
  }

  /// Stops the program unless there is a row for each edge.
  func requireEdgeValues(_ values: Variable, _ operation: String) {
    require(
      values.rank >= 1 && values.shape[0] == edgeCount,
      "\(operation): values of shape \(values.shape) for \(edgeCount) edges")
  }
}
