import Adjoint
import ArgumentParser
import ExampleSupport

/// Compares whole networks by how far apart their embeddings are.
@main struct NetworkSimilarity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network-similarity",
    abstract: "Embeds networks of several kinds and sizes, and finds for each the one that is most alike.",
    discussion: """
      Two graph convolutions with random weights look at the degrees of nodes and their neighbours; the mean over a network's nodes \
      is its embedding, whatever its size. The distance between embeddings is small for networks of one kind, although nothing was \
      trained and no node of one network is known to belong to one of another.
      """)

  @Option(help: "The number of networks of each kind.")
  var count = 12

  @Option(help: "The first random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of seeds.")
  var seeds = 5

  @Option(help: "The file that the picture of the first seed is written to.")
  var svg = "networks.svg"

  func validate() throws {
    guard count >= 2 else { throw ValidationError("--count \(count) is below 2.") }
    guard seeds >= 1 else { throw ValidationError("--seeds \(seeds) is below 1.") }
  }

  func run() throws {
    var shares: [Double] = []
    for number in 0..<UInt64(seeds) {
      let key = RandomKey(seed: seed + number)
      let networks = Kind.allCases.flatMap { kind in
        (0..<count).map { kind.network(nodes: 40 + 20 * $0, key: key.stream(kind.number).stream($0)) }
      }
      let kinds = IndexArray(Kind.allCases.flatMap { repeatElement($0.number, count: count) })
      let embeddings = embed(networks, key: key.stream(9))
      // An edge for each network, from the one that is nearest.
      let nearest = Graph(nearest: 1, among: embeddings)
      shares.append(100 * nearest.homophily(kinds))
      print("seed \(seed + number): the nearest network is of the same kind for \(shares[Int(number)].formatted(1)) %")
      if number == 0 {
        report(distances(embeddings), kinds)
        try draw(embeddings, kinds)
      }
    }
    print("\(seeds) seeds: the nearest network is of the same kind for \(Spread(shares)) %")
    print("Picture: \(svg)")
  }

  /// The mean embedding of each network's nodes, every feature with mean 0 and deviation 1 over the networks.
  private func embed(_ networks: [Graph], key: RandomKey) -> Tensor {
    let batch = GraphBatch(networks), model = GraphSAGE([1, 32, 32], dropout: 0, key: key)
    let degrees = log1p(Variable(NodeFeatures.degree(batch.graph)))
    let pooled = batch.readout(tanh(model(degrees, on: batch.graph)), by: .mean)
    return ((pooled - pooled.mean(along: 0)) / max(pooled.standardDeviation(along: 0), 1e-6)).value
  }

  /// ‖a − b‖₂ for any two rows.
  private func distances(_ rows: Tensor) -> Tensor {
    let x = Variable(rows), count = rows.shape[0]
    return (x.reshaped(to: [count, 1, rows.shape[1]]) - x).norm(along: 2).value
  }

  /// Prints the mean distance between networks of any two kinds.
  private func report(_ distances: Tensor, _ kinds: IndexArray) {
    print("mean distance between networks of two kinds:")
    for a in Kind.allCases {
      let row = Kind.allCases.map { b in
        let pairs = kinds.indices.filter { kinds[$0] == a.number }.flatMap { i in
          kinds.indices.filter { kinds[$0] == b.number && $0 != i }.map { distances[i, $0] }
        }
        return (pairs.reduce(0, +) / Double(pairs.count)).formatted(2)
      }
      print("  \(a.rawValue): \(row.joined(separator: "  "))")
    }
  }

  private func draw(_ embeddings: Tensor, _ kinds: IndexArray) throws {
    let view = PrincipalAxes(of: embeddings)
    try ScatterPlot(
      "\(kinds.count) networks by their pooled embeddings",
      x: PlotAxis("first axis, \((100 * view.shares[0]).formatted(0)) % of the variance"),
      y: PlotAxis("second axis, \((100 * view.shares[1]).formatted(0)) %"), points: view.coordinates,
      classes: kinds, names: Kind.allCases.map(\.rawValue)
    ).write(to: svg)
  }
}
