import AdjointLayers
import Testing

/// An optimizer, and what its paper does to one number: a function of the number, the gradient and the step from 1.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable () -> any Optimizer
  let naive: @Sendable () -> (Double, Double, Int) -> Double

  static func sgd(
    _ name: String, momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false, weightDecay: Double = 0
  ) -> OptimizerCase {
    OptimizerCase(
      testDescription: name,
      make: {
        SGD(learningRate: 0.1, momentum: momentum, dampening: dampening, nesterov: nesterov, weightDecay: weightDecay)
      },
      naive: {
        var m = 0.0
        return { p, gradient, step in
          let g = gradient + weightDecay * p
          m = step == 1 ? g : momentum * m + (1 - dampening) * g
          return p - 0.1 * (momentum == 0 ? g : nesterov ? g + momentum * m : m)
        }
      })
  }

  static func adam(_ name: String, weightDecay: Double = 0, decoupled: Bool = false) -> OptimizerCase {
    OptimizerCase(
      testDescription: name,
      make: {
        decoupled
          ? AdamW(learningRate: 0.05, beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: weightDecay)
          : Adam(learningRate: 0.05, beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: weightDecay) as any Optimizer
      },
      naive: {
        var (m, v, power1, power2) = (0.0, 0.0, 1.0, 1.0)
        return { p, gradient, _ in
          let p = decoupled ? p - 0.05 * weightDecay * p : p, g = decoupled ? gradient : gradient + weightDecay * p
          (m, v) = (0.8 * m + 0.2 * g, 0.9 * v + 0.1 * g * g)
          (power1, power2) = (power1 * 0.8, power2 * 0.9)
          return p - 0.05 * (m / (1 - power1)) / ((v / (1 - power2)).squareRoot() + 1e-6)
        }
      })
  }

  static let all: [OptimizerCase] =
    [
      sgd("SGD"), sgd("SGD with decay", weightDecay: 0.3), sgd("SGD with momentum", momentum: 0.9),
      sgd("SGD with dampening", momentum: 0.9, dampening: 0.4), sgd("Nesterov", momentum: 0.9, nesterov: true),
      sgd("Nesterov with decay", momentum: 0.9, nesterov: true, weightDecay: 0.3), adam("Adam"),
      adam("Adam with decay", weightDecay: 0.3), adam("AdamW", weightDecay: 0.3, decoupled: true),
      adam("AdamW without decay", decoupled: true),
    ] + adaptive
}

@Suite struct `An optimizer` {
  /// Gradients of the size of one, with signs and zeros, the same for every run.
  static func gradient(_ shape: Shape, _ step: Int, _ dtype: DType) -> Tensor {
    let x = Tensor(normal: shape, key: RandomKey(seed: 2).stream(step), dtype: dtype)
    return step % 5 == 0 ? x * 0 : x
  }

  @Test(arguments: OptimizerCase.all, DType.allCases)
  func `does what its paper says for 20 steps, to parameters of any shape`(_ optimizer: OptimizerCase, _ dtype: DType) {
    let shapes: [Shape] = [[], [1], [5], [7, 13], [0]]
    let parameters = shapes.map { Parameter(Tensor(normal: $0, key: RandomKey(seed: 1), dtype: dtype)) }
    let subject = optimizer.make()
    var expected = parameters.map { $0.value.scalars(as: Double.self) }
    let naive = expected.map { $0.map { _ in optimizer.naive() } }
    for step in 1...20 {
      for (i, parameter) in parameters.enumerated() {
        let gradient = Self.gradient(shapes[i], step, dtype)
        subject.update(parameter, with: gradient)
        for (j, g) in gradient.scalars(as: Double.self).enumerated() {
          expected[i][j] = naive[i][j](expected[i][j], g, step)
        }
      }
    }
    for (parameter, numbers) in zip(parameters, expected) {
      #expect(parameter.value.dtype == dtype)
      let errors = zip(parameter.value.scalars(as: Double.self), numbers).map { Swift.abs($0 - $1) }
      // Twenty steps of a few roundings each, of numbers below 4.
      #expect(errors.allSatisfy { $0 <= 20 * 4 * 4 * dtype.ulpOfOne }, "\(parameter.value.shape): \(errors)")
    }
  }

