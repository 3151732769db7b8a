import AdjointLayers
import Testing

/// Gradient descent, its variants and when it stops, as lectures show them.
@Suite struct `Descent` {
  private func parameter(_ value: Double) -> Parameter { Parameter(Tensor(value, dtype: .float64)) }

  /// Where some steps on a function of one number lead.
  private func path(
    from start: Double, with optimizer: any Optimizer, steps: Int, _ f: (Variable) -> Variable
  ) -> [Double] {
    let x = parameter(start)
    return (0..<steps).map { _ in
      minimize([("x", x)], with: optimizer, steps: 1) { f(x.wrappedValue) }
      return x.value.item()
    }
  }

  // 001-08
  @Test func `minimising returns the loss before every update`() {
    let x = parameter(1)
    let history = minimize([("x", x)], with: SGD(learningRate: 0.25), steps: 3) { square(x.wrappedValue) }
    #expect(history == [1, 0.25, 0.0625] && x.value.item() == 0.125)
    #expect(minimize([("x", x)], with: SGD(learningRate: 1), steps: 0) { square(x.wrappedValue) } == [])
  }

  // 001-15, 002-37
  @Test func `a step of gradient descent is Θ − η ∇L, with a rate that may change and an end where the gradient is 0`()
  {
    let x = Parameter(Tensor([3, -2], dtype: .float64))
    func loss() -> Variable { (square(x.wrappedValue) * Variable(Tensor([0.5, 1], dtype: .float64))).sum() }
    minimize([("x", x)], with: SGD(learningRate: 0.25), steps: 1, loss)
    #expect(x.value == Tensor([3 - 0.25 * 3, -2 + 0.25 * 4], dtype: .float64))
    let optimizer = SGD(learningRate: 9)
    minimize([("x", x)], with: optimizer, steps: 2, schedule: .step(1, every: 1, factor: 0.5), loss)
    // A rate of 1: [2.25, −1] − [2.25, −2]; then of ½: [0, 1] − ½ [0, 2], the minimum.
    #expect(x.value == Tensor([0, 0], dtype: .float64) && optimizer.learningRate == 0.5)
    let history = minimize([("x", x)], with: optimizer, steps: 100, stoppingAtGradient: 0, loss)
    #expect(history == [0])
  }

