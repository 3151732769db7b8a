/// A readout in which the nodes of a graph weigh each other.
///
///     h[g] = Σ_i α[i] ⊙ φ(x[i]),   α = softmax of ψ(x[i]) over the nodes i of g
///
/// x: `[N, inputs]`; ψ yields one number for each node, φ its features. A graph without nodes gets 0.
///
/// Source: Li, Tarlow, Brockschmidt & Zemel, *Gated Graph Sequence Neural Networks*, ICLR 2016, eq. 7, with a softmax.
public struct AttentionReadout: Layer {
  /// The networks ψ and φ.
  public let gate: MLP, features: MLP

  /// Creates a readout.
  ///
  /// - Parameters:
  ///   - gate: ψ, with one output.
  ///   - features: φ.
  public init(gate: MLP, features: MLP) {
    let outputs = gate.layers[gate.layers.count - 1].weight.shape[1]
    require(outputs == 1, "AttentionReadout: the gate yields \(outputs) numbers; it has to yield 1")
    (self.gate, self.features) = (gate, features)
  }

  /// Applies the readout.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - batch: The graphs.
  /// - Returns: A row for each graph.
  public func callAsFunction(_ x: Variable, on batch: GraphBatch) -> Variable {
    batch.requireNodeRows(x, "AttentionReadout")
    let alpha = gate(x).segmentSoftmax(over: batch.graphOfNode, count: batch.count)
    return (alpha * features(x)).scatterSum(to: batch.graphOfNode, count: batch.count)
  }
}
