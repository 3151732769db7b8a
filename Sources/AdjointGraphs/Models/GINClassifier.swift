/// A graph isomorphism network that classifies graphs, reading the sum over a graph's nodes after every layer.
///
///     h₀ = x,   hₗ = relu(norm(GIN(hₗ₋₁)))                     l = 1 … L
///     y[g] = Σₗ dropout((Σ_i hₗ[i]) Wₗ + bₗ)                   over the nodes i of graph g and l = 0 … L
///
/// norm is batch normalisation over all nodes, which stands behind the first map of each perceptron, too. What is read after few
/// layers are small patterns and generalises best; what is read after many tells more graphs apart.
///
/// Source: Xu, Hu, Leskovec & Jegelka, *How Powerful are Graph Neural Networks?*, ICLR 2019, section 4.2 and section 7.
public struct GINClassifier: Layer {
  /// The convolutions, first to last.
  public let layers: [GINConv]
  /// The norm after each convolution; none if the network is not normalised.
  public let norms: [BatchNorm]
  /// The maps Wₗ with bₗ from the sums of a graph to its logits: L + 1 of them, or that of the last layer alone.
  public let heads: [Linear]
  /// Dropout of the logits of every layer.
  public let dropout: Dropout

  /// Creates a classifier.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - hidden: The width of every layer.
  ///   - layers: The number L of convolutions, at least 1.
  ///   - classes: The number of classes.
  ///   - isNormalized: Whether there is batch normalisation.
  ///   - readsEveryLayer: Whether the logits are the sum over all layers; otherwise those of the last.
  ///   - dropout: The probability of dropping a logit of a layer, in training.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, hidden: Int, layers: Int, classes: Int, isNormalized: Bool = true, readsEveryLayer: Bool = true,
    dropout: Double = 0.5, key: RandomKey
  ) {
    require(layers >= 1, "GINClassifier: \(layers) layers; there has to be at least 1")
    let widths = [inputs] + [Int](repeating: hidden, count: layers)
    self.layers = (0..<layers).map { layer in
      GINConv(MLP([widths[layer], hidden, hidden], isNormalized: isNormalized, key: key.stream(layer)))
    }
    norms = isNormalized ? (0..<layers).map { _ in BatchNorm(hidden) } : []
    heads = (readsEveryLayer ? 0...layers : layers...layers).map { layer in
      Linear(widths[layer], classes, key: key.stream(layers + layer))
    }
    self.dropout = Dropout(dropout)
  }

  /// The logits of every graph.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - batch: The graphs.
  ///   - key: The place in the random sequence in training; nil in evaluation.
  /// - Returns: `[G, classes]`.
  public func callAsFunction(_ x: Variable, on batch: GraphBatch, key: RandomKey? = nil) -> Variable {
    var h = [x]
    for (position, layer) in layers.enumerated() {
      let z = layer(h[position], on: batch.graph, key: key)
      h.append(relu(norms.isEmpty ? z : norms[position](z, key: key)))
    }
    let logits = zip(heads, h.suffix(heads.count)).enumerated().map { position, layer in
      dropout(layer.0(batch.readout(layer.1, by: .sum)), key: key?.stream(position))
    }
    return logits.dropFirst().reduce(logits[0]) { $0 + $1 }
  }
}
