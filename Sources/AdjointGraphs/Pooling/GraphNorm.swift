import AdjointTensors

/// Normalises the features within each graph, with a learned part of the mean taken away.
///
///     y = γ ⊙ (x − α ⊙ μ_g) / √(σ²_g + ε) + β,   σ²_g the mean of (x − α ⊙ μ_g)² over the graph
///
/// x, y: `[N, D]`; μ_g is the mean over the nodes of graph g, α, β, γ: `[D]`.
///
/// Source: Cai et al., *GraphNorm: A Principled Approach to Accelerating Graph Neural Network Training*, ICML 2021, eq. 4.
public struct GraphNorm: Layer {
  /// γ, ones at first.
  @Parameter public var scale: Variable
  /// β, zeros at first.
  @Parameter public var shift: Variable
  /// α, ones at first.
  @Parameter public var meanScale: Variable
  private let epsilon: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - width: The number of features D.
  ///   - epsilon: ε, above 0.
  public init(_ width: Int, epsilon: Double = 1e-5) {
    require(epsilon > 0, "GraphNorm: ε is \(epsilon); it has to be above 0")
    _scale = Parameter(Tensor(ones: [width]))
    _shift = Parameter(Tensor(zeros: [width]))
    _meanScale = Parameter(Tensor(ones: [width]))
    self.epsilon = epsilon
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, D]`.
  ///   - batch: The graphs.
  /// - Returns: `[N, D]`.
  public func callAsFunction(_ x: Variable, on batch: GraphBatch) -> Variable {
    let mean = batch.readout(x, by: .mean).gatherRows(batch.graphOfNode)
    let centred = x - meanScale * mean
    let variance = batch.readout(square(centred), by: .mean).gatherRows(batch.graphOfNode)
    return scale * centred / sqrt(variance + Variable(epsilon)) + shift
  }
}
