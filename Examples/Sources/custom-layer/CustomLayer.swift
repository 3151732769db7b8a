import Adjoint
import AntisymmetricConv
import ArgumentParser
import ExampleSupport

/// Shows that a layer defined outside of Adjoint is as good as its own: fused, differentiable, checked, and trained in depth.
@main struct CustomLayer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "custom-layer",
    abstract: "Checks a layer of fifteen lines from a package of its own, and trains a deep network of it.",
    discussion: """
      The layer is in AntisymmetricConv, its test in AntisymmetricConvTests. The network predicts from two members alone \
      which side every member of a karate club took, through so many layers that most others would have made all nodes alike.
      """)

  @Option(help: "The first random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of seeds.")
  var seeds = 10

  @Option(help: "The number of training steps.")
  var epochs = 100

  @Option(help: "The number of layers.")
  var layers = 16

  func validate() throws {
    for (name, value) in [("--seeds", seeds), ("--epochs", epochs), ("--layers", layers)] where value < 1 {
      throw ValidationError("\(name) \(value) is below 1.")
    }
  }

  func run() throws {
    try check()
    let accuracies = (0..<UInt64(seeds)).map { number in
      let (accuracy, similarity) = train(key: RandomKey(seed: seed + number))
      print(
        "seed \(seed + number): \(accuracy.formatted(1)) % right, mean cosine between nodes \(similarity.formatted(2))")
      return accuracy
    }
    print("\(layers) layers on the karate club, \(seeds) seeds: accuracy \(Spread(accuracies)) %")
  }

  /// What a test of the layer checks, in words.
  private func check() throws {
    let graph = Graph.ring(5), key = RandomKey(seed: seed)
    let layer = withDefaultDType(.float64) { AntisymmetricConv(3, key: key) }
    let x = Tensor(normal: [graph.nodeCount, 3], key: key.stream(0), dtype: .float64)
    print("Its message: \(layer.message(Variable(x), on: graph).explain(.sum, on: graph))")
    for order in [1, 2] {
      let report = checkGradients(for: layer.parameters, order: order) { layer(Variable(x), on: graph) }
      print("\(report)")
      if !report.passes { throw ExitCode.failure }
    }
    let report = checkEquivariance(of: { layer($0, on: $1) }, on: graph, features: x)
    print("\(report)\n")
    if !report.passes { throw ExitCode.failure }
  }

  /// Trains a network on the instructor and the administrator.
  ///
  /// - Returns: The part of the members that are predicted rightly, in percent, and how alike the rows of the last layer are.
  private func train(key: RandomKey) -> (accuracy: Double, similarity: Double) {
    let graph = KarateClub.graph, x = Variable(Tensor.eye(graph.nodeCount))
    let model = DeepNetwork(graph.nodeCount, hidden: 16, classes: 2, layers: layers, key: key)
    let optimizer = Adam(learningRate: 0.01)
    for _ in 0..<epochs {
      let gradients = valueWithGradients {
        softmaxCrossEntropy(logits: model(x, on: graph).gatherRows([0, 33]), [0, 1])
      }.gradients
      optimizer.update(model, with: gradients)
    }
    let right = zip(model(x, on: graph).value.argmax(along: 1), KarateClub.labels).count { $0 == $1 }
    let h = model.hidden(x, on: graph), unit = h / h.norm(along: 1, keepingAxes: true)
    return (100 * Double(right) / Double(graph.nodeCount), matmul(unit, unit, transposingRight: true).mean().item())
  }
}

/// A linear map, many steps of the layer, and a linear map.
struct DeepNetwork: Layer {
  let input: Linear
  let convolutions: [AntisymmetricConv]
  let output: Linear

  init(_ inputs: Int, hidden: Int, classes: Int, layers: Int, key: RandomKey) {
    input = Linear(inputs, hidden, key: key.stream(0))
    convolutions = (0..<layers).map { AntisymmetricConv(hidden, key: key.stream(1).stream($0)) }
    output = Linear(hidden, classes, key: key.stream(2))
  }

  func hidden(_ x: Variable, on graph: Graph) -> Variable { convolutions.reduce(input(x)) { $1($0, on: graph) } }

  func callAsFunction(_ x: Variable, on graph: Graph) -> Variable { output(hidden(x, on: graph)) }
}
