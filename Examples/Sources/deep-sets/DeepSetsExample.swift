import Adjoint
import ArgumentParser
import Foundation

/// Shows by numbers which functions of a set do not depend on the order of its elements, then learns the sum of a set.
@main struct DeepSetsExample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deep-sets",
    abstract: "Functions of sets: an example by hand, then a network that learns to add up the elements of a set.")

  @Option(help: "The random seed of the sets and of the initial weights.")
  var seed: UInt64 = 0

  @Option(help: "The number of training steps, each on 64 new sets of 1 to 10 numbers.")
  var epochs = 600

  @Option(help: "The file that the curve of the loss is written to.")
  var svg = "deep-sets.svg"

  func validate() throws {
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
  }

  func run() throws {
    showOrder()
    let learner = SumLearner(key: RandomKey(seed: seed))
    print("\nLearning the sum of 1 to 10 numbers between −1 and 1, with φ of 1 → 32 → 32 and ρ of 32 → 1 units:")
    var losses: [Double] = []
    for epoch in 1...epochs {
      losses.append(learner.step(epoch))
      if epoch == 1 || epoch % Swift.max(1, epochs / 10) == 0 {
        print("Step \(epoch) of \(epochs): loss \(String(format: "%.1e", losses[epoch - 1]))")
      }
    }
    for (size, note) in [(5, ""), (10, ""), (20, ", twice as many as ever seen")] {
      print("Mean error on sets of \(size)\(note): \(String(format: "%.4f", learner.error(setsOf: size)))")
    }
    let set = Tensor(uniform: [6, 1], low: -1, high: 1, key: RandomKey(seed: seed).stream(3))
    print("The network: \(checkInvariance(of: { learner.model($0) }, at: set))")
    let chart = LineChart(
      "Learning the sum of a set", x: "step", y: .logarithmic("mean squared error"),
      series: [PlotSeries("training", losses)])
    try chart.write(to: svg)
    print("Curve: \(svg)")
  }

  /// Two inputs under two maps of their own, and under one that both share.
  private func showOrder() {
    let x: Tensor = [[3, 4], [6, 7]], exchanged = x.gatherRows([1, 0])
    func distinct(_ x: Variable) -> Variable { (x * [[1, 2], [3, 4]]).sum() }
    func shared(_ x: Variable) -> Variable { matmul(x, [[3], [4]]) }
    func whole(_ x: Variable) -> Int { Int(x.item()) }
    print("x₁ = (3, 4), x₂ = (6, 7)")
    print("Weights of their own, ψ₁ = (1, 2) · x₁ and ψ₂ = (3, 4) · x₂:")
    print("  sum \(whole(distinct(Variable(x)))), with the inputs exchanged \(whole(distinct(Variable(exchanged))))")
    print("  \(checkInvariance(of: distinct, at: x))")
    print("Shared weights, ψ = (3, 4) · x:")
    print(
      "  sum \(whole(shared(Variable(x)).sum())), with the inputs exchanged "
        + "\(whole(shared(Variable(exchanged)).sum()))")
    print("  the sum: \(checkInvariance(of: { shared($0).sum() }, at: x))")
    print("  each ψ: \(checkEquivariance(of: shared, at: x))")
  }
}

/// A network of sets that learns to add up numbers.
struct SumLearner {
  let model: DeepSets
  private let optimizer = Adam(learningRate: 1e-3)
  private let key: RandomKey

  init(key: RandomKey) {
    // A linear ρ adds up what φ says of each number, so that larger sets than those of the training make sense to it.
    model = DeepSets(phi: MLP([1, 32, 32], key: key.stream(0)), rho: Linear(32, 1, key: key.stream(1)))
    self.key = key
  }

  /// Makes a step on new sets and returns the loss before it.
  func step(_ number: Int) -> Double {
    let draws = key.stream(2).stream(number)
    let sizes = draws.stream(0).bits(count: 64).map { Int($0 % 10) + 1 }
    let batch = sets(of: sizes, draws.stream(1))
    let (loss, gradients) = valueWithGradients { squaredErrorLoss(model(batch), SetAggregation.sum(batch)) }
    optimizer.update(model, with: gradients)
    return loss.item()
  }

  /// The mean absolute error on sets that were not trained on.
  func error(setsOf size: Int) -> Double {
    let batch = sets(of: [Int](repeating: size, count: 200), key.stream(4).stream(size))
    return absoluteErrorLoss(model(batch), SetAggregation.sum(batch)).item()
  }

  private func sets(of sizes: [Int], _ key: RandomKey) -> SetBatch {
    let elements = Tensor(uniform: [sizes.reduce(0, +), 1], low: -1, high: 1, key: key)
    return SetBatch(Variable(elements), sizes: sizes)
  }
}
