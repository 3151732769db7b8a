import Adjoint
import ArgumentParser
import ExampleSupport

/// Classifies molecules and proteins as whole graphs.
@main struct GraphClassification: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph-classification",
    abstract: "Cross-validates a graph isomorphism network on a collection of molecules or proteins.",
    discussion: """
      Ten folds are given with the data. The default protocol is that of the paper (Xu et al. 2019, section 7): train on nine \
      folds, test on the tenth after every epoch, average the ten curves and report the best epoch of that average, with the \
      deviation over the folds. The epoch is thus chosen on the folds that are reported on, which flatters every method that \
      is judged so. With --protocol held-out each fold is tested once, with the weights of the epoch that did best on the next \
      fold, which is then not trained on. The data are read from the folder that the environment variable ADJOINT_DATA names, \
      or else from ../shared/data.
      """)

  enum DataSet: String, CaseIterable, ExpressibleByArgument { case mutag, proteins, enzymes, nci1 }

  enum Evaluation: String, CaseIterable, ExpressibleByArgument {
    case paper
    case heldOut = "held-out"
  }

  @Option(help: "The collection: mutag, proteins, enzymes or nci1.")
  var dataSet = DataSet.mutag

  @Option(name: .customLong("protocol"), help: "How an epoch is chosen: paper or held-out.")
  var evaluation = Evaluation.paper

  @Option(help: "The first random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of seeds; each goes through all ten folds.")
  var seeds = 1

  @Option(help: "How often training goes through the graphs of a fold.")
  var epochs = 100

  @Option(help: "The width of a layer.")
  var hidden = 32

  @Option(help: "The probability that training drops a logit.")
  var dropout = 0.5

  @Option(help: "The number of graphs that make a step.")
  var batchSize = 32

  func validate() throws {
    guard seeds >= 1 else { throw ValidationError("--seeds \(seeds) is below 1.") }
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
    guard hidden >= 1 else { throw ValidationError("--hidden \(hidden) is below 1.") }
    guard dropout >= 0, dropout < 1 else { throw ValidationError("--dropout \(dropout) is outside 0 ..< 1.") }
    guard batchSize >= 1 else { throw ValidationError("--batch-size \(batchSize) is below 1.") }
  }

  func run() throws {
    let collection = try LabelledGraphs(folder: dataFolder(dataSet.rawValue), name: dataSet.rawValue.uppercased())
    print(
      "\(dataSet): \(collection.graphs.count) graphs, \(collection.features) features, \(collection.classCount) classes"
    )
    let settings = FoldTrainer.Settings(hidden: hidden, dropout: dropout, batchSize: batchSize)
    var means: [Double] = [], ofFolds: [Double] = []
    for number in 0..<UInt64(seeds) {
      let key = RandomKey(seed: seed + number)
      let histories = (0..<collection.folds.count).map { fold in
        FoldTrainer(
          collection, collection.folds.split(testing: fold, hasValidation: evaluation == .heldOut),
          settings, key: key.stream(fold)
        ).train(epochs: epochs)
      }
      let (accuracies, note) =
        evaluation == .paper ? bestEpoch(histories) : (histories.map(\.chosen), "each tested once")
      print("seed \(seed + number): test accuracy \(Spread(accuracies)) % over the folds, \(note)")
      means.append(Spread(accuracies).mean)
      ofFolds += accuracies
    }
    let name = "GIN on \(dataSet), protocol \(evaluation.rawValue), \(collection.folds.count) folds, seeds: \(seeds)"
    print("\(name): test accuracy \(Spread(ofFolds)) % (deviation of a fold)")
    if seeds > 1 { print("\(name): test accuracy \(Spread(means)) % (deviation of a seed)") }
  }

  /// The accuracies of the folds after the epoch that is best on average.
  private func bestEpoch(_ histories: [FoldTrainer.History]) -> (accuracies: [Double], note: String) {
    let means = (0..<epochs).map { epoch in Spread(histories.map { $0.test[epoch] }).mean }
    let best = means.indices.max { means[$0] < means[$1] } ?? 0
    return (histories.map { $0.test[best] }, "all after epoch \(best + 1)")
  }
}
