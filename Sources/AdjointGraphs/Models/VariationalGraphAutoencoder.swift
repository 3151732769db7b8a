/// The encoder of the variational graph autoencoder: a normal distribution over the embedding of every node.
///
///     h = relu(GCN₀(x)),   μ = GCN_μ(h),   ln σ = GCN_σ(h),   q(z | x) = N(μ, σ²)
///
/// Train it on a sample of the embeddings and the divergence from the prior:
///
///     let latent = model(x, on: graph)
///     let z = latent.sample(key: key)
///     let loss = reconstructionLoss(DotDecoder(), z, edges: edges, nonEdges: nonEdges)
///       + latent.divergence / Variable(Double(graph.nodeCount))
///
/// Source: Kipf & Welling, *Variational Graph Auto-Encoders*, NIPS workshop on Bayesian deep learning 2016, section 1.
public struct VariationalGraphAutoencoder: Layer {
  /// The shared layer, and those of the mean and of the logarithm of the deviation.
  public let hidden: GCNConv, mean: GCNConv, logDeviation: GCNConv

  /// Creates an encoder.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - hidden: The width of the shared layer.
  ///   - latent: The width D of an embedding.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, hidden: Int, latent: Int, key: RandomKey) {
    self.hidden = GCNConv(inputs, hidden, key: key.stream(0))
    mean = GCNConv(hidden, latent, key: key.stream(1))
    logDeviation = GCNConv(hidden, latent, key: key.stream(2))
  }

  /// The distribution of every node's embedding.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: The distributions.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> LatentNormal { latent(hidden(x, on: graph), graph) }

  /// The distribution of every node's embedding, from sparse features.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: The distributions.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph) -> LatentNormal { latent(hidden(x, on: graph), graph) }

  private func latent(_ h: Variable, _ graph: Graph) -> LatentNormal {
    let h = relu(h)
    return LatentNormal(mean: mean(h, on: graph), logDeviation: logDeviation(h, on: graph))
  }
}

/// A normal distribution for each element of a hidden representation.
public struct LatentNormal {
  /// The means μ, `[N, D]`.
  public let mean: Variable
  /// The logarithms of the deviations, ln σ, `[N, D]`.
  public let logDeviation: Variable

  /// Creates distributions.
  ///
  /// - Parameters:
  ///   - mean: The means, `[N, D]`.
  ///   - logDeviation: The logarithms of the deviations, of the same shape.
  public init(mean: Variable, logDeviation: Variable) {
    require(
      mean.rank == 2 && mean.shape == logDeviation.shape,
      "LatentNormal: means of shape \(mean.shape), deviations of shape \(logDeviation.shape); both are [N, D]")
    (self.mean, self.logDeviation) = (mean, logDeviation)
  }

  /// A sample through which gradients flow: μ + σ ε with ε standard normal.
  ///
  /// - Parameter key: The place in the random sequence.
  /// - Returns: `[N, D]`.
  ///
  /// Source: Kingma & Welling, *Auto-Encoding Variational Bayes*, ICLR 2014, section 2.4.
  public func sample(key: RandomKey) -> Variable {
    mean + exp(logDeviation) * Variable(Tensor(normal: mean.shape, key: key, dtype: mean.dtype))
  }

  /// The divergence from the standard normal distribution, summed over the features and averaged over the nodes.
  ///
  ///     KL = 1/N Σ_i Σ_d ½ (μ² + σ² − 1 − 2 ln σ)
  ///
  /// Source: Kingma & Welling 2014, appendix B.
  public var divergence: Variable { elementDivergence.sum(along: 1).mean() }

  /// The features that say nothing of their nodes: those whose mean divergence is below a bound.
  ///
  /// When the posterior of every feature has collapsed onto the prior, the decoder sees noise alone.
  ///
  /// - Parameter bound: The divergence below which a feature counts as collapsed, in nats.
  /// - Returns: The features, in ascending order.
  public func collapsedFeatures(below bound: Double = 0.01) -> [Int] {
    elementDivergence.mean(along: 0).scalars(as: Double.self).enumerated().filter { $1 < bound }.map(\.offset)
  }

  private var elementDivergence: Variable {
    0.5 * (square(mean) + exp(2 * logDeviation) - 1 - 2 * logDeviation)
  }
}
