@_exported import AdjointLayers

/// A directed graph: edges that run from a source to a target node.
///
///     let graph = try Graph(nodeCount: 3, edges: [(0, 1), (2, 1)])
///     graph.sum(.source(x))            // row 1 is x[0] + x[2], the others 0
///
/// Edges are stored by target; among those of one target they keep the order they were given in, and repeated edges stay separate.
/// An undirected graph has each edge in both directions. A bipartite graph has sources and targets of two kinds, each numbered
/// from 0. What follows from the edges (the order by source, normalised weights, the graph with self-loops) is made at the
/// first use and kept with the graph.
public struct Graph: Sendable {
  /// The adjacency matrix: a row for each target, a column for each source.
  public let adjacency: SparsePattern
  /// Whether the sources and the targets are two kinds of nodes.
  public let isBipartite: Bool
  /// The degrees that normalisations count with, where the graph is a part of a larger one that they are taken from.
  let degreesInWhole: DegreesInWhole?
  /// Which edges of a larger graph these are, if messages are done in blocks of edges.
  var block: EdgeBlock?
  let derived = DerivedGraphs()

  /// Creates a directed graph.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of nodes.
  ///   - edges: The edges, from source to target.
  /// - Throws: ``GraphError`` for a negative number of nodes or an edge with an end outside `0 ..< nodeCount`, naming it.
  public init(nodeCount: Int, edges: [(Int, Int)]) throws(GraphError) {
    try Graph.validate(edges, nodeCount, nodeCount)
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
    try Graph.validate(edges, nodeCount, nodeCount)
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
    try self.init(checked: sources, targets, sourceCount: nodeCount, targetCount: nodeCount, isBipartite: false)
  }

  /// Creates a bipartite graph: edges run from nodes of one kind to nodes of another.
  ///
  ///     let ratings = try Graph(sourceCount: 3, targetCount: 2, edges: [(0, 1), (2, 1)])
  ///     ratings.sum(.source(users))      // users: [3, D]; the result: [2, D]
  ///
  /// - Parameters:
  ///   - sourceCount: The number of nodes that edges start from.
  ///   - targetCount: The number of nodes that edges end at.
  ///   - edges: The edges, from source to target.
  /// - Throws: ``GraphError`` for a negative number of nodes or an edge with an end outside its side, naming it.
  public init(sourceCount: Int, targetCount: Int, edges: [(Int, Int)]) throws(GraphError) {
    try Graph.validate(edges, sourceCount, targetCount)
    self.init(
      sources: IndexArray(edges.lazy.map(\.0)), targets: IndexArray(edges.lazy.map(\.1)), sourceCount: sourceCount,
      targetCount: targetCount, isBipartite: true)
  }

  /// Creates a bipartite graph from the ends of its edges.
  ///
  /// - Parameters:
  ///   - sourceCount: The number of nodes that edges start from.
  ///   - targetCount: The number of nodes that edges end at.
  ///   - sources: The source of every edge.
  ///   - targets: The target of every edge.
  /// - Throws: ``GraphError`` for arrays of different lengths, a negative number of nodes, or an end outside its side.
  public init(
    sourceCount: Int, targetCount: Int, from sources: IndexArray, to targets: IndexArray
  ) throws(GraphError) {
    try self.init(checked: sources, targets, sourceCount: sourceCount, targetCount: targetCount, isBipartite: true)
  }

  private init(
    checked sources: IndexArray, _ targets: IndexArray, sourceCount: Int, targetCount: Int, isBipartite: Bool
  ) throws(GraphError) {
    for count in [sourceCount, targetCount] {
      guard count >= 0, count <= Int(Int32.max) else { throw .nodeCount(count) }
    }
    guard sources.count == targets.count else { throw .lengthsDiffer(sources: sources.count, targets: targets.count) }
    for position in 0..<sources.count {
      let (source, target) = (Int(sources.pointer[position]), Int(targets.pointer[position]))
      let sourceFits = source >= 0 && source < sourceCount
      guard sourceFits, target >= 0, target < targetCount else {
        throw .edgeOutside(
          position: position, source: source, target: target, node: sourceFits ? target : source,
          nodeCount: sourceFits ? targetCount : sourceCount)
      }
    }
    self.init(
      sources: sources, targets: targets, sourceCount: sourceCount, targetCount: targetCount, isBipartite: isBipartite)
  }

  private static func validate(
    _ edges: [(Int, Int)], _ sourceCount: Int, _ targetCount: Int
  ) throws(GraphError) {
    for count in [sourceCount, targetCount] {
      guard count >= 0, count <= Int(Int32.max) else { throw .nodeCount(count) }
    }
    for (position, (source, target)) in edges.enumerated() {
      let sourceFits = source >= 0 && source < sourceCount
      guard sourceFits, target >= 0, target < targetCount else {
        throw .edgeOutside(
          position: position, source: source, target: target, node: sourceFits ? target : source,
          nodeCount: sourceFits ? targetCount : sourceCount)
      }
    }
  }

  /// A graph whose edges are known to lie within it.
  init(nodeCount: Int, sources: IndexArray, targets: IndexArray) {
    self.init(sources: sources, targets: targets, sourceCount: nodeCount, targetCount: nodeCount, isBipartite: false)
  }

  /// A graph whose edges are known to lie within it; `origin` becomes their ``edgeOrder``.
  init(
    sources: IndexArray, targets: IndexArray, origin: IndexArray? = nil, sourceCount: Int, targetCount: Int,
    isBipartite: Bool, degreesInWhole: DegreesInWhole? = nil, block: EdgeBlock? = nil
  ) {
    adjacency = SparsePattern(
      knownRows: targets, columns: sources, origin: origin, rowCount: targetCount, columnCount: sourceCount)
    self.isBipartite = isBipartite
    self.degreesInWhole = degreesInWhole
    self.block = block
  }

  /// The number of nodes; of a bipartite graph, the number of targets: of the rows that a reduction yields.
  public var nodeCount: Int { adjacency.rowCount }

  /// The number of nodes that edges start from: ``nodeCount``, unless the graph is bipartite.
  public var sourceCount: Int { adjacency.columnCount }

  /// The number of directed edges.
  public var edgeCount: Int { adjacency.count }

  /// The source of every edge, in the stored order.
  public var sources: IndexArray { adjacency.columns }

  /// The target of every edge, in the stored order: ascending.
  public var targets: IndexArray { adjacency.rows }

  /// For every stored edge, its position among the edges that the graph was made from: those that an initialiser was given, or
  /// the stored edges of the graph that this one was derived from.
  ///
  /// `values.gatherRows(graph.edgeOrder)` puts values of the former into the order of the latter.
  public var edgeOrder: IndexArray { adjacency.order }

  /// The number of edges that end at each node.
  public var inDegrees: [Int] { adjacency.entriesPerRow }

  /// The number of edges that start at each node.
  public var outDegrees: [Int] {
    var degrees = [Int](repeating: 0, count: sourceCount)
    let source = sources.pointer
    for edge in 0..<edgeCount { degrees[Int(source[edge])] += 1 }
    return degrees
  }
}

extension Graph: CustomStringConvertible {
  /// The numbers of nodes and edges.
  public var description: String {
    "Graph(\(isBipartite ? "\(sourceCount) sources, \(nodeCount) targets" : "\(nodeCount) nodes"), \(edgeCount) directed edges)"
  }
}
