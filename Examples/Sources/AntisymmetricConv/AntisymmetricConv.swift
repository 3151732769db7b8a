import Adjoint

/// A layer that takes a small, stable step, so that many of them neither forget nor explode.
///
///     y = x + ε tanh(x (W − Wᵀ − γ 1) + S x V + b)          x, y: [N, D]   W, V: [D, D]   S = D^(−1/2) A D^(−1/2)
///
/// Source: Gravina, Bacciu & Gallicchio, *Anti-Symmetric DGN: a stable architecture for Deep Graph Networks*, ICLR 2023, eq. 6.
public struct AntisymmetricConv: Layer {
  /// The weights W, of which the antisymmetric part acts.
  @Parameter public var weight: Variable
  /// The map V with b of what the neighbours say.
  public let neighbours: Linear
  private let step = 0.1, friction = 0.1

  /// Creates a layer of D features.
  public init(_ features: Int, key: RandomKey) {
    _weight = Parameter(Initializer.glorotUniform([features, features], key: key.stream(0)))
    neighbours = Linear(features, features, key: key.stream(1))
  }

  /// What travels along the edges; the rows of S x are its sums.
  public func message(_ x: Variable, on graph: Graph) -> some Message { graph.symmetricWeights * .source(x) }

  /// The features after the step, `[N, D]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    let own = matmul(x, weight - weight.transposed()) - Variable(friction) * x
    return x + Variable(step) * tanh(own + neighbours(graph.sum(message(x, on: graph))))
  }
}
