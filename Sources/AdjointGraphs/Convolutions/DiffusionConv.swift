/// The diffusion convolution: what each feature has become after each number of steps of a random walk, with a weight for each.
///
///     y[i, k, f] = w[k, f] (Pᵏ x)[i, f],   P = D⁻¹ A
///
/// x: `[N, D]`, w: `[K, D]`, y: `[N, K · D]`; an activation follows.
///
/// Source: Atwood & Towsley, *Diffusion-Convolutional Neural Networks*, NIPS 2016, eq. 4.
public struct DiffusionConv: Layer {
  /// The weights w.
  @Parameter public var weight: Variable

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of features D.
  ///   - steps: K, the number of powers from P⁰ on, at least 1.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, steps: Int, key: RandomKey) {
    require(steps >= 1, "DiffusionConv: \(steps) steps; there has to be at least 1")
    _weight = Parameter(Initializer.glorotUniform([steps, inputs], key: key))
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, D]`.
  ///   - graph: The graph.
  /// - Returns: `[N, K · D]`, the features of each power together.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("DiffusionConv")
    var powers = [x]
    while powers.count < weight.shape[0] { powers.append(graph.mean(.source(powers[powers.count - 1]))) }
    return concatenate(powers) * weight.flattened()
  }
}
