import Adjoint

/// Tells where a phone is from the access points that it hears.
///
///     h = relu(SAGE(x)),   place = Σ_i α[i] φ(h[i]),   α = softmax ψ(h)          over the access points i
///
/// The readout is a weighted centroid whose weights and places are learnt.
struct PositionNet: Layer {
  private let convolution: SAGEConv
  private let readout: AttentionReadout

  init(hidden: Int, key: RandomKey) {
    convolution = SAGEConv(3, hidden, key: key.stream(0))
    readout = AttentionReadout(
      gate: MLP([hidden, hidden, 1], key: key.stream(1)), features: MLP([hidden, hidden, 2], key: key.stream(2)))
  }

  /// A place for each graph, `[G, 2]`.
  func callAsFunction(_ graphs: GraphBatch) -> Variable {
    readout(relu(convolution(Variable(graphs.nodes.values("x")), on: graphs.graph)), on: graphs)
  }

  /// Trains by the squared error, in batches of 32 phones.
  func train(on phones: [AttributedGraph], epochs: Int, key: RandomKey) {
    let optimizer = Adam(learningRate: 0.01)
    for epoch in 0..<epochs {
      let order = key.stream(epoch).permutation(phones.count)
      for start in stride(from: 0, to: order.count, by: 32) {
        let batch = GraphBatch(order[start..<Swift.min(start + 32, order.count)].map { phones[$0] })
        let gradients = valueWithGradients {
          squaredErrorLoss(self(batch), Variable(batch.global.values("y")))
        }.gradients
        optimizer.update(self, with: gradients)
      }
    }
  }
}
