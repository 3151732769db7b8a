/// The graph attention layer whose scores depend on both ends together, so that different nodes may rank the same neighbours
/// differently.
///
///     h = x W,   h′ = x V                                           h, h′: [N, H, outputs]
///     e[j → i] = ⟨a, φ(h[j] + h′[i])⟩,   α = softmax of e over the edges that reach i
///     y[i] = Σ α[j → i] h[j] + b                                    heads side by side, or averaged
///
/// x: `[N, inputs]`, W, V: `[inputs, H · outputs]`, each with a bias of its own, a: `[H, outputs]`; φ is a leaky rectifier. Every
/// node has a self-loop; one that the graph has already is not doubled.
///
/// Source: Brody, Alon & Yahav, *How Attentive are Graph Attention Networks?*, ICLR 2022, eq. 7.
public struct GATv2Conv: Layer {
  /// The maps W of the sources and V of the targets.
  public let source: Linear, target: Linear
  /// The attention vectors a.
  @Parameter public var attention: Variable
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
  ///   - slope: The slope of φ below 0.
  ///   - dropout: The probability of dropping an edge's weight, in training.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ outputs: Int, heads: Int = 1, concatenates: Bool = true, slope: Double = 0.2, dropout: Double = 0,
    key: RandomKey
  ) {
    source = Linear(inputs, heads * outputs, key: key.stream(0))
    target = Linear(inputs, heads * outputs, key: key.stream(1))
    _attention = Parameter(Initializer.glorotUniform([heads, outputs], key: key.stream(2)))
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
    graph.requireOneKind("GATv2Conv")
    let looped = graph.addingSelfLoops(), a = attention
    let heads = [x.shape[0], a.shape[0], a.shape[1]]
    let h = source(x).reshaped(to: heads), own = target(x).reshaped(to: heads)
    let score = (.source(h) + .target(own)).map { (leakyReLU($0, slope: slope) * a).sum(along: 2) }
    let y = looped.sum(softmax(score).dropping(dropout, key: key) * .source(h))
    return (concatenates ? y.reshaped(to: [x.shape[0], a.shape[0] * a.shape[1]]) : y.mean(along: 1)) + bias
  }
}
