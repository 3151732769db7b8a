/// A graph together with what is known of its nodes, its edges and itself: G = (g, V, E).
///
///     var molecule = AttributedGraph(graph)
///     molecule.nodes["x"] = .values(atoms)                       // [N, D]
///     molecule.edges["bond"] = .labels(kinds)                    // one for each edge, in the stored order
///     molecule.global["y"] = .values([[0.7]])                    // [1, D]
///
/// Edge columns follow the graph's stored order; `values.gatherRows(graph.edgeOrder)` brings them there from the order that the
/// edges were given in. A global column may have any number of rows.
///
/// Source: Battaglia et al., *Relational Inductive Biases, Deep Learning, and Graph Networks*, arXiv:1806.01261, section 3.2.
public struct AttributedGraph: Sendable {
  /// The nodes and edges.
  public let graph: Graph
  /// A row for each node; of a bipartite graph, for each target.
  public var nodes: Columns
  /// A row for each source of a bipartite graph; of any other graph there are none.
  public var sourceNodes: Columns
  /// A row for each edge, in the graph's stored order.
  public var edges: Columns
  /// What is known of the graph as a whole.
  public var global: Columns

  /// A graph of which nothing else is known yet.
  ///
  /// - Parameter graph: The graph.
  public init(_ graph: Graph) {
    self.graph = graph
    nodes = Columns(owner: "node", rowCount: graph.nodeCount)
    sourceNodes = Columns(owner: "source node", rowCount: graph.isBipartite ? graph.sourceCount : 0)
    edges = Columns(owner: "edge", rowCount: graph.edgeCount)
    global = Columns(owner: "global", rowCount: nil)
  }

  /// The part of the graph between some nodes, with their features.
  ///
  /// Node and edge indices are those of the part; −1 where what they named has gone.
  ///
  /// - Parameter kept: The nodes, each once; node i of the result is `kept[i]`.
  /// - Returns: The induced subgraph. Its global columns are those of the whole.
  /// - Complexity: O(N + E) and the size of the columns.
  public func subgraph(of kept: IndexArray) -> AttributedGraph {
    rearranged(to: graph.subgraph(of: kept), nodes: kept)
  }

  /// The same graph with other numbers for its nodes: a relabelling of the nodes of which no permutation-equivariant layer
  /// takes notice.
  ///
  /// - Parameter newNumbers: The new number of every node: a permutation.
  /// - Returns: The graph; row `newNumbers[v]` of a node column is the old row v.
  public func permuted(_ newNumbers: IndexArray) -> AttributedGraph {
    rearranged(to: graph.permuted(newNumbers), nodes: newNumbers.inversePermutation("permuted"))
  }

  /// The columns for a graph made of some nodes of this one, whose edge order names edges of this one.
  func rearranged(to part: Graph, nodes kept: IndexArray) -> AttributedGraph {
    // Made only for columns that name nodes or edges: they are as long as the whole graph, of which this may be a small part.
    func inverse(_ kept: IndexArray, _ count: Int) -> [Int32] {
      var newNumber = [Int32](repeating: -1, count: count)
      for (new, old) in kept.enumerated() { newNumber[old] = Int32(new) }
      return newNumber
    }
    lazy var newNode = inverse(kept, graph.nodeCount)
    lazy var newEdge = inverse(part.edgeOrder, graph.edgeCount)
    func renumbered(_ column: Column) -> Column {
      column.renumbered(nodes: { newNode[Int($0)] }, edges: { newEdge[Int($0)] })
    }
    var result = AttributedGraph(part)
    result.nodes = nodes.mapColumns(rowCount: part.nodeCount) { renumbered($1.gatherRows(kept)) }
    result.edges = edges.mapColumns(rowCount: part.edgeCount) { renumbered($1.gatherRows(part.edgeOrder)) }
    result.global = global.mapColumns(rowCount: nil) { renumbered($1) }
    return result
  }
}

extension AttributedGraph: CustomStringConvertible {
  /// The graph, then the name, kind and shape of every column.
  public var description: String {
    var text = "\(graph)"
    for columns in [nodes, sourceNodes, edges, global] {
      for name in columns.names {
        guard let column = columns[name] else { continue }
        text += "\n  \(columns.owner) \(name): "
        if case .values(let tensor) = column {
          text += "\(column.kind), \(tensor.shape)"
        } else {
          text += "\(column.kind), [\(column.count)]"
        }
      }
    }
    return text
  }
}