  // 001-15
  @Test func `early stopping waits as long as it should and restores the best weights`() throws {
    let model = Linear(1, 1, bias: false, key: RandomKey(seed: 1))
    var stopping = EarlyStopping(model, patience: 3)
    #expect(stopping.best == nil)
    stopping.restoreBestWeights()
    let losses = [5, 3, 4, 2, 2, .nan, 3]
    var stops: [Bool] = []
    for (epoch, loss) in losses.enumerated() {
      // Updated in place, which must not change the weights that are kept.
      SGD(learningRate: 1).update(model.$weight, with: model.weight.value - Tensor(floatLiteral: Double(epoch)))
      #expect(model.weight.value == [[.init(floatLiteral: Double(epoch))]])
      stops.append(stopping.shouldStop(after: loss))
    }
    #expect(stops == [false, false, false, false, false, false, true])
    stopping.restoreBestWeights()
    #expect(model.weight.value == [[3]] && stopping.best == 2)

    var again = EarlyStopping(model, patience: 3)
    let state = stopping.state
    model.$weight.value = [[100]]
    try again.restore(state)
    again.restoreBestWeights()
    #expect(model.weight.value == [[3]] && again.shouldStop(after: 2) && again.best == 2)
    #expect(throws: TrainingStateError.missing(name: "weights.weight")) {
      var wrong = state
      wrong.tensors["weights.weight"] = nil
      try again.restore(wrong)
    }
    try again.restore(EarlyStopping(model, patience: 3).state)
    #expect(again.best == nil)
  }

  @Test func `early stopping may watch what should grow`() {
    var stopping = EarlyStopping(Linear(1, 1, key: RandomKey(seed: 1)), patience: 2, minimumChange: 0.1, goal: .largest)
    #expect([0.5, 0.55, 0.7, 0.75, 0.75].map { stopping.shouldStop(after: $0) } == [false, false, false, false, true])
    #expect(stopping.best == 0.7)
  }

  // 001-17, 002-40
  @Test(arguments: [32, 64, 128])
  func `the mean of the gradients of all minibatches is the full gradient`(_ batchSize: Int) {
    withDefaultDType(.float64) {
      let model = MLP([3, 4, 2], activation: { tanh($0) }, key: RandomKey(seed: 1))
      let x = Tensor(normal: [256, 3], key: RandomKey(seed: 2))
      let labels = IndexArray(RandomKey(seed: 3).bits(count: 256).map { Int($0 % 2) })
      func gradients(_ x: Tensor, _ labels: IndexArray) -> Gradients {
        valueWithGradients { softmaxCrossEntropy(logits: model(Variable(x)), labels) }.gradients
      }
      var accumulator = GradientAccumulator()
      let loader = DataLoader(x, labels, batchSize: batchSize, key: RandomKey(seed: 4))
      for (x, labels) in loader { accumulator.add(gradients(x, labels)) }
      #expect(accumulator.count == 256 / batchSize && loader.epoch == 1)
      let (whole, mean) = (gradients(x, labels), accumulator.mean())
      for (path, parameter) in model.parameters {
        #expect(abs(mean[parameter].value - whole[parameter].value).max().item() < 1e-12, "\(path)")
      }
    }
  }

  // 001-18. The numbers come from the papers' formulas in a few lines of Python, with the defaults of these optimizers.
  @Test func `three steps on x² from 1`() {
    let expected: [(any Optimizer, [Double])] = [
      (Adam(learningRate: 0.1), [0.9000000005, 0.8004122286917927, 0.70158627294603]),
      (Adagrad(learningRate: 0.1), [0.900000000005, 0.8331035268450359, 0.7804561813568098]),
      (Adadelta(), [0.9968377262926713, 0.9935981740783056, 0.990309045658058]),
      (RMSprop(learningRate: 0.01), [0.9000000049999998, 0.8329179679700331, 0.7799822732436351]),
    ]
    for (optimizer, numbers) in expected {
      let found = path(from: 1, with: optimizer, steps: 3) { square($0) }
      for (x, y) in zip(found, numbers) { #expect(Swift.abs(x - y) < 1e-14, "\(optimizer): \(found)") }
    }
  }

  // 002-38
  @Test func `a small step against the sign of the slope goes down`() {
    func f(_ x: Double) -> Double { x * x * x * x - 3 * x * x + x }
    func slope(_ place: Double) -> Double {
      let x = Parameter(Tensor(place, dtype: .float64))
      func f(_ x: Variable) -> Variable { square(square(x)) - 3 * square(x) + x }
      return valueWithGradients { f(x.wrappedValue) }.gradients[x].item()
    }
    for start in stride(from: -2.0, through: 2, by: 0.3) {
      let sign = slope(start) > 0 ? 1.0 : -1.0
      #expect(f(start - 1e-3 * sign) < f(start), "from \(start)")
    }
  }

  // 002-39
  @Test func `the step size decides between convergence, oscillation and divergence`() {
    func last(_ rate: Double, _ steps: Int) -> Double {
      path(from: 1, with: SGD(learningRate: rate), steps: steps) { square($0) }.last ?? 0
    }
    #expect(Swift.abs(last(0.1, 10) - 0.107374) < 5e-7)
    #expect((1...4).map { last(1, $0) } == [-1, 1, -1, 1])
    #expect(Swift.abs(last(1.1, 10) - 6.19174) < 5e-6)
  }

  // 002-39
  @Test func `where the function is not convex, the start decides which minimum is found`() {
    // (x² − 1)² has the minima ±1.
    func end(_ start: Double) -> Double {
      path(from: start, with: SGD(learningRate: 0.05), steps: 200) { square(square($0) - 1) }.last ?? 0
    }
    #expect(Swift.abs(end(0.3) - 1) < 1e-9 && Swift.abs(end(-0.3) + 1) < 1e-9 && end(0) == 0)
  }

  // 002-04
  @Test func `fitting goes through the examples epoch by epoch, with or without targets`() {
    withDefaultDType(.float64) {
      let x = Tensor(normal: [40, 2], key: RandomKey(seed: 1))
      let y = x.slice(0..<1, along: 1) * 2 - x.slice(1..<2, along: 1)
      let model = Linear(2, 1, key: RandomKey(seed: 2))
      let loader = DataLoader(x, y, batchSize: 16, key: RandomKey(seed: 3))
      let history = fit(
        model, to: loader, with: SGD(learningRate: 1), epochs: 30, schedule: .exponential(0.3, factor: 0.95)
      ) { x, y in square(model(Variable(x)) - Variable(y)).mean() }
      #expect(history.count == 30 && history[29] < 1e-6 && history[29] < history[0])
      #expect(abs(model.weight.value - Tensor([2, -1], shape: [2, 1])).max().item() < 1e-3)

      struct Centre: Layer { @Parameter var place: Variable }
      let centre = Centre(place: Parameter(Tensor(zeros: [2])))
      fit(centre, to: DataLoader(x, batchSize: 40), with: SGD(learningRate: 0.5), epochs: 1) {
        square(Variable($0) - centre.place).sum(along: 1).mean()
      }
      #expect(abs(centre.place.value - x.sum(along: [0]) / 40).max().item() < 1e-12)
      #expect(
        fit(centre, to: DataLoader(Tensor(zeros: [0, 2]), batchSize: 1), with: Adam(), epochs: 2) { Variable($0) } == [
          0, 0,
        ])
    }
  }
}
