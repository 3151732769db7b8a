/// The gravitational network layer: points learn where they lie, and near ones pull harder.
///
///     s = x W_s + b_s,   f = x W_f + b_f
///     w[j → i] = exp(−10 ‖s[i] − s[j]‖²)               over the K nearest neighbours j of i in s
///     y[i] = [x[i], mean w f, max w f] W + b
///
/// x: `[N, inputs]`, s: `[N, space]`, f: `[N, features]`, y: `[N, outputs]`. No gradient flows through the choice of
/// neighbours.
///
/// Source: Qasim, Kieseler, Iiyama & Pierini, *Learning Representations of Irregular Particle-detector Geometry with
/// Distance-weighted Graph Networks*, European Physical Journal C 79, 2019, section 3.
public struct GravNetConv: Layer {
  /// The maps to the learned space, to the features that travel, and to the output.
  public let space: Linear, features: Linear, output: Linear
  /// The number of neighbours K.
  public let neighbours: Int

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - space: The dimensions of the learned space.
  ///   - features: The number of features that travel.
  ///   - neighbours: K.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, space: Int, features: Int, neighbours: Int, key: RandomKey) {
    self.space = Linear(inputs, space, key: key.stream(0))
    self.features = Linear(inputs, features, key: key.stream(1))
    output = Linear(inputs + 2 * features, outputs, key: key.stream(2))
    self.neighbours = neighbours
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the points, `[N, inputs]`.
  ///   - groups: The event that each point belongs to; neighbours are of the same one. Nil for a single event.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, groups: IndexArray? = nil) -> Variable {
    let (s, f) = (space(x), features(x))
    let graph = Graph(nearest: neighbours, among: s.value, groups: groups)
    let pull = graph.each((.source(s) - .target(s)).map { exp(-10 * square($0).sum(along: 1)) })
    return output(concatenate(x, graph.reduce(pull * .source(f), by: [.mean, .max])))
  }
}
