import Adjoint
import BenchmarkData
import Foundation

/// Training steps of whole models.
let models = [
  Case(name: "gcn_cora") { stopwatch in
    let cora = try loadCora(stopwatch.options)
    let x = cora.features.rowNormalized()
    let trainer = CoraTrainer(cora, x, seed: 0)
    stopwatch.measure(
      "gcn_cora",
      extra: { _ in [("nodes", .integer(cora.graph.nodeCount)), ("edges", .integer(cora.graph.edgeCount))] }
    ) { trainer.step() }
  },

  Case(name: "gcn_cora_accuracy") { stopwatch in
    let cora = try loadCora(stopwatch.options)
    let x = cora.features.rowNormalized()
    let epochs = 200
    var accuracies: [Double] = []
    let duration = ContinuousClock().measure {
      for seed in 0..<stopwatch.options.seeds {
        let trainer = CoraTrainer(cora, x, seed: seed)
        for _ in 0..<epochs { _ = trainer.step() }
        accuracies.append(trainer.testAccuracy() * 100)
      }
    }
    let mean = accuracies.reduce(0, +) / Double(accuracies.count)
    let variance = accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(accuracies.count - 1)
    printLine(
      stopwatch.identity("gcn_cora_accuracy", "default") + [
        ("seeds", .integer(accuracies.count)), ("epochs", .integer(epochs)), ("test_accuracy_mean", .rounded(mean)),
        ("test_accuracy_std", .rounded(variance.squareRoot())),
        ("seconds_\(accuracies.count * epochs)_epochs", .rounded(duration.seconds)),
      ])
  },

  Case(name: "gcn_arxiv") { stopwatch in
    let graph = ArxivGraph.make()
    let x = Variable(features(13, [ArxivGraph.nodeCount, 128]))
    let labels = IndexArray(integers(14, ArxivGraph.nodeCount, below: 40))
    let model = DeepGCN([128, 256, 256, 40])
    let optimizer = Adam(learningRate: 0.01)
    stopwatch.measure(
      "gcn_arxiv", warmUp: 2,
      extra: { _ in [("nodes", .integer(graph.nodeCount)), ("edges", .integer(graph.edgeCount))] }
    ) {
      let (loss, gradients) = valueWithGradients { softmaxCrossEntropy(logits: model(x, on: graph), labels) }
      optimizer.update(model, with: gradients)
      return loss.item()
    }
  },
]

/// Graph convolutions with a rectifier between them, with the initial weights of the recipe.
private struct DeepGCN: Layer {
  let layers: [GCNConv]

  init(_ widths: [Int]) {
    layers = zip(widths, widths.dropFirst()).enumerated().map { position, pair in
      let layer = GCNConv(pair.0, pair.1, key: RandomKey(seed: 0))
      layer.$weight.value = weight(2 * position, pair.0, pair.1)
      layer.$bias.value = bias(2 * position + 1, pair.0, pair.1)
      return layer
    }
  }

  func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    layers[layers.count - 1](layers.dropLast().reduce(x) { h, layer in layer.rectified(h, on: graph) }, on: graph)
  }
}

/// Trains the network of Kipf & Welling (2017) on Cora with their settings.
private final class CoraTrainer {
  private let graph: Graph, x: SparseMatrix
  private let train, trainLabels, test, labels: IndexArray
  private let model: GCN
  // Only the first layer's parameters decay.
  private let hiddenOptimizer = Adam(learningRate: 0.01, weightDecay: 5e-4)
  private let outputOptimizer = Adam(learningRate: 0.01)
  private let key: RandomKey
  private var stepsDone = 0

  init(_ cora: CitationGraph, _ x: SparseMatrix, seed: Int) {
    (graph, self.x) = (cora.graph, x)
    (train, test, labels) = (cora.train, cora.test, cora.labels)
    trainLabels = IndexArray(train.map { cora.labels[$0] })
    key = RandomKey(seed: UInt64(seed))
    model = GCN(x.shape[1], hidden: 16, classes: cora.classCount, dropout: 0.5, key: key.stream(0))
  }

  /// Makes one step on all training nodes and returns the loss before it.
  func step() -> Double {
    stepsDone += 1
    let (loss, gradients) = valueWithGradients {
      softmaxCrossEntropy(logits: model(x, on: graph, key: key.stream(stepsDone)).gatherRows(train), trainLabels)
    }
    hiddenOptimizer.update(model.hidden, with: gradients)
    outputOptimizer.update(model.output, with: gradients)
    return loss.item()
  }

  /// The part of the test nodes that are classified rightly.
  func testAccuracy() -> Double {
    let predictions = model(x, on: graph).value.argmax(along: 1)
    return Double(test.count { predictions[$0] == labels[$0] }) / Double(test.count)
  }
}

func loadCora(_ options: Options) throws -> CitationGraph {
  try CitationGraph(folder: "\(dataFolder(options, holding: "cora"))/cora")
}

/// The folder of the data: the one given, or the first usual one that holds `name`.
func dataFolder(_ options: Options, holding name: String) -> String {
  let given = options.data ?? ProcessInfo.processInfo.environment["ADJOINT_DATA"]
  let candidates = given.map { [$0] } ?? ["../shared/data", "../../shared/data"]
  return candidates.first { FileManager.default.fileExists(atPath: "\($0)/\(name)") } ?? candidates[0]
}
