/// A node split whose training never meets the other nodes, not even as neighbours: S is cut.
///
/// In a transductive split all nodes are in the graph and only labels are hidden; nothing needs to be cut, and a ``NodeSplit``
/// alone is enough. In an inductive one the model is trained on the graph among the training nodes, chosen on that among the
/// training and validation nodes, and tested on the whole graph.
public struct InductiveSplit: Sendable {
  /// A graph and the rows of it that count.
  public struct Stage: Sendable {
    /// The graph among the nodes that this stage may see, with their columns.
    public let graph: AttributedGraph
    /// For every node of the graph its number in the whole one.
    public let nodes: IndexArray
    /// The nodes of this graph that are trained on, or judged.
    public let rows: IndexArray
  }

  /// Training nodes and the edges between them.
  public let train: Stage
  /// Training and validation nodes and the edges between them; the validation nodes count.
  public let validation: Stage
  /// The whole graph; the test nodes count.
  public let test: Stage

  /// Cuts a graph.
  ///
  /// - Parameters:
  ///   - split: Which nodes are for what.
  ///   - graph: The whole graph.
  /// - Complexity: O(N + E) and the size of the columns.
  public init(_ split: NodeSplit, of graph: AttributedGraph) {
    let both = IndexArray.joined([split.train, split.validation])
    train = Stage(
      graph: graph.subgraph(of: split.train), nodes: split.train, rows: IndexArray(0..<split.train.count))
    validation = Stage(
      graph: graph.subgraph(of: both), nodes: both, rows: IndexArray(split.train.count..<both.count))
    test = Stage(graph: graph, nodes: IndexArray(0..<graph.graph.nodeCount), rows: split.test)
  }
}
