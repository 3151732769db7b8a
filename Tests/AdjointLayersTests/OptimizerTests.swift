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

  static let all = [
    sgd("SGD"), sgd("SGD with decay", weightDecay: 0.3), sgd("SGD with momentum", momentum: 0.9),
    sgd("SGD with dampening", momentum: 0.9, dampening: 0.4), sgd("Nesterov", momentum: 0.9, nesterov: true),
    sgd("Nesterov with decay", momentum: 0.9, nesterov: true, weightDecay: 0.3), adam("Adam"),
    adam("Adam with decay", weightDecay: 0.3), adam("AdamW", weightDecay: 0.3, decoupled: true),
    adam("AdamW without decay", decoupled: true),
  ]
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
      for (value, exact) in zip(parameter.value.scalars(as: Double.self), numbers) {
        // Twenty steps of a few roundings each, of numbers below 4.
        #expect(Swift.abs(value - exact) <= 20 * 4 * 4 * dtype.ulpOfOne, "\(parameter.value.shape)")
      }
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

  @Test func `finds the minimum of a bowl`() {
    for make in OptimizerCase.all.filter({ !$0.testDescription.contains("decay") || $0.testDescription.contains("out") }
    ) {
      let w = Parameter(Tensor([3, -2], dtype: .float64))
      let optimizer = make.make()
      for _ in 0..<300 {
        let gradients = valueWithGradients { square(w.wrappedValue - Variable(Tensor([1, 1], dtype: .float64))).sum() }
          .gradients
        optimizer.update(w, with: gradients[w].value)
      }
      #expect(abs(w.value - 1).max().item() < 0.01, "\(make.testDescription): \(w.value)")
    }
  }
}
