import Adjoint
import ArgumentParser
import ExampleSupport

/// Tells the subjects of papers from their words, their citations and a few labels.
@main struct NodeClassification: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node-classification",
    abstract: "Classifies the papers of a citation network, of which twenty in each class are labelled.",
    discussion: """
      The split is Planetoid's: 20 labelled papers in each class, 500 to choose by and 1000 to report on. After every step \
      the validation papers are looked at, and the weights that did best on them are tested, once. The data are read from \
      the folder that the environment variable ADJOINT_DATA names, or else from ../shared/data.
      """)

  enum DataSet: String, CaseIterable, ExpressibleByArgument { case cora, citeseer }

  @Option(help: "The citation network: cora or citeseer.")
  var dataSet = DataSet.cora

  @Option(help: "The network: gcn, gat, sage, sgc, or sage-max, a single layer of GraphSAGE that takes the maximum.")
  var model = Recipe.Name.gcn

  @Option(help: "The first random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of seeds.")
  var seeds = 10

  @Option(help: "The most training steps; the usual number for the network if left out.")
  var epochs: Int?

  func validate() throws {
    guard seeds >= 1 else { throw ValidationError("--seeds \(seeds) is below 1.") }
    if let epochs, epochs < 1 { throw ValidationError("--epochs \(epochs) is below 1.") }
  }

  func run() throws {
    let papers = try CitationGraph(folder: dataFolder(dataSet.rawValue))
    print("\(dataSet): \(papers.graph), \(papers.featurePattern.columnCount) words, \(papers.classCount) classes")
    var accuracies: [Double] = [], validations: [Double] = []
    for number in 0..<UInt64(seeds) {
      let trainer = Trainer(papers, model, key: RandomKey(seed: seed + number))
      let result = try trainer.train(epochs: epochs)
      accuracies.append(100 * result.test)
      validations.append(100 * result.validation)
      print(
        "seed \(seed + number): test accuracy \(accuracies[Int(number)].formatted(1)) %, validation",
        "\(validations[Int(number)].formatted(1)) %, from step \(result.bestStep) of \(result.steps)")
    }
    print("\(model.rawValue) on \(dataSet), \(seeds) seeds: validation accuracy \(Spread(validations)) %")
    print("\(model.rawValue) on \(dataSet), \(seeds) seeds: test accuracy \(Spread(accuracies)) %")
  }
}
