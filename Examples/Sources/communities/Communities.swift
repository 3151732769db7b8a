import Adjoint
import ArgumentParser
import ExampleSupport

/// Finds the communities of a graph from walks on it, without a single label.
@main struct Communities: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "communities",
    abstract: "Embeds the nodes of a graph by random walks, clusters the embeddings and draws them.",
    discussion: """
      Nodes that walks visit together get embeddings with a large inner product (node2vec; with --p 1 --q 1, DeepWalk). k-means \
      finds the communities, which are compared with the true ones and judged by modularity. The picture shows the embeddings \
      of the first seed along their two principal axes.
      """)

  enum GraphName: String, CaseIterable, ExpressibleByArgument { case blocks, karate }

  @Option(name: .customLong("graph"), help: "The graph: blocks, drawn from a model with five communities, or karate.")
  var graphName = GraphName.blocks

  @Option(help: "How unlikely a walk is to go back.")
  var p = 1.0

  @Option(help: "How unlikely a walk is to go further away.")
  var q = 0.5

  @Option(help: "The first random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of seeds.")
  var seeds = 10

  @Option(help: "The number of training steps, each on new walks from every node.")
  var epochs = 100

  @Option(help: "The file that the picture is written to.")
  var svg = "communities.svg"

  func validate() throws {
    guard seeds >= 1 else { throw ValidationError("--seeds \(seeds) is below 1.") }
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
    guard p > 0, q > 0 else { throw ValidationError("--p \(p) and --q \(q) have to be above 0.") }
  }

  func run() throws {
    var agreements: [Double] = [], modularities: [Double] = []
    for number in 0..<UInt64(seeds) {
      let key = RandomKey(seed: seed + number), (graph, truth) = network(key.stream(0))
      let count = (truth.max() ?? 0) + 1
      let embedding = WalkEmbedding(graph, width: 16, p: p, q: q, key: key.stream(1)).train(steps: epochs)
      let clusters = KMeans(embedding, clusters: count, key: key.stream(2)).assignments
      let agreement = ClusterAgreement(clusters: clusters, classes: truth).normalizedMutualInformation
      agreements.append(agreement)
      modularities.append(graph.modularity(of: clusters))
      print(
        "seed \(seed + number): mutual information with the truth \(agreement.formatted(3)), modularity",
        "\(modularities[Int(number)].formatted(3)) (of the truth: \(graph.modularity(of: truth).formatted(3)))")
      if number == 0 {
        let view = PrincipalAxes(of: embedding)
        try ScatterPlot(
          "\(graph.nodeCount) nodes, embedded by walks (NMI \(agreement.formatted(2)))",
          x: PlotAxis("first axis, \((100 * view.shares[0]).formatted(0)) % of the variance"),
          y: PlotAxis("second axis, \((100 * view.shares[1]).formatted(0)) %"), points: view.coordinates,
          classes: truth,
          names: (0..<count).map { "community \($0)" }
        ).write(to: svg)
      }
    }
    print("\(graphName), \(seeds) seeds: normalised mutual information \(Spread(agreements))")
    print("\(graphName), \(seeds) seeds: modularity \(Spread(modularities))")
    print("Picture: \(svg)")
  }

  /// The graph, and the community of every node.
  private func network(_ key: RandomKey) -> (graph: Graph, truth: IndexArray) {
    if graphName == .karate { return (KarateClub.graph, KarateClub.labels) }
    let probabilities = (0..<5).map { a in (0..<5).map { b in a == b ? 0.15 : 0.015 } }
    let drawn = Graph.stochasticBlockModel(sizes: [60, 60, 50, 40, 30], probabilities: probabilities, key: key)
    return (drawn.graph, drawn.labels)
  }
}
