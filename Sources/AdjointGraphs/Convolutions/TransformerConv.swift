/// The transformer's attention along the edges of a graph; on the complete graph with self-loops it is a transformer's.
///
///     q = x W_q + b_q,   k = x W_k + b_k,   v = x W_v + b_v                 [N, H, outputs]
///     α[j → i] = softmax of ⟨q[i], k[j] + f[j → i]⟩ / √outputs over the edges that reach i
///     y[i] = Σ α[j → i] (v[j] + f[j → i]) + x[i] W + b                      heads side by side, or averaged
///
/// x: `[N, inputs]`; f = e W_e, e: `[E, edgeInputs]`, is left out without features of edges.
///
/// Source: Shi et al., *Masked Label Prediction: Unified Message Passing Model for Semi-Supervised Classification*, IJCAI 2021,
/// eqs. 3–4; Vaswani et al., *Attention Is All You Need*, NIPS 2017, eq. 1.
public struct TransformerConv: Layer {
  /// The maps to queries, keys and values.
  public let query: Linear, key: Linear, value: Linear
  /// The map of the node itself, if it counts.
  public let own: Linear?
  /// The map of the edges' features, if they have any.
  public let edge: Linear?
  private let heads: Int, outputs: Int
  private let concatenates: Bool

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features of each head.
  ///   - heads: The number of heads.
  ///   - concatenates: Whether heads stand side by side; else they are averaged.
  ///   - edgeInputs: The number of features of an edge, or nil if there are none.
  ///   - addsOwn: Whether the node itself counts.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ outputs: Int, heads: Int = 1, concatenates: Bool = true, edgeInputs: Int? = nil,
    addsOwn: Bool = true, key: RandomKey
  ) {
    query = Linear(inputs, heads * outputs, key: key.stream(0))
    self.key = Linear(inputs, heads * outputs, key: key.stream(1))
    value = Linear(inputs, heads * outputs, key: key.stream(2))
    own = addsOwn ? Linear(inputs, concatenates ? heads * outputs : outputs, key: key.stream(3)) : nil
    edge = edgeInputs.map { Linear($0, heads * outputs, bias: false, key: key.stream(4)) }
    (self.heads, self.outputs, self.concatenates) = (heads, outputs, concatenates)
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - edges: The features of the edges, `[E, edgeInputs]`, in the graph's stored order; nil for a layer without them.
  ///   - graph: The graph.
  /// - Returns: `[N, H · outputs]`, or `[N, outputs]` where heads are averaged.
  public func callAsFunction(_ x: Variable, edges: Variable? = nil, on graph: Graph) -> Variable {
    graph.requireOneKind("TransformerConv")
    require(
      (edges == nil) == (edge == nil), "TransformerConv: features of edges go with edgeInputs, and only with them")
    func split(_ h: Variable) -> Variable { h.reshaped(to: [h.shape[0], heads, outputs]) }
    let q = split(query(x)) * Variable(1 / Double(outputs).squareRoot()), k = split(key(x)), v = split(value(x))
    let y: Variable
    if let edge, let edges {
      let f = split(edge(edges))
      let score = (.target(q) * (.source(k) + .edge(f))).map { $0.sum(along: 2) }
      y = graph.sum(softmax(score) * (.source(v) + .edge(f)))
    } else {
      y = graph.sum(softmax(dot(.target(q), .source(k))) * .source(v))
    }
    let joined = concatenates ? y.reshaped(to: [x.shape[0], heads * outputs]) : y.mean(along: 1)
    return own.map { joined + $0(x) } ?? joined
  }
}
