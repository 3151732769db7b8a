import Adjoint

/// A table of embeddings that is trained on walks: DeepWalk and node2vec with negative sampling.
///
/// Source: Grover & Leskovec, *node2vec: Scalable Feature Learning for Networks*, KDD 2016, section 3.
struct WalkEmbedding {
  private let graph: Graph
  private let p: Double, q: Double
  private let table: Embedding
  private let optimizer = Adam(learningRate: 0.02)
  private let key: RandomKey
  private let length = 10, window = 4

  init(_ graph: Graph, width: Int, p: Double, q: Double, key: RandomKey) {
    (self.graph, self.p, self.q, self.key) = (graph, p, q, key.stream(1))
    table = Embedding(graph.nodeCount, width, initializer: .normal(standardDeviation: 0.1), key: key.stream(0))
  }

  /// Trains on new walks in every step.
  ///
  /// - Returns: A row for each node.
  func train(steps: Int) -> Tensor {
    for step in 0..<steps {
      let key = key.stream(step)
      let walks = graph.randomWalks(
        from: IndexArray(0..<graph.nodeCount), length: length, p: p, q: q, key: key.stream(0))
      let together = NodePairs(visitedTogetherBy: walks, length: length, window: window)
      // As many pairs drawn at random, from the nodes that the walks visited.
      let other = key.stream(1).permutation(together.count)
      let apart = NodePairs(sources: together.sources, targets: together.targets.examples(IndexArray(other)))
      let gradients = valueWithGradients {
        reconstructionLoss(DotDecoder(), table.weight, edges: together, nonEdges: apart)
      }.gradients
      optimizer.update(table, with: gradients)
    }
    return table.weight.value
  }
}
