/// A multilayer perceptron: affine maps with an activation between them.
///
///     h₀ = x,   hₖ = φ(hₖ₋₁ Wₖ + bₖ) for k < L,   y = h_{L−1} W_L + b_L
public struct MLP: UnaryLayer {
  /// The affine maps, first to last.
  public let layers: [Linear]
  private let activation: (Variable) -> Variable

  /// Creates a perceptron.
  ///
  /// - Parameters:
  ///   - widths: The number of features at the input, in every hidden layer and at the output; at least two numbers.
  ///   - activation: The function φ between the maps.
  ///   - initializer: How the weights start.
  ///   - key: The place in the random sequence.
  public init(
    _ widths: [Int], activation: @escaping (Variable) -> Variable = { relu($0) }, initializer: Initializer = .heUniform,
    key: RandomKey
  ) {
    require(widths.count >= 2, "MLP: \(widths.count) widths do not make a layer")
    layers = zip(widths, widths.dropFirst()).enumerated().map { position, pair in
      Linear(pair.0, pair.1, initializer: initializer, key: key.stream(position))
    }
    self.activation = activation
  }

  /// Applies the perceptron.
  ///
  /// - Parameter x: `[N, widths.first]`, or rows with more axes in front of them.
  /// - Returns: `[N, widths.last]`, with the axes in front as they are.
  public func callAsFunction(_ x: Variable) -> Variable { continued(from: layers[0](x)) }

  /// What follows the first map, for those who make its result in another way.
  package func continued(from first: Variable) -> Variable {
    layers.dropFirst().reduce(first) { h, layer in layer(activation(h)) }
  }
}
