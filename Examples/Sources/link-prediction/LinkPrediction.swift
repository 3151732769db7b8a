import Adjoint
import ArgumentParser
import ExampleSupport

/// Predicts citations that were hidden, from the words of papers and the citations that were not.
@main struct LinkPrediction: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link-prediction",
    abstract: "Trains a graph autoencoder on a citation network of which some citations are hidden.",
    discussion: """
      Every seed draws a split of its own: 85 % of the citations to send messages along and to train on, 5 % to choose the \
      weights by, 10 % to report on, the latter two with as many pairs without a citation. A verifier that shares no code with \
      the split checks that nothing of what is asked can be seen. The data are read from the folder that the environment \
      variable ADJOINT_DATA names, or else from ../shared/data.
      """)

  enum DataSet: String, CaseIterable, ExpressibleByArgument { case cora, citeseer }

  @Option(help: "The citation network: cora or citeseer.")
  var dataSet = DataSet.cora

  @Flag(help: "Embed every paper as a normal distribution, as the variational graph autoencoder does.")
  var variational = false

  @Option(help: "The first random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of seeds.")
  var seeds = 10

  @Option(help: "The number of training steps.")
  var epochs = 200

  func validate() throws {
    guard seeds >= 1 else { throw ValidationError("--seeds \(seeds) is below 1.") }
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
  }

  func run() throws {
    // As in the paper, words are 0 or 1: rows of sum 1 would make the first embeddings, and with them the steps, much smaller.
    let papers = try CitationGraph(folder: dataFolder(dataSet.rawValue)), x = papers.features
    print("\(dataSet): \(papers.graph), \(x.shape[1]) words")
    var areas: [Double] = [], precisions: [Double] = []
    for number in 0..<UInt64(seeds) {
      let key = RandomKey(seed: seed + number)
      let split = try LinkSplit(papers.graph, validation: 0.05, test: 0.1, key: key.stream(0))
      try verify(split, of: papers.graph)
      let autoencoder = Autoencoder(x, split, isVariational: variational, key: key.stream(1))
      let score = try autoencoder.train(epochs: epochs)
      areas.append(100 * score.area)
      precisions.append(100 * score.precision)
      print(
        "seed \(seed + number): no leak; test AUC \(areas[Int(number)].formatted(1)) %, average precision",
        "\(precisions[Int(number)].formatted(1)) %")
    }
    let name = variational ? "Variational graph autoencoder" : "Graph autoencoder"
    print("\(name) on \(dataSet), \(seeds) seeds: test AUC \(Spread(areas)) %")
    print("\(name) on \(dataSet), \(seeds) seeds: average precision \(Spread(precisions)) %")
  }
}
