import Adjoint
import ArgumentParser
import Foundation

/// Learns to read handwritten digits.
@main struct DigitsExample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digits",
    abstract: "Trains a perceptron on images of handwritten digits, 8 × 8 pixels large.",
    discussion: "The images are read from digits/digits.csv in the folder that the environment variable ADJOINT_DATA "
      + "names, or else in ../shared/data.")

  @Option(
    help: "The random seed of the division into training and test images, the weights, and all that training draws.")
  var seed: UInt64 = 1

  @Option(help: "How often training goes through all images.")
  var epochs = 150

  @Option(help: "The number of images in a step.")
  var batchSize = 32

  @Flag(help: "Test on the last 360 images, which other people wrote than those of training.")
  var byWriter = false

  @Option(help: "The folder that digits-loss.svg and digits-confusion.svg are written to.")
  var plots = "."

  @Option(help: "A file that a line of comma-separated values is added to after every epoch.")
  var log: String?

  @Option(help: "A file that training is saved to after every epoch, and goes on from if it is there.")
  var checkpoint: String?

  func validate() throws {
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
    guard batchSize >= 1 else { throw ValidationError("--batch-size \(batchSize) is below 1.") }
  }

  func run() throws {
    let file = (ProcessInfo.processInfo.environment["ADJOINT_DATA"] ?? "../shared/data") + "/digits/digits.csv"
    guard FileManager.default.fileExists(atPath: file) else {
      throw ValidationError("There is no \(file). ADJOINT_DATA names the folder above digits/.")
    }
    try FileManager.default.createDirectory(atPath: plots, withIntermediateDirectories: true)
    let digits = try Digits(file: file), key = RandomKey(seed: seed)
    let order = byWriter ? Array(0..<digits.count) : key.stream(0).permutation(digits.count)
    let (training, test) = (Array(order.dropLast(360)), digits.batch(order.suffix(360)))

    let model = Classifier(key: key.stream(1))
    let optimizer = AdamW(learningRate: 2e-3, weightDecay: 0.01)
    var keys = RandomStream(key.stream(2))
    var (epoch, losses, errors): (Int, [Double], [Double]) = (0, [], [])
    let saved = checkpoint.map { file in
      Checkpoint(file) { parts in
        parts.include(model)
        parts.include(optimizer, of: model)
        parts.include("keys", &keys)
        parts.include("epoch", &epoch)
        parts.include("losses", &losses)
        parts.include("errors", &errors)
      }
    }
    if let saved, saved.exists {
      try saved.load()
      print("Going on after epoch \(epoch).")
    }
    let table = try log.map { try MetricLog($0, format: .csv) }

    if epoch < epochs {
      let steps = (training.count + batchSize - 1) / batchSize
      var progress = ProgressReporter(epochs: epochs, steps: steps, finished: epoch)
      while epoch < epochs {
        // A cosine from the full step size to none.
        optimizer.learningRate = 1e-3 * (1 + cos(.pi * Double(epoch) / Double(epochs)))
        let order = keys.next().permutation(training.count).map { training[$0] }
        var sum = 0.0
        for start in stride(from: 0, to: order.count, by: batchSize) {
          let rows = order[start..<Swift.min(order.count, start + batchSize)]
          let batch = digits.batch(rows, shiftedBy: keys.next()), key = keys.next()
          let (loss, gradients) = valueWithGradients {
            softmaxCrossEntropy(logits: model(batch.images, key: key), batch.labels)
          }
          optimizer.update(model, with: gradients)
          sum += loss.item() * Double(rows.count)
          progress.step(["loss": loss.item()])
        }
        losses.append(sum / Double(order.count))
        errors.append(softmaxCrossEntropy(logits: model(test.images), test.labels).item())
        epoch += 1
        let accuracy = accuracy(model.predictions(test.images), test.labels)
        progress.endEpoch(["loss": losses[epoch - 1], "test loss": errors[epoch - 1], "test accuracy": accuracy])
        try table?.append([
          "epoch": .integer(epoch), "loss": .number(losses[epoch - 1]), "test loss": .number(errors[epoch - 1]),
          "test accuracy": .number(accuracy),
        ])
        try saved?.save()
      }
    }
    try report(model.predictions(test.images), test.labels, losses, errors)
  }

  private func accuracy(_ predictions: IndexArray, _ labels: IndexArray) -> Double {
    Double(zip(predictions, labels).count { $0 == $1 }) / Double(labels.count)
  }

  /// Prints the accuracy and draws the curves and the confusion matrix.
  private func report(
    _ predictions: IndexArray, _ labels: IndexArray, _ losses: [Double], _ errors: [Double]
  ) throws {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 10)
    for (label, prediction) in zip(labels, predictions) { counts[label][prediction] += 1 }
    let right = (0..<10).reduce(0) { $0 + counts[$1][$1] }
    print("\(right) of \(labels.count) test images read rightly: \(Double(right * 1000 / labels.count) / 10) %")
    try LineChart(
      "Handwritten digits", x: "epoch", y: .logarithmic("cross-entropy"),
      series: [PlotSeries("training, with dropout and shifts", losses), PlotSeries("test", errors)]
    ).write(to: "\(plots)/digits-loss.svg")
    try ConfusionChart("\(right) of \(labels.count) test images read rightly", counts: counts)
      .write(to: "\(plots)/digits-confusion.svg", width: 620, height: 560)
    print("Plots: \(plots)/digits-loss.svg, \(plots)/digits-confusion.svg")
  }
}
