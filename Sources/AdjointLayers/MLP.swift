/// A multilayer perceptron: affine maps with an activation between them.
///
///     h₀ = x,   hₖ = φ(norm(hₖ₋₁ Wₖ + bₖ)) for k < L,   y = h_{L−1} W_L + b_L
///
/// norm is batch normalisation where it is asked for, and nothing otherwise.
public struct MLP: UnaryLayer {
  /// The affine maps, first to last.
  public let layers: [Linear]
  /// The norm of every hidden layer; none if the perceptron is not normalised.
  public let norms: [BatchNorm]
  private let activation: (Variable) -> Variable

  /// Creates a perceptron.
  ///
  /// - Parameters:
  ///   - widths: The number of features at the input, in every hidden layer and at the output; at least two numbers.
  ///   - activation: The function φ between the maps.
  ///   - isNormalized: Whether batch normalisation precedes each activation.
  ///   - initializer: How the weights start.
  ///   - key: The place in the random sequence.
  public init(
    _ widths: [Int], activation: @escaping (Variable) -> Variable = { relu($0) }, isNormalized: Bool = false,
    initializer: Initializer = .heUniform, key: RandomKey
  ) {
    require(widths.count >= 2, "MLP: \(widths.count) widths do not make a layer")
    layers = zip(widths, widths.dropFirst()).enumerated().map { position, pair in
      Linear(pair.0, pair.1, initializer: initializer, key: key.stream(position))
    }
    norms = isNormalized ? widths.dropFirst().dropLast().map { BatchNorm($0) } : []
    self.activation = activation
  }

  /// Applies the perceptron, as in evaluation.
  ///
  /// - Parameter x: `[N, widths.first]`, or rows with more axes in front of them unless the perceptron is normalised.
  /// - Returns: `[N, widths.last]`, with the axes in front as they are.
  public func callAsFunction(_ x: Variable) -> Variable { self(x, key: nil) }

  /// Applies the perceptron; with a key, its norms take the statistics of the batch. Nothing is drawn from it.
  public func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable { continued(from: layers[0](x), key: key) }

  /// What follows the first map, for those who make its result in another way.
  package func continued(from first: Variable, key: RandomKey?) -> Variable {
    require(norms.isEmpty || first.rank == 2, "MLP: a normalised perceptron takes [N, D], not shape \(first.shape)")
    return layers.dropFirst().enumerated().reduce(first) { h, layer in
      layer.element(activation(norms.isEmpty ? h : norms[layer.offset](h, key: key)))
    }
  }
}
