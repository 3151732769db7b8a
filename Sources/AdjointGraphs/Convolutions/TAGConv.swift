/// The topology-adaptive graph convolution: a polynomial of the normalised adjacency with a matrix for each power.
///
///     y = Σ_{k=0}^{K} Sᵏ x W_k + b,   S = D^(−1/2) A D^(−1/2)
///
/// x: `[N, inputs]`, W_k: `[inputs, outputs]`, y: `[N, outputs]`. No self-loops are added.
///
/// Source: Du et al., *Topology Adaptive Graph Convolutional Networks*, arXiv:1710.10370, eq. 2.
public struct TAGConv: Layer {
  /// The maps W₀ … W_K.
  public let maps: [Linear]
  /// The bias b.
  @Parameter public var bias: Variable

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - hops: K, at least 0.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, hops: Int = 3, key: RandomKey) {
    require(hops >= 0, "TAGConv: \(hops) hops; there have to be at least 0")
    maps = (0...hops).map { Linear(inputs, outputs, bias: false, key: key.stream($0)) }
    _bias = Parameter(Tensor(zeros: [outputs]))
  }

  /// Applies the layer, by Horner's scheme: y = x W₀ + S (x W₁ + S (x W₂ + …)).
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("TAGConv")
    let last = maps[maps.count - 1](x)
    return maps.dropLast().reversed().reduce(last) { y, map in
      map(x) + graph.sum(graph.symmetricWeights * .source(y))
    } + bias
  }
}
