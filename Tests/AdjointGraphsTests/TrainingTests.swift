import AdjointGraphs
import Testing

/// A random graph whose products are long enough to be split over threads.
private func randomGraph() -> Graph? {
  let nodes = 1500
  let ends = RandomKey(seed: 1).bits(count: 12_000).map { Int($0) % nodes }
  // A quarter of the edges lead to one node.
  return try? Graph(
    nodeCount: nodes, from: IndexArray(ends.prefix(6000)),
    to: IndexArray(ends.suffix(6000).enumerated().map { $0 % 4 == 0 ? 3 : $1 }))
}

private func train(on graph: Graph, threads: Int, steps: Int) -> [Tensor] {
  setThreadCount(threads)
  let model = GCN(24, hidden: 16, classes: 4, key: RandomKey(seed: 1))
  let x = Variable(Tensor(normal: [graph.nodeCount, 24], key: RandomKey(seed: 2)))
  let labels = IndexArray((0..<graph.nodeCount).map { $0 * 7 % 4 })
  let optimizer = AdamW(learningRate: 0.01)
  for step in 0..<steps {
    let gradients = valueWithGradients {
      softmaxCrossEntropy(logits: model(x, on: graph, key: RandomKey(seed: 3).stream(step)), labels)
    }.gradients
    optimizer.update(model, with: gradients)
  }
  return model.parameters.map(\.parameter.value)
}

@Suite struct `Training on a graph` {
  @Test func `gives the same bits on any number of threads`() async {
    await #expect(processExitsWith: .success) {
      guard let graph = randomGraph() else { return }
      let expected = train(on: graph, threads: 1, steps: 50)
      for threads in [2, 3, 7] {
        for (value, one) in zip(train(on: graph, threads: threads, steps: 50), expected) {
          #expect(value.isIdentical(to: one), "\(threads) threads, shape \(one.shape)")
        }
      }
    }
  }

  @Test func `keeps the memory of tensors constant`() async {
    await #expect(processExitsWith: .success) {
      let graph = KarateClub.graph
      let model = GCN(34, hidden: 4, classes: 2, key: RandomKey(seed: 1)), optimizer = Adam()
      let x = SparseMatrix(Tensor.eye(34))
      func step(_ i: Int) {
        let gradients = valueWithGradients {
          softmaxCrossEntropy(logits: model(x, on: graph, key: RandomKey(seed: 3).stream(i)), KarateClub.labels)
        }.gradients
        optimizer.update(model, with: gradients)
      }
      for i in 0..<3 { step(i) }
      let start = TensorMemory.liveBytes
      for i in 0..<200 { step(i) }
      withExtendedLifetime((graph, model, x, optimizer)) { #expect(TensorMemory.liveBytes == start) }
    }
  }
}
