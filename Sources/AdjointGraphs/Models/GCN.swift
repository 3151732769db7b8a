/// The two-layer graph convolutional network for node classification.
///
///     y = S relu(S X W₁ + b₁) W₂ + b₂,   S = D^(−1/2) (A + I) D^(−1/2)
///
/// Source: Kipf & Welling, *Semi-Supervised Classification with Graph Convolutional Networks*, ICLR 2017, eq. 9.
public struct GCN: Layer {
  /// The two convolutions.
  public let hidden: GCNConv, output: GCNConv
  /// Dropout on the features and on the hidden layer.
  public let dropout: Dropout
  private let activation: ((Variable) -> Variable)?

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - hidden: The width of the hidden layer.
  ///   - classes: The number of classes.
  ///   - dropout: The probability of dropping a feature, in training.
  ///   - activation: The function between the layers. If it is left out, it is the rectified linear unit, which the hidden
  ///     layer applies while it writes its result where it can.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, hidden: Int, classes: Int, dropout: Double = 0.5,
    activation: ((Variable) -> Variable)? = nil, key: RandomKey
  ) {
    self.hidden = GCNConv(inputs, hidden, key: key.stream(0))
    output = GCNConv(hidden, classes, key: key.stream(1))
    self.dropout = Dropout(dropout)
    self.activation = activation
  }

  /// The logits of every node.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for dropout; nil in evaluation.
  /// - Returns: `[N, classes]`.
  public func callAsFunction(_ x: Variable, on graph: Graph, key: RandomKey? = nil) -> Variable {
    let x = dropout(x, key: key?.stream(0))
    let h = activation.map { $0(hidden(x, on: graph)) } ?? hidden.rectified(x, on: graph)
    return output(dropout(h, key: key?.stream(1)), on: graph)
  }

  /// The logits of every node, from sparse features.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for dropout; nil in evaluation.
  /// - Returns: `[N, classes]`.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph, key: RandomKey? = nil) -> Variable {
    let z = hidden(dropout(x, key: key?.stream(0)), on: graph), h = activation?(z) ?? relu(z)
    return output(dropout(h, key: key?.stream(1)), on: graph)
  }
}
