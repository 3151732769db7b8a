import Adjoint

/// Trains a network with one fold of the graphs held out.
struct FoldTrainer {
  /// What the paper chooses for each collection: the width of a layer, the part of logits that is dropped, the graphs of a batch.
  struct Settings {
    var hidden: Int, dropout: Double, batchSize: Int
  }

  /// What happened on the way.
  struct History {
    /// The accuracy on the test fold after every epoch, in percent.
    var test: [Double] = []
    /// The test accuracy after the epoch with the smallest loss on the validation fold, in percent.
    var chosen = 0.0
  }

  private let collection: LabelledGraphs
  private let split: NodeSplit
  private let model: GINClassifier
  private let optimizer = Adam(learningRate: 0.01)
  private let key: RandomKey
  private let batchSize: Int

  /// Xu et al. 2019, section 7: five layers with that of the input.
  init(_ collection: LabelledGraphs, _ split: NodeSplit, _ settings: Settings, key: RandomKey) {
    (self.collection, self.split, self.key) = (collection, split, key.stream(1))
    batchSize = settings.batchSize
    model = GINClassifier(
      collection.features, hidden: settings.hidden, layers: 4, classes: collection.classCount,
      dropout: settings.dropout, key: key.stream(0))
  }

  /// Trains and tests after every epoch.
  func train(epochs: Int) -> History {
    let test = collection.batch(split.test)
    let validation = split.validation.isEmpty ? nil : collection.batch(split.validation)
    var history = History(), smallest = Double.infinity
    for epoch in 0..<epochs {
      // Half the step size every 50 epochs.
      if epoch > 0 && epoch % 50 == 0 { optimizer.learningRate /= 2 }
      let key = key.stream(epoch), order = key.permutation(split.train.count).map { split.train[$0] }
      for start in stride(from: 0, to: order.count, by: batchSize) {
        let batch = collection.batch(order[start..<Swift.min(start + batchSize, order.count)])
        let gradients = valueWithGradients {
          softmaxCrossEntropy(
            logits: model(batch.x, on: batch.graphs, key: key.stream(1 + start)), batch.labels)
        }.gradients
        optimizer.update(model, with: gradients)
      }
      history.test.append(accuracy(on: test))
      if let validation {
        let loss = softmaxCrossEntropy(logits: model(validation.x, on: validation.graphs), validation.labels).item()
        if loss < smallest { (smallest, history.chosen) = (loss, history.test[epoch]) }
      }
    }
    return history
  }

  private func accuracy(on batch: LabelledGraphs.Batch) -> Double {
    let predictions = model(batch.x, on: batch.graphs).value.argmax(along: 1)
    return 100 * Double(zip(predictions, batch.labels).count { $0 == $1 }) / Double(batch.labels.count)
  }
}
