@_exported import AdjointLayers

/// A directed graph: edges that run from a source to a target node.
///
///     let graph = try Graph(nodeCount: 3, edges: [(0, 1), (2, 1)])
///     graph.sum(.source(x))            // row 1 is x[0] + x[2], the others 0
///
/// Edges are stored by target; among those of one target they keep the order they were given in, and repeated edges stay separate.
/// An undirected graph has each edge in both directions. What follows from the edges (the order by source, normalised
/// weights, the graph with self-loops) is made at the first use and kept with the graph.
public struct Graph: Sendable {
  /// The adjacency matrix: a row for each target, a column for each source.
  public let adjacency: SparsePattern
  let derived = DerivedGraphs()

  /// Creates a directed graph.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of nodes.
  ///   - edges: The edges, from source to target.
  /// - Throws: ``GraphError`` for a negative number of nodes or an edge with an end outside `0 ..< nodeCount`, naming it.
  public init(nodeCount: Int, edges: [(Int, Int)]) throws(GraphError) {
    try Graph.validate(edges, nodeCount)
    self.init(
      nodeCount: nodeCount, sources: IndexArray(edges.lazy.map(\.0)), targets: IndexArray(edges.lazy.map(\.1)))
  }

  /// Creates an undirected graph: every edge counts in both directions, a self-loop once.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of nodes.
  ///   - edges: The edges, each given once.
  /// - Throws: ``GraphError`` for a negative number of nodes or an edge with an end outside `0 ..< nodeCount`, naming it.
  public init(nodeCount: Int, undirected edges: [(Int, Int)]) throws(GraphError) {
    // A mistake is reported at its position among the edges as they were given.
    try Graph.validate(edges, nodeCount)
    try self.init(nodeCount: nodeCount, edges: edges.flatMap { $0 == $1 ? [($0, $1)] : [($0, $1), ($1, $0)] })
  }

  /// Creates a directed graph from the ends of its edges.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of nodes.
  ///   - sources: The source of every edge.
  ///   - targets: The target of every edge.
  /// - Throws: ``GraphError`` for arrays of different lengths, a negative number of nodes, or an end outside `0 ..< nodeCount`.
  public init(nodeCount: Int, from sources: IndexArray, to targets: IndexArray) throws(GraphError) {
    guard nodeCount >= 0, nodeCount <= Int(Int32.max) else { throw .nodeCount(nodeCount) }
    guard sources.count == targets.count else { throw .lengthsDiffer(sources: sources.count, targets: targets.count) }
    do {
      adjacency = try SparsePattern(rows: targets, columns: sources, rowCount: nodeCount, columnCount: nodeCount)
    } catch .outside(_, let node, let position, _) {
      throw .edgeOutside(
        position: position, source: sources[position], target: targets[position], node: node, nodeCount: nodeCount)
    } catch {
      throw .lengthsDiffer(sources: sources.count, targets: targets.count)
    }
  }

  private static func validate(_ edges: [(Int, Int)], _ nodeCount: Int) throws(GraphError) {
    guard nodeCount >= 0, nodeCount <= Int(Int32.max) else { throw .nodeCount(nodeCount) }
    for (position, (source, target)) in edges.enumerated() {
      let sourceFits = source >= 0 && source < nodeCount
      guard sourceFits, target >= 0, target < nodeCount else {
        throw .edgeOutside(
          position: position, source: source, target: target, node: sourceFits ? target : source, nodeCount: nodeCount)
      }
    }
  }

  /// A graph whose edges are known to lie within it.
  init(nodeCount: Int, sources: IndexArray, targets: IndexArray) {
    do {
      adjacency = try SparsePattern(rows: targets, columns: sources, rowCount: nodeCount, columnCount: nodeCount)
    } catch {
      stop("Graph: \(error)")
    }
  }

  /// The number of nodes.
  public var nodeCount: Int { adjacency.rowCount }

  /// The number of directed edges.
  public var edgeCount: Int { adjacency.count }

  /// The source of every edge, in the stored order.
  public var sources: IndexArray { adjacency.columns }

  /// The target of every edge, in the stored order: ascending.
  public var targets: IndexArray { adjacency.rows }

  /// For every stored edge, its position among the edges that the graph was made from.
  public var edgeOrder: IndexArray { adjacency.order }

  /// The number of edges that end at each node.
  public var inDegrees: [Int] { adjacency.entriesPerRow }

  /// The number of edges that start at each node.
  public var outDegrees: [Int] {
    var degrees = [Int](repeating: 0, count: nodeCount)
    for source in sources { degrees[source] += 1 }
    return degrees
  }
}

/// What is wrong with the edges of a graph.
public enum GraphError: Error, Equatable, CustomStringConvertible {
  /// The number of nodes is negative or exceeds 31 bits.
  case nodeCount(Int)
  /// There are not as many sources as targets.
  case lengthsDiffer(sources: Int, targets: Int)
  /// An edge ends outside the graph.
  case edgeOutside(position: Int, source: Int, target: Int, node: Int, nodeCount: Int)

  /// A sentence that names the edge, its value and the limit.
  public var description: String {
    switch self {
    case .nodeCount(let count): "Graph: \(count) is not a number of nodes; it lies in 0 ... \(Int32.max)"
    case .lengthsDiffer(let sources, let targets): "Graph: \(sources) sources do not match \(targets) targets"
    case .edgeOutside(let position, let source, let target, let node, let nodeCount):
      "Graph: edge \(position) (\(source) → \(target)): node \(node) is outside 0 ..< \(nodeCount)"
    }
  }
}

extension Graph: CustomStringConvertible {
  /// The numbers of nodes and edges.
  public var description: String { "Graph(\(nodeCount) nodes, \(edgeCount) directed edges)" }
}
