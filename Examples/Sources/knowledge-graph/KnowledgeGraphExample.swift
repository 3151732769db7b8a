import Adjoint
import ArgumentParser
import ExampleSupport

/// Completes an atlas that leaves out on which continent some countries lie.
@main struct KnowledgeGraphExample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "knowledge-graph",
    abstract: "Finds facts that a knowledge graph leaves out, by embeddings of its entities.",
    discussion: """
      A drawn atlas says which countries lie in which region, which region on which continent, and which countries border on each \
      other. For a quarter of the countries the continent is left out. A model learns the facts by a cross-entropy over all \
      entities, and then ranks the hidden ones: for each, all entities in place of its target, and in place of its source, \
      without those that make another true fact.
      """)

  @Option(help: "What scores facts: transe, distmult, complex, or rgcn, relational convolutions before DistMult.")
  var model = EntityModel.Name.transE

  @Option(help: "The first random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of seeds; each draws an atlas of its own.")
  var seeds = 10

  @Option(help: "The number of training steps.")
  var epochs = 100

  func validate() throws {
    guard seeds >= 1 else { throw ValidationError("--seeds \(seeds) is below 1.") }
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
  }

  func run() throws {
    var reciprocal: [Double] = [], first: [Double] = [], third: [Double] = []
    for number in 0..<UInt64(seeds) {
      let key = RandomKey(seed: seed + number)
      let (known, hidden) = SyntheticTasks.countries(key: key.stream(0))
      if number == 0 {
        print("\(known.entityCount) entities, \(known.count) facts known, \(hidden.count) hidden in the first atlas")
      }
      let entities = EntityModel(model, known, width: 16, key: key.stream(1))
      let before = entities.ranks(of: hidden, known: known).meanReciprocalRank
      entities.train(on: known, steps: epochs)
      let ranks = entities.ranks(of: hidden, known: known)
      reciprocal.append(ranks.meanReciprocalRank)
      first.append(100 * ranks.hits(at: 1))
      third.append(100 * ranks.hits(at: 3))
      print(
        "seed \(seed + number): mean reciprocal rank \(before.formatted(3)) before training,",
        "\(ranks.meanReciprocalRank.formatted(3)) after")
    }
    let name = "\(model.rawValue), \(seeds) seeds, filtered"
    print("\(name): mean reciprocal rank \(Spread(reciprocal))")
    print("\(name): hits at 1 \(Spread(first)) %, at 3 \(Spread(third)) %")
  }
}