  @Test func `leaves alone what the loss does not depend on, and the other's state`() {
    let (a, b) = (Parameter([1.0, 2]), Parameter([3.0]))
    let optimizer = Adam(learningRate: 0.1, weightDecay: 1)
    let parameters = [(path: "a", parameter: a), (path: "b", parameter: b)]
    for _ in 0..<3 {
      optimizer.update(parameters, with: valueWithGradients { a.wrappedValue.sum() }.gradients)
    }
    #expect(b.value == [3] && a.value != [1, 2])
  }

  @Test func `changes no tensor that a parameter's value was copied from or to`() {
    let start: Tensor = [1, 2, 3]
    let parameter = Parameter(start)
    let optimizer = SGD(learningRate: 1)
    optimizer.update(parameter, with: [1, 1, 1])
    let kept = parameter.value
    optimizer.update(parameter, with: [1, 1, 1])
    optimizer.update(parameter, with: parameter.value)
    #expect(start == [1, 2, 3] && kept == [0, 1, 2] && parameter.value == [0, 0, 0])
  }

  @Test func `follows a change of its step size`() {
    let parameter = Parameter(Tensor(0, dtype: .float64))
    let optimizer = SGD(learningRate: 1)
    for rate in [1, 0.5, 0] {
      optimizer.learningRate = rate
      optimizer.update(parameter, with: Tensor(1, dtype: .float64))
    }
    #expect(parameter.value.item() == -1.5)
  }

  @Test(arguments: OptimizerCase.all) func `goes down a bowl`(_ optimizer: OptimizerCase) {
    let w = Parameter(Tensor([3, -2], dtype: .float64)), subject = optimizer.make()
    func loss() -> Variable { square(w.wrappedValue - Variable(Tensor([1, 1], dtype: .float64))).sum() }
    let start = loss().item()
    minimize([("w", w)], with: subject, steps: 300, loss)
    // Decay keeps some away from the minimum, and Adagrad and Adadelta are slow.
    #expect(loss().item() < start / 2)
  }

  @Test(arguments: OptimizerCase.all)
  func `goes on bit for bit when its state is put into a new one`(_ optimizer: OptimizerCase) throws {
    let shapes: [Shape] = [[3, 5], [], [7]]
    func make() -> [(path: String, parameter: Parameter)] {
      shapes.enumerated().map { ("p\($0)", Parameter(Tensor(normal: $1, key: RandomKey(seed: 1)))) }
    }
    func train(_ subject: any Optimizer, _ parameters: [(path: String, parameter: Parameter)], _ steps: Range<Int>) {
      for step in steps {
        subject.learningRate *= 0.99
        // The last one joins later, so that counters differ.
        for (_, parameter) in parameters.dropLast(step < 4 ? 1 : 0) {
          subject.update(parameter, with: Self.gradient(parameter.value.shape, step, .float32))
        }
      }
    }
    let (whole, first, second) = (optimizer.make(), optimizer.make(), optimizer.make())
    let (all, before, after) = (make(), make(), make())
    train(whole, all, 1..<20)
    train(first, before, 1..<8)
    for (old, new) in zip(before, after) { new.parameter.value = old.parameter.value }
    try second.restore(first.state(of: before), to: after)
    #expect(second.state(of: after) == first.state(of: before))
    train(second, after, 8..<20)
    for (one, other) in zip(all, after) { #expect(one.parameter.value.isIdentical(to: other.parameter.value)) }
    #expect(whole.state(of: all) == second.state(of: after))
  }

  @Test func `has the same bits on any number of threads`() async {
    await #expect(processExitsWith: .success) {
      let start = Tensor(normal: [70_000], key: RandomKey(seed: 1))
      let gradient = Tensor(normal: [70_000], key: RandomKey(seed: 2))
      func updated(_ optimizer: OptimizerCase, threads: Int) -> Tensor {
        setThreadCount(threads)
        let (parameter, subject) = (Parameter(start), optimizer.make())
        subject.update(parameter, with: gradient)
        return parameter.value
      }
      for optimizer in OptimizerCase.all where !optimizer.testDescription.contains("decay") {
        let expected = updated(optimizer, threads: 1)
        for threads in [2, 3, 7] {
          #expect(updated(optimizer, threads: threads).isIdentical(to: expected), "\(optimizer), \(threads)")
        }
      }
    }
  }

