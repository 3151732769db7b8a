import Adjoint

/// The club, and how a network is trained on it.
struct Experiment {
  let graph = KarateClub.graph
  let labels = KarateClub.labels
  /// The instructor and the administrator: the only members whose side training sees.
  let labelled: IndexArray = [0, 33]

  /// Trains a network and predicts the side of every member.
  ///
  /// - Parameters:
  ///   - seed: The seed of the initial weights.
  ///   - epochs: The number of steps.
  ///   - report: Called with the number of each step, its loss, and how many members are predicted rightly.
  /// - Returns: 0 or 1 for each member.
  func train(seed: UInt64, epochs: Int, report: ((Int, Double, Int) -> Void)? = nil) -> IndexArray {
    // Members have no features: the identity matrix gives each a weight vector of its own.
    let x = Variable(Tensor.eye(graph.nodeCount))
    let model = GCN(
      graph.nodeCount, hidden: 8, classes: 2, dropout: 0, activation: { tanh($0) }, key: RandomKey(seed: seed))
    let optimizer = Adam(learningRate: 0.01)
    let targets = IndexArray(labelled.map { labels[$0] })
    for epoch in 1...epochs {
      let (loss, gradients) = valueWithGradients {
        softmaxCrossEntropy(logits: model(x, on: graph).gatherRows(labelled), targets)
      }
      optimizer.update(model, with: gradients)
      if let report { report(epoch, loss.item(), right(model(x, on: graph).value.argmax(along: 1))) }
    }
    return model(x, on: graph).value.argmax(along: 1)
  }

  /// How many members are predicted rightly.
  func right(_ predictions: IndexArray) -> Int { zip(predictions, labels).count { $0 == $1 } }

  /// The part of the members that are predicted rightly.
  func accuracy(_ predictions: IndexArray) -> Double { Double(right(predictions)) / Double(graph.nodeCount) }
}
