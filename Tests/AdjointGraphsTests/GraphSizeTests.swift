import AdjointGraphs
import Testing

@Suite struct `Graphs of any size` {
  // 001-07
  @Test func `go through one trained model`() throws {
    let model = GCN(3, hidden: 4, classes: 2, dropout: 0, key: RandomKey(seed: 1))
    let optimizer = Adam(learningRate: 0.01)
    let training = Variable(Tensor(normal: [34, 3], key: RandomKey(seed: 2)))
    optimizer.update(
      model,
      with: valueWithGradients {
        softmaxCrossEntropy(logits: model(training, on: KarateClub.graph), KarateClub.labels)
      }.gradients)
    for nodes in [1, 2, 34, 10_000] {
      let ring = try Graph(nodeCount: nodes, edges: (0..<nodes).map { ($0, ($0 + 1) % nodes) })
      let y = model(Variable(Tensor(normal: [nodes, 3], key: RandomKey(seed: 3))), on: ring)
      #expect(y.shape == [nodes, 2] && y.scalars(as: Float.self).allSatisfy(\.isFinite))
    }
  }

  // 003-25
  @Test func `are sets where they have no edges`() throws {
    let x = Variable(Tensor(normal: [4, 3], key: RandomKey(seed: 4)))
    let set = try Graph(nodeCount: 4, edges: [])
    #expect(set.sum(.source(x)).value == Tensor(zeros: [4, 3]) && set.max(.source(x)).value == Tensor(zeros: [4, 3]))
    // With self-loops alone, a convolution is the same map of every element.
    let layer = GCNConv(3, 2, key: RandomKey(seed: 5))
    let expected = matmul(x, layer.weight) + layer.bias
    #expect((layer(x, on: set) - expected).scalars().allSatisfy { ($0 as Float).magnitude < 1e-6 })
    #expect(checkEquivariance(of: { layer($0, on: set) }, at: x.value).passes)
  }
}
