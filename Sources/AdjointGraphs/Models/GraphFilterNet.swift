/// A stack of graph perceptrons: graph filters with an activation after each.
///
///     x_ℓ = φ(Σ_{k<K_ℓ} Sᵏ x_{ℓ−1} H_ℓk)
///
/// It has Σ K_ℓ F_ℓ F_{ℓ−1} parameters, whatever the graph.
///
/// Source: Gama, Isufi, Leus & Ribeiro, *Graphs, Convolutions, and Neural Networks*, IEEE Signal Processing Magazine 37(6), 2020,
/// eqs. 9 and 13.
public struct GraphFilterNet: Layer {
  /// The filters, first to last.
  public let filters: [GraphFilter]
  private let activation: (Variable) -> Variable

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - layers: The number of taps and of output features of each layer.
  ///   - shift: S.
  ///   - activation: φ, applied after every layer.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, layers: [(taps: Int, outputs: Int)], shift: GraphShift,
    activation: @escaping (Variable) -> Variable = { relu($0) }, key: RandomKey
  ) {
    let widths = [inputs] + layers.map(\.outputs)
    filters = layers.enumerated().map { position, layer in
      GraphFilter(widths[position], layer.outputs, taps: layer.taps, shift: shift, key: key.stream(position))
    }
    self.activation = activation
  }

  /// Applies the network.
  ///
  /// - Parameters:
  ///   - x: The signals, `[N, inputs]`.
  ///   - graph: The graph.
  /// - Returns: The output of the last layer.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    filters.reduce(x) { activation($1($0, on: graph)) }
  }
}
