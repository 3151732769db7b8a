import Adjoint
import ArgumentParser
import ExampleSupport

/// Finds phones in a hall by the loudness of its access points.
@main struct IndoorPosition: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "indoor-position",
    abstract: "Tells where phones are from the access points that they hear: a regression for each graph.",
    discussion: """
      Access points stand in a hall of 20 m by 20 m, and each phone's graph consists of those that it hears, with their places and \
      how loud they are. Phones are drawn for training and for testing; the error is the distance between where a phone is and \
      where it seems to be. It is compared with the place of the loudest access point, and with the middle of all that are heard.
      """)

  @Option(help: "The first random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of seeds; each draws a hall of its own.")
  var seeds = 5

  @Option(help: "How often training goes through the phones.")
  var epochs = 60

  @Option(help: "The number of phones to train on; half as many are tested on.")
  var phones = 400

  func validate() throws {
    guard seeds >= 1 else { throw ValidationError("--seeds \(seeds) is below 1.") }
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
    guard phones >= 2 else { throw ValidationError("--phones \(phones) is below 2.") }
  }

  func run() throws {
    var learnt: [Double] = [], loudest: [Double] = [], middle: [Double] = []
    for number in 0..<UInt64(seeds) {
      let key = RandomKey(seed: seed + number)
      let graphs = SyntheticTasks.indoorPositions(count: phones + phones / 2, key: key.stream(0))
      let model = PositionNet(hidden: 32, key: key.stream(1))
      model.train(on: Array(graphs.prefix(phones)), epochs: epochs, key: key.stream(2))
      let test = GraphBatch(Array(graphs.suffix(phones / 2)))
      learnt.append(error(model(test), test))
      loudest.append(error(loudestPlace(test), test))
      middle.append(error(test.readout(places(test), by: .mean), test))
      print("seed \(seed + number): error \(learnt[Int(number)].formatted(2)) m")
    }
    print("loudest access point, \(seeds) seeds: error \(Spread(loudest)) m")
    print("middle of those heard, \(seeds) seeds: error \(Spread(middle)) m")
    print("graph network, \(seeds) seeds: error \(Spread(learnt)) m")
  }

  /// The mean distance of the guesses from the truth, in metres.
  private func error(_ guesses: Variable, _ graphs: GraphBatch) -> Double {
    10 * (guesses - Variable(graphs.global.values("y"))).norm(along: 1).mean().item()
  }

  /// Where the access points are.
  private func places(_ graphs: GraphBatch) -> Variable { Variable(graphs.nodes.values("x")).slice(0..<2, along: 1) }

  /// The place of the access point that is heard best.
  private func loudestPlace(_ graphs: GraphBatch) -> Variable {
    let loudness = Variable(graphs.nodes.values("x")).slice(2..<3, along: 1)
    // A softmax as sharp as this one chooses.
    let choice = (1000 * loudness).segmentSoftmax(over: graphs.graphOfNode, count: graphs.count)
    return graphs.readout(choice * places(graphs), by: .sum)
  }
}
