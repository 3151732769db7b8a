/// The two-layer graph attention network for node classification.
///
///     h = elu(GAT(dropout(x))),   y = GAT(dropout(h))          heads side by side, then one head
///
/// Source: Veličković et al., *Graph Attention Networks*, ICLR 2018, section 3.3.
public struct GAT: Layer {
  /// The two convolutions.
  public let hidden: GATConv, output: GATConv
  /// Dropout on the features and on the hidden layer.
  public let dropout: Dropout

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - hidden: The features of each head of the hidden layer.
  ///   - heads: The number of heads of the hidden layer.
  ///   - classes: The number of classes.
  ///   - dropout: The probability of dropping a feature or an edge's weight, in training.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, hidden: Int = 8, heads: Int = 8, classes: Int, dropout: Double = 0.6, key: RandomKey
  ) {
    self.hidden = GATConv(inputs, hidden, heads: heads, dropout: dropout, key: key.stream(0))
    output = GATConv(hidden * heads, classes, concatenates: false, dropout: dropout, key: key.stream(1))
    self.dropout = Dropout(dropout)
  }

  /// The logits of every node.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for dropout; nil in evaluation.
  /// - Returns: `[N, classes]`.
  public func callAsFunction(_ x: Variable, on graph: Graph, key: RandomKey? = nil) -> Variable {
    finished(hidden(dropout(x, key: key?.stream(0)), on: graph, key: key?.stream(1)), graph, key)
  }

  /// The logits of every node, from sparse features.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for dropout; nil in evaluation.
  /// - Returns: `[N, classes]`.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph, key: RandomKey? = nil) -> Variable {
    finished(hidden(dropout(x, key: key?.stream(0)), on: graph, key: key?.stream(1)), graph, key)
  }

  private func finished(_ h: Variable, _ graph: Graph, _ key: RandomKey?) -> Variable {
    output(dropout(elu(h), key: key?.stream(2)), on: graph, key: key?.stream(3))
  }
}
