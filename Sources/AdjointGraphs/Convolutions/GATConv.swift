/// The graph attention layer: every node weighs its neighbours by scores that both ends of an edge add to.
///
///     h = x W                                                       h: [N, H, outputs]
///     e[j → i] = φ(⟨a, h[j]⟩ + ⟨a′, h[i]⟩),   α = softmax of e over the edges that reach i
///     y[i] = Σ α[j → i] h[j] + b                                    heads side by side, or averaged
///
/// x: `[N, inputs]`, W: `[inputs, H · outputs]`, a, a′: `[H, outputs]`; φ is a leaky rectifier. Every node has a self-loop; one
/// that the graph has already is not doubled. Scores, softmax and sum run as one kernel that keeps α alone.
///
/// Source: Veličković et al., *Graph Attention Networks*, ICLR 2018, eqs. 1–6.
public struct GATConv: Layer {
  /// The weights W.
  @Parameter public var weight: Variable
  /// The attention vectors a of the sources.
  @Parameter public var attentionSource: Variable
  /// The attention vectors a′ of the targets.
  @Parameter public var attentionTarget: Variable
  /// The bias b.
  @Parameter public var bias: Variable
  /// Dropout on the weights α.
  public let dropout: Dropout
  private let slope: Double
  private let concatenates: Bool

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features of each head.
  ///   - heads: The number of heads.
  ///   - concatenates: Whether heads stand side by side; else they are averaged.
  ///   - slope: The slope of the scores below 0.
  ///   - dropout: The probability of dropping an edge's weight, in training.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ outputs: Int, heads: Int = 1, concatenates: Bool = true, slope: Double = 0.2, dropout: Double = 0,
    key: RandomKey
  ) {
    let glorot = Initializer.glorotUniform
    _weight = Parameter(glorot([inputs, heads * outputs], key: key.stream(0)))
    _attentionSource = Parameter(glorot([heads, outputs], key: key.stream(1)))
    _attentionTarget = Parameter(glorot([heads, outputs], key: key.stream(2)))
    _bias = Parameter(Tensor(zeros: [concatenates ? heads * outputs : outputs]))
    self.dropout = Dropout(dropout)
    (self.slope, self.concatenates) = (slope, concatenates)
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  ///   - key: The place in the random sequence for dropout; nil in evaluation.
  /// - Returns: `[N, H · outputs]`, or `[N, outputs]` where heads are averaged.
  public func callAsFunction(_ x: Variable, on graph: Graph, key: RandomKey? = nil) -> Variable {
    graph.requireOneKind("GATConv")
    return attend(on: graph, key) { matmul(x, $0) }
  }

  /// Applies the layer to sparse features, at the cost of their stored entries.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  ///   - key: The place in the random sequence for dropout; nil in evaluation.
  /// - Returns: `[N, H · outputs]`, or `[N, outputs]` where heads are averaged.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph, key: RandomKey? = nil) -> Variable {
    graph.requireOneKind("GATConv")
    return attend(on: graph, key) { matmul(x, $0) }
  }

  /// The weights α of the edges of `graph.addingSelfLoops()`, in its stored order.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph; self-loops are added.
  /// - Returns: A row of H numbers for each edge.
  public func attention(_ x: Variable, on graph: Graph) -> Variable {
    graph.addingSelfLoops().each(weights { matmul(x, $0) })
  }

  /// α, from ⟨a, h⟩ and ⟨a′, h⟩ for every node: both are columns of one product with x, whose right side [W a, W a′] is small.
  private func weights(_ timesX: (Variable) -> Variable) -> SoftmaxMessage<AdditiveScore> {
    let heads = attentionSource.shape[0], w = weight.reshaped(to: [weight.shape[0], heads, attentionSource.shape[1]])
    let ends = timesX(concatenate((w * attentionSource).sum(along: 2), (w * attentionTarget).sum(along: 2)))
    let source = ends.slice(0..<heads, along: 1), target = ends.slice(heads..<2 * heads, along: 1)
    return softmax(leakyReLU(.source(source) + .target(target), slope: slope))
  }

  private func attend(on graph: Graph, _ key: RandomKey?, _ timesX: (Variable) -> Variable) -> Variable {
    let product = timesX(weight), shape = product.shape
    let h = product.reshaped(to: [shape[0], attentionSource.shape[0], attentionSource.shape[1]])
    let y = graph.addingSelfLoops().sum(weights(timesX).dropping(dropout, key: key) * .source(h))
    return (concatenates ? y.reshaped(to: Array(shape)) : y.mean(along: 1)) + bias
  }
}
