import Adjoint
import ArgumentParser
import Foundation

/// Learns the exclusive or of two bits, which no straight line divides, with one hidden layer.
@main struct XorExample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xor", abstract: "Trains a perceptron with one hidden layer on the exclusive or of two bits.")

  @Option(help: "The random seed of the initial weights.")
  var seed: UInt64 = 1

  @Option(help: "The number of training steps.")
  var epochs = 300

  @Option(help: "The number of hidden units.")
  var hidden = 8

  @Option(help: "The folder that xor-loss.svg and xor-plane.svg are written to.")
  var plots = "."

  func validate() throws {
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
    guard hidden >= 1 else { throw ValidationError("--hidden \(hidden) is below 1.") }
  }

  func run() throws {
    try FileManager.default.createDirectory(atPath: plots, withIntermediateDirectories: true)
    let inputs: Variable = [[0, 0], [0, 1], [1, 0], [1, 1]], targets: Variable = [[0], [1], [1], [0]]
    let model = MLP([2, hidden, 1], activation: { tanh($0) }, key: RandomKey(seed: seed))
    let optimizer = Adam(learningRate: 0.05)
    var losses: [Double] = []
    for _ in 0..<epochs {
      let (loss, gradients) = valueWithGradients { binaryCrossEntropy(logits: model(inputs), targets) }
      optimizer.update(model, with: gradients)
      losses.append(loss.item())
    }

    let probabilities = sigmoid(model(inputs)).value.scalars(as: Double.self)
    print("a  b  a xor b  predicted")
    for (row, probability) in probabilities.enumerated() {
      let (a, b) = (row / 2, row % 2)
      print("\(a)  \(b)     \(a ^ b)     \(Double(Int((probability * 1000).rounded())) / 1000)")
    }
    let isLearnt = probabilities.enumerated().allSatisfy { ($1 > 0.5) == ($0 == 1 || $0 == 2) }
    print(isLearnt ? "Learnt." : "Not learnt: a larger number of --epochs or another --seed may help.")

    try LineChart(
      "Learning the exclusive or", x: "step", y: .logarithmic("cross-entropy"), series: [PlotSeries("", losses)]
    ).write(to: "\(plots)/xor-loss.svg")
    try plane(of: model).write(to: "\(plots)/xor-plane.svg", width: 560, height: 560)
    print("Plots: \(plots)/xor-loss.svg, \(plots)/xor-plane.svg")
  }

  /// What the network says everywhere around the four points.
  private func plane(of model: MLP) -> ScatterPlot {
    let side = 60
    let points = Tensor(
      (0..<side * side).flatMap { index in
        [index % side, index / side].map { -0.25 + 1.5 * Double($0) / Double(side - 1) }
      }, shape: [side * side, 2])
    let outputs = model(Variable(points)).value.scalars(as: Double.self)
    let classes = IndexArray(outputs.map { $0 > 0 ? 1 : 0 })
    var plot = ScatterPlot(
      "What the network says", x: "a", y: "b", points: points, classes: classes, names: ["says 0", "says 1"])
    // Each of the four as a ring, which stands out.
    let ring = (0..<24).map { 2 * Double.pi * Double($0) / 24 }
    let corners = [(0.0, 0.0), (0, 1), (1, 0), (1, 1)]
    plot.groups.append(
      PlotSeries(
        "the four points", x: corners.flatMap { corner in ring.map { corner.0 + 0.04 * cos($0) } },
        y: corners.flatMap { corner in ring.map { corner.1 + 0.04 * sin($0) } }))
    return plot
  }
}
