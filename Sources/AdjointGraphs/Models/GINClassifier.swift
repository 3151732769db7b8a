/// A graph isomorphism network that classifies graphs: convolutions, the sum over the nodes of each graph, and a linear map.
///
///     h₀ = x,   hₗ = relu(GIN(hₗ₋₁)),   y[g] = (Σ_i h_L[i]) W + b          over the nodes i of graph g
///
/// Source: Xu, Hu, Leskovec & Jegelka, *How Powerful are Graph Neural Networks?*, ICLR 2019, section 4.
public struct GINClassifier: Layer {
  /// The convolutions, first to last.
  public let layers: [GINConv]
  /// The map W with b from a graph's sum to its logits.
  public let head: Linear

  /// Creates a classifier.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - hidden: The width of every layer.
  ///   - layers: The number of convolutions, at least 1.
  ///   - classes: The number of classes.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, hidden: Int, layers: Int, classes: Int, key: RandomKey) {
    require(layers >= 1, "GINClassifier: \(layers) layers; there has to be at least 1")
    self.layers = (0..<layers).map { layer in
      GINConv(MLP([layer == 0 ? inputs : hidden, hidden, hidden], key: key.stream(layer)))
    }
    head = Linear(hidden, classes, key: key.stream(layers))
  }

  /// The logits of every graph.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - batch: The graphs.
  /// - Returns: `[G, classes]`.
  public func callAsFunction(_ x: Variable, on batch: GraphBatch) -> Variable {
    let h = layers.reduce(x) { relu($1($0, on: batch.graph)) }
    return head(batch.readout(h, by: .sum))
  }
}
