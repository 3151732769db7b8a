/// A multilayer perceptron: affine maps with an activation between them.
///
///     h₀ = x,   hₖ = φ(norm(hₖ₋₁ Wₖ + bₖ)) for k < L,   y = h_{L−1} W_L + b_L
///
/// norm is batch normalisation where it is asked for, and nothing otherwise. Where the output is activated, too, y = h_L.
public struct MLP: UnaryLayer {
  /// The affine maps, first to last.
  public let layers: [Linear]
  /// The norm of every layer that is activated; none if the perceptron is not normalised.
  public let norms: [BatchNorm]
  private let activation: ((Variable) -> Variable)?
  private let activatesOutput: Bool

  /// Creates a perceptron.
  ///
  /// - Parameters:
  ///   - widths: The number of features at the input, in every hidden layer and at the output; at least two numbers.
  ///   - activation: The function φ between the maps. If it is left out, it is the rectified linear unit, which a map applies while
  ///     it writes its result.
  ///   - activatesOutput: Whether φ follows the last map as well, as in a part of a larger network.
  ///   - isNormalized: Whether batch normalisation precedes each activation.
  ///   - initializer: How the weights start.
  ///   - key: The place in the random sequence.
  public init(
    _ widths: [Int], activation: ((Variable) -> Variable)? = nil, activatesOutput: Bool = false,
    isNormalized: Bool = false, initializer: Initializer = .heUniform, key: RandomKey
  ) {
    require(widths.count >= 2, "MLP: \(widths.count) widths do not make a layer")
    layers = zip(widths, widths.dropFirst()).enumerated().map { position, pair in
      Linear(pair.0, pair.1, initializer: initializer, key: key.stream(position))
    }
    let activated = widths.dropFirst().dropLast(activatesOutput ? 0 : 1)
    norms = isNormalized ? activated.map { BatchNorm($0) } : []
    (self.activation, self.activatesOutput) = (activation, activatesOutput)
  }

  /// Applies the perceptron, as in evaluation.
  ///
  /// - Parameter x: `[N, widths.first]`, or rows with more axes in front of them unless the perceptron is normalised.
  /// - Returns: `[N, widths.last]`, with the axes in front as they are.
  public func callAsFunction(_ x: Variable) -> Variable { self(x, key: nil) }

  /// Applies the perceptron; with a key, its norms take the statistics of the batch. Nothing is drawn from it.
  public func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable {
    layers.indices.reduce(x) { h, position in applied(position, to: h, key) }
  }

  /// Whether the perceptron is one map, and nothing follows it.
  package var isOneMap: Bool { layers.count == 1 && !activatesOutput }

  /// What follows the first map, for those who make its result in another way.
  package func continued(from first: Variable, key: RandomKey?) -> Variable {
    layers.indices.dropFirst().reduce(finished(0, first, key)) { h, position in applied(position, to: h, key) }
  }

  /// A map and what follows it.
  private func applied(_ position: Int, to h: Variable, _ key: RandomKey?) -> Variable {
    isActivated(position) && norms.isEmpty && activation == nil
      ? layers[position].rectified(h) : finished(position, layers[position](h), key)
  }

  /// What follows a map.
  private func finished(_ position: Int, _ z: Variable, _ key: RandomKey?) -> Variable {
    require(norms.isEmpty || z.rank == 2, "MLP: a normalised perceptron takes [N, D], not shape \(z.shape)")
    guard isActivated(position) else { return z }
    let z = norms.isEmpty ? z : norms[position](z, key: key)
    return activation?(z) ?? relu(z)
  }

  private func isActivated(_ position: Int) -> Bool { activatesOutput || position < layers.count - 1 }
}
