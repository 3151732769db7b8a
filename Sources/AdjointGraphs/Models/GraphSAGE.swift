/// A network of GraphSAGE layers.
///
///     hₗ = φ(SAGEConv(dropout(hₗ₋₁))),   the last one without φ
///
/// Source: Hamilton, Ying & Leskovec, *Inductive Representation Learning on Large Graphs*, NeurIPS 2017, algorithm 1.
public struct GraphSAGE: Layer {
  /// The convolutions, first to last.
  public let layers: [SAGEConv]
  /// Dropout before each convolution.
  public let dropout: Dropout
  private let activation: ((Variable) -> Variable)?

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - widths: The features of the input, of every hidden layer and of the output; at least two numbers.
  ///   - aggregation: How the neighbours' features become one row.
  ///   - dropout: The probability of dropping a feature, in training.
  ///   - activation: The function φ between the layers. If it is left out, it is the rectified linear unit, which a layer applies
  ///     while it writes its result where it can.
  ///   - key: The place in the random sequence.
  public init(
    _ widths: [Int], aggregation: SAGEConv.Aggregation = .mean, dropout: Double = 0.5,
    activation: ((Variable) -> Variable)? = nil, key: RandomKey
  ) {
    require(widths.count >= 2, "GraphSAGE: \(widths.count) widths do not make a layer")
    layers = zip(widths, widths.dropFirst()).enumerated().map { position, pair in
      SAGEConv(pair.0, pair.1, aggregation: aggregation, key: key.stream(position))
    }
    self.dropout = Dropout(dropout)
    self.activation = activation
  }

  /// The result of the last layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for dropout, and for the order in which memories read; nil in evaluation.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph, key: RandomKey? = nil) -> Variable {
    layers.indices.reduce(x) { h, layer in
      applied(layer, dropout(h, key: key?.stream(layer)), graph, key)
    }
  }

  /// The result of the last layer, from sparse features.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for dropout; nil in evaluation.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph, key: RandomKey? = nil) -> Variable {
    let z = layers[0](dropout(x, key: key?.stream(0)), on: graph)
    if layers.count == 1 { return z }
    return layers.indices.dropFirst().reduce(activation?(z) ?? relu(z)) { h, layer in
      applied(layer, dropout(h, key: key?.stream(layer)), graph, key)
    }
  }

  /// The result of the last layer for the seeds of a sample, at the cost of the rows that they depend on.
  ///
  /// - Parameters:
  ///   - x: The features of the sampled nodes, `[N, inputs]`.
  ///   - blocks: A graph for each layer: ``SampledGraph/blocks`` of as many hops as there are layers.
  ///   - key: The place in the random sequence for dropout, and for the order in which memories read; nil in evaluation.
  /// - Returns: `[seeds, outputs]`.
  public func callAsFunction(_ x: Variable, on blocks: [Graph], key: RandomKey? = nil) -> Variable {
    require(blocks.count == layers.count, "GraphSAGE: \(blocks.count) blocks for \(layers.count) layers")
    return layers.indices.reduce(x) { h, layer in
      let sources = dropout(h, key: key?.stream(layer)), block = blocks[layer]
      return applied(layer, sources, targets: sources.rows(0..<block.nodeCount), block, key)
    }
  }

  /// The layer at a place, and the activation if it is not the last one; without `targets` these are the sources.
  private func applied(
    _ place: Int, _ sources: Variable, targets: Variable? = nil, _ graph: Graph, _ key: RandomKey?
  ) -> Variable {
    let isLast = place == layers.count - 1
    let y = layers[place].applied(
      sources, targets: targets, graph, key?.stream(layers.count + place), rectified: !isLast && activation == nil)
    return isLast ? y : activation?(y) ?? y
  }
}
