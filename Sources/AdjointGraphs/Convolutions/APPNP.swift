/// Personalised propagation of predictions: a random walk with restarts over what a network has predicted for each node.
///
///     z₀ = h,   z_k = (1 − α) S z_{k−1} + α h,   y = z_K,   S = D^(−1/2) (A + I) D^(−1/2)
///
/// h, y: `[N, D]`. The layer has no parameters; a perceptron before it makes h.
///
/// Source: Gasteiger, Bojchevski & Günnemann, *Predict then Propagate: Graph Neural Networks meet Personalized PageRank*, ICLR
/// 2019, eq. 4.
public struct APPNP: Layer {
  /// The number of steps K.
  public let hops: Int
  /// The probability α of a restart.
  public let restart: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - hops: K, at least 0.
  ///   - restart: α, in 0 ... 1.
  public init(hops: Int = 10, restart: Double = 0.1) {
    require(hops >= 0, "APPNP: \(hops) hops; there have to be at least 0")
    require((0...1).contains(restart), "APPNP: the probability of a restart \(restart) is outside 0 ... 1")
    (self.hops, self.restart) = (hops, restart)
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - h: What has been predicted for the nodes, `[N, D]`.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: `[N, D]`.
  public func callAsFunction(_ h: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("APPNP")
    let looped = graph.addingSelfLoops()
    return (0..<hops).reduce(h) { z, _ in
      Variable(1 - restart) * looped.sum(looped.symmetricWeights * .source(z)) + Variable(restart) * h
    }
  }
}
