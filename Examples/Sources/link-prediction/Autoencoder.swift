import Adjoint

/// An encoder of the nodes whose inner products say which of them are joined.
struct Autoencoder {
  /// How well pairs with an edge are told from those without one.
  struct Score {
    let area: Double, precision: Double
  }

  private let x: SparseMatrix
  private let split: LinkSplit
  private let encoder: Encoder
  private let optimizer = Adam(learningRate: 0.01)
  private let key: RandomKey

  private enum Encoder {
    case plain(GCN)
    case variational(VariationalGraphAutoencoder)

    var layer: any Layer {
      switch self {
      case .plain(let model): model
      case .variational(let model): model
      }
    }
  }

  /// Kipf & Welling 2016, section 3: 32 hidden units and embeddings of 16 numbers.
  init(_ x: SparseMatrix, _ split: LinkSplit, isVariational: Bool, key: RandomKey) {
    (self.x, self.split, self.key) = (x, split, key.stream(1))
    encoder =
      isVariational
      ? .variational(VariationalGraphAutoencoder(x.shape[1], hidden: 32, latent: 16, key: key.stream(0)))
      : .plain(GCN(x.shape[1], hidden: 32, classes: 16, dropout: 0, key: key.stream(0)))
  }

  /// Trains on the edges of the training, chooses the weights by those of the validation, and tests them once.
  func train(epochs: Int) throws -> Score {
    var stopping = EarlyStopping(encoder.layer, patience: epochs, goal: .largest)
    let messages = split.train.messages
    // Drawn from what training can see: some of them may be hidden edges, which nobody could know.
    let nonEdges = Graph.NonEdges(of: messages, isUndirected: true)
    for step in 1...epochs {
      let drawn = try nonEdges.sample(split.train.positives.count, key: key.stream(0).stream(step))
      let gradients = valueWithGradients { loss(nonEdges: drawn, on: messages, key.stream(1).stream(step)) }.gradients
      optimizer.update(encoder.layer.parameters, with: gradients)
      if stopping.shouldStop(after: try score(of: split.validation).area) { break }
    }
    stopping.restoreBestWeights()
    return try score(of: split.test)
  }

  private func loss(nonEdges: NodePairs, on graph: Graph, _ key: RandomKey) -> Variable {
    func reconstruction(_ z: Variable) -> Variable {
      reconstructionLoss(DotDecoder(), z, edges: split.train.positives, nonEdges: nonEdges)
    }
    switch encoder {
    case .plain(let model): return reconstruction(model(x, on: graph))
    case .variational(let model):
      let latent = model(x, on: graph)
      return reconstruction(latent.sample(key: key)) + latent.divergence / Variable(Double(graph.nodeCount))
    }
  }

  private func score(of stage: LinkSplit.Stage) throws -> Score {
    let z =
      switch encoder {
      case .plain(let model): model(x, on: stage.messages)
      case .variational(let model): model(x, on: stage.messages).mean
      }
    let scores = DotDecoder()(z, of: stage.pairs).value
    let labels = (0..<scores.count).map { $0 < stage.positives.count }
    return Score(
      area: try rocAUC(scores: scores, labels: labels), precision: try averagePrecision(scores: scores, labels: labels))
  }
}