  @Test(arguments: DType.allCases)
  func `takes a variance that rounding made negative for 0`(_ dtype: DType) {
    let parameter = Parameter(Tensor(repeating: 0, shape: [3], dtype: dtype))
    let optimizer = RMSprop(learningRate: 1e-9, alpha: 0.5, centred: true)
    // The running variance of a constant gradient goes to 0 from above and below.
    for _ in 0..<200 { optimizer.update(parameter, with: Tensor([0.1, -0.7, 1.3], dtype: dtype)) }
    #expect(parameter.value.scalars(as: Double.self).allSatisfy { $0.isFinite })
  }

  @Test func `decays decoupled weights apart from the moments, coupled ones through them`() {
    // Without a gradient, decoupled decay shrinks a weight by η λ; coupled decay makes Adam take a whole step.
    let (coupled, decoupled) = (Parameter(Tensor(2, dtype: .float64)), Parameter(Tensor(2, dtype: .float64)))
    Adam(learningRate: 0.1, weightDecay: 0.5).update(coupled, with: Tensor(0, dtype: .float64))
    AdamW(learningRate: 0.1, weightDecay: 0.5).update(decoupled, with: Tensor(0, dtype: .float64))
    #expect(Swift.abs(coupled.value.item() - 1.9) < 1e-7)
    #expect(decoupled.value.item() == 2 * (1 - 0.1 * 0.5))
  }
}

@Suite struct `Updates of rows` {
  @Test(arguments: OptimizerCase.all)
  func `are those of a parameter made of these rows, and leave the others alone`(_ optimizer: OptimizerCase) {
    let start = Tensor(normal: [6, 3], key: RandomKey(seed: 1)), rows: IndexArray = [4, 0, 1]
    let (table, part) = (Parameter(start), Parameter(start.gatherRows(rows)))
    let (subject, expected) = (optimizer.make(), optimizer.make())
    for step in 1..<8 {
      let gradient = Tensor(normal: [3, 3], key: RandomKey(seed: 2).stream(step))
      subject.update(table, rows: rows, with: gradient)
      expected.update(part, with: gradient)
    }
    #expect(table.value.gatherRows(rows).isIdentical(to: part.value))
    #expect(table.value.gatherRows([2, 3, 5]).isIdentical(to: start.gatherRows([2, 3, 5])))
    #expect(start != table.value)
    #expect(subject.states[table]?.updates == 7)
    subject.update(table, rows: [], with: Tensor(zeros: [0, 3]))
    #expect(subject.states[table]?.updates == 7)
  }

  @Test func `remember each row by itself`() {
    let table = Parameter(Tensor(zeros: [2, 1], dtype: .float64))
    let optimizer = SGD(learningRate: 1, momentum: 0.5)
    let one = Tensor(ones: [1, 1], dtype: .float64)
    optimizer.update(table, rows: [0], with: one)
    optimizer.update(table, rows: [1], with: one)
    optimizer.update(table, rows: [0], with: one)
    // Row 0: m = 1, then 0.5 + 1. Row 1 starts from a momentum of 0 at the table's second update.
    #expect(table.value == Tensor([-2.5, -1], shape: [2, 1], dtype: .float64))
  }
}
