import Adjoint
import ArgumentParser
import Foundation

/// Predicts from two members alone which side every member of a karate club took, and draws the result.
@main struct KarateClubExample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "karate-club",
    abstract: "Trains a graph convolutional network on Zachary's karate club, of whose 34 members two are labelled.")

  @Option(help: "The random seed of the run that is shown and drawn.")
  var seed: UInt64 = 0

  @Option(help: "The number of training steps.")
  var epochs = 200

  @Option(help: "The file that the drawing is written to.")
  var svg = "karate.svg"

  @Option(help: "The number of seeds, from 0 on, that the accuracy is averaged over at the end; 0 leaves that out.")
  var seeds = 20

  func validate() throws {
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
    guard seeds == 0 || seeds >= 2 else { throw ValidationError("--seeds \(seeds): one seed has no deviation.") }
  }

  func run() throws {
    let experiment = Experiment()
    let progress = Progress(epochs: epochs)
    let predictions = experiment.train(seed: seed, epochs: epochs) { progress.show(epoch: $0, loss: $1, right: $2) }
    let drawing = Drawing(
      graph: experiment.graph, labels: experiment.labels, predictions: predictions, labelled: experiment.labelled,
      subtitle: "\(experiment.right(predictions)) of \(experiment.graph.nodeCount) predicted rightly after "
        + "\(epochs) steps, seed \(seed)")
    try drawing.svg().write(toFile: svg, atomically: true, encoding: .utf8)
    print("Drawing: \(svg)")

    if seeds == 0 { return }
    let accuracies = (0..<seeds).map { seed in
      100 * experiment.accuracy(experiment.train(seed: UInt64(seed), epochs: epochs))
    }
    let mean = accuracies.reduce(0, +) / Double(seeds)
    let variance = accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seeds - 1)
    print(
      "Accuracy over \(seeds) seeds: \(mean.formatted(1)) ± \(variance.squareRoot().formatted(1)) %,",
      "lowest \((accuracies.min() ?? 0).formatted(1)) %")
  }
}
