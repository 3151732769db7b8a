/// The relational graph convolution: every kind of edge has a matrix of its own.
///
///     y[i] = x[i] W + b + Σ_r mean { x[j] W_r : j → i of kind r },   W_r = Σ_b a_rb V_b
///
/// x: `[N, inputs]`, W, W_r, V_b: `[inputs, outputs]`, y: `[N, outputs]`. Without a basis every W_r is a parameter; with one it
/// is a mixture of few matrices V_b.
///
/// Source: Schlichtkrull et al., *Modeling Relational Data with Graph Convolutional Networks*, ESWC 2018, eqs. 2–3.
public struct RGCNConv: Layer {
  /// The matrices W_r, or those of the basis.
  public let weights: [Parameter]
  /// The mixture a, `[relations, bases]`, if there is a basis.
  public let mixture: Parameter?
  /// The map W with b.
  public let own: Linear
  private let reduction: Reduction

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - relations: The number of kinds of edges.
  ///   - bases: The number of matrices V_b; nil for a matrix of its own for each relation.
  ///   - reduction: How the messages of one kind become one row.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ outputs: Int, relations: Int, bases: Int? = nil, reduction: Reduction = .mean, key: RandomKey
  ) {
    let glorot = Initializer.glorotUniform
    own = Linear(inputs, outputs, key: key.stream(0))
    weights = (0..<(bases ?? relations)).map { Parameter(glorot([inputs, outputs], key: key.stream($0 + 2))) }
    mixture = bases.map { Parameter(glorot([relations, $0], key: key.stream(1))) }
    self.reduction = reduction
  }

  /// The matrices W_r.
  public var relationWeights: [Variable] {
    guard let mixture else { return weights.map(\.wrappedValue) }
    let bases = stack(weights.map(\.wrappedValue)), shape = weights[0].value.shape
    let mixed = matmul(mixture.wrappedValue, bases.reshaped(to: [weights.count, shape.elementCount]))
    return mixed.unstacked().map { $0.reshaped(to: Array(shape)) }
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph, its edges by their kind.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: RelationalGraph) -> Variable {
    graph.relations.first?.requireOneKind("RGCNConv")
    let matrices = relationWeights
    require(
      matrices.count == graph.relations.count,
      "RGCNConv: a layer of \(matrices.count) relations meets a graph of \(graph.relations.count)")
    return zip(graph.relations, matrices).reduce(own(x)) { y, relation in
      y + Endpoint.source(matmul(x, relation.1)).reduced(by: reduction, on: relation.0)
    }
  }
}
