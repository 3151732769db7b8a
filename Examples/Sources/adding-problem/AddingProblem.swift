import Adjoint
import ArgumentParser
import Foundation

/// Adds two numbers that are far apart in a sequence: the task of Hochreiter & Schmidhuber (1997, experiment 4).
@main struct AddingProblem: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adding-problem",
    abstract: "Trains an LSTM and a plain RNN to add two marked numbers of a long sequence.",
    discussion: "Answering 1 every time has a mean squared error of 1/6 = 0.167. Solved means below 0.01.")

  @Option(help: "The random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of epochs, of 100 steps each.")
  var epochs = 25

  @Option(help: "The number of steps T of a sequence.")
  var steps = 50

  @Option(help: "The number of units.")
  var units = 64

  @Option(help: "The file that the curves are drawn to.")
  var svg = "adding-problem.svg"

  func validate() throws {
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
    guard steps >= 2 else { throw ValidationError("--steps \(steps) is below 2.") }
    guard units >= 1 else { throw ValidationError("--units \(units) is below 1.") }
  }

  func run() throws {
    let key = RandomKey(seed: seed)
    let plain = train("RNN", RNN(2, units, key: key.stream(0)), key.stream(1))
    let memory = train("LSTM", LSTM(2, units, key: key.stream(0)), key.stream(1))
    let chart = LineChart(
      "Adding two of \(steps) numbers", x: "epoch of 100 steps", y: .logarithmic("mean squared error"),
      series: [
        PlotSeries("RNN", plain), PlotSeries("LSTM", memory),
        PlotSeries("answering 1", x: [1, Double(epochs)], y: [1 / 6, 1 / 6]),
      ])
    try chart.write(to: svg)
    print("Curves: \(svg)")
    for (name, errors) in [("RNN", plain), ("LSTM", memory)] {
      let last = errors[errors.count - 1]
      print("\(name): \(last.formatted(4)), \(last < 0.01 ? "solved" : "not solved")")
    }
  }

  /// Trains a network and returns its error on new sequences after every epoch.
  private func train<Cell: RecurrentCell>(_ name: String, _ network: Recurrent<Cell>, _ key: RandomKey) -> [Double] {
    let model = Adder(network, units: units, key: key.stream(0))
    let optimizer = Adam(learningRate: 2e-3)
    let test = Task(steps: steps, batch: 500, key: key.stream(1))
    let norms = StepGradients(of: network.layers[0].forward, over: test.inputs) { $0.last.hidden.sum() }
    print(
      "\(name): \(model.parameterCount) parameters; a new one's gradient shrinks to \(String(format: "%.1e", norms.ratio))",
      "over \(steps) steps")
    return (1...epochs).map { epoch in
      for step in 0..<100 {
        let task = Task(steps: steps, batch: 64, key: key.stream(2).stream(epoch * 100 + step))
        let (_, gradients) = valueWithGradients { squaredErrorLoss(model(task.inputs), task.targets) }
        optimizer.update(model, with: gradients)
      }
      let error = squaredErrorLoss(model(test.inputs), test.targets).item()
      print("\(name), epoch \(epoch): mean squared error \(error.formatted(4))")
      return error
    }
  }
}

/// A recurrent network and a linear map of its last output.
private struct Adder<Cell: RecurrentCell>: Layer {
  let network: Recurrent<Cell>
  let output: Linear

  init(_ network: Recurrent<Cell>, units: Int, key: RandomKey) {
    self.network = network
    output = Linear(units, 1, key: key)
  }

  func callAsFunction(_ x: Variable) -> Variable { output(network(x).states[0].hidden) }
}

/// Sequences of pairs: a number in 0 ..< 1, and a mark that is 1 once in each half and 0 elsewhere. The target is the sum of the
/// two marked numbers.
private struct Task {
  let inputs, targets: Variable

  init(steps: Int, batch: Int, key: RandomKey) {
    let numbers = Tensor(uniform: [steps, batch], low: 0, high: 1, key: key.stream(0)).scalars(as: Float.self)
    let places = Tensor(uniform: [2, batch], low: 0, high: 1, key: key.stream(1)).scalars(as: Float.self)
    let half = steps / 2
    var pairs = [Float](repeating: 0, count: steps * batch * 2)
    for position in numbers.indices { pairs[2 * position] = numbers[position] }
    let sums = (0..<batch).map { row -> Float in
      let first = Int(places[row] * Float(half)), second = half + Int(places[batch + row] * Float(steps - half))
      return [min(first, half - 1), min(second, steps - 1)].reduce(0) { sum, time in
        pairs[2 * (time * batch + row) + 1] = 1
        return sum + numbers[time * batch + row]
      }
    }
    inputs = Variable(Tensor(pairs, shape: [steps, batch, 2]))
    targets = Variable(Tensor(sums, shape: [batch, 1]))
  }
}

extension Double {
  /// The number with the given digits after the point.
  fileprivate func formatted(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
