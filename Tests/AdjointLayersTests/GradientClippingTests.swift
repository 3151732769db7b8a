import AdjointLayers
import Testing

@Suite struct `Clipping and accumulating gradients` {
  let a = Parameter([3.0, 0]), b = Parameter(Tensor(4.0)), unused = Parameter([1.0])

  /// Gradients [3, 0] and 4, of norm 5.
  func gradients() -> Gradients {
    valueWithGradients { (square(a.wrappedValue).sum() + square(b.wrappedValue)) * 0.5 }.gradients
  }

  @Test func `the norm is that of all gradients together`() {
    #expect(gradients().norm() == 5)
    #expect(Gradients(of: []).norm() == 0)
    #expect(gradients().parameters.map { ObjectIdentifier($0) } == [a, b].map { ObjectIdentifier($0) })
  }

  @Test func `the norm of single-precision numbers does not overflow`() {
    let norm = Gradients(of: [(a, [3e30, 0]), (b, Variable(Tensor(4e30)))]).norm()
    #expect(Swift.abs(norm / 5e30 - 1) < 1e-6)
    #expect(Gradients(of: [(b, Variable(Tensor(.infinity)))]).norm() == .infinity)
    #expect(Gradients(of: [(b, Variable(Tensor(.nan)))]).norm().isNaN)
  }

  @Test func `clipping to a norm keeps the direction and what is short enough`() {
    let clipped = gradients().clipped(toNorm: 2.5), scale = 2.5 / (5 + 1e-6)
    #expect(clipped[a].value == Tensor([3 * Double(Float(scale)), 0]))
    #expect(clipped.norm() <= 2.5)
    let kept = gradients().clipped(toNorm: 6)
    #expect(kept[a].value == [3, 0] && kept[b].value == 4)
    #expect(clipped.find(unused) == nil && clipped[unused].value == [0])
  }

  @Test func `NaN in one gradient makes all of them NaN, so that it is seen`() {
    let clipped = Gradients(of: [(a, [1, 2]), (b, Variable(Tensor(.nan)))]).clipped(toNorm: 1)
    #expect(clipped[a].scalars(as: Double.self).allSatisfy { $0.isNaN })
  }

  @Test func `clipping by value limits every element, and leaves NaN and variables`() {
    let clipped = Gradients(of: [(a, [-3, 0.5]), (b, Variable(Tensor(.nan)))]).clipped(to: -1...0.25)
    #expect(clipped[a].value == [-1, 0.25] && clipped[b].item().isNaN)
    let tape = Tape(), x = tape.variable(2)
    let found = tape.recording { square(x) * b.wrappedValue }.gradients().clipped(to: 0...1)
    #expect(found[x].item() == 16 && found[b].item() == 1)
  }

  @Test func `the norm has the same bits on any number of threads`() async {
    await #expect(processExitsWith: .success) {
      let big = Parameter(Tensor(normal: [100_003], key: RandomKey(seed: 1)))
      let gradients = Gradients(of: [(big, big.wrappedValue)])
      setThreadCount(1)
      let expected = gradients.norm()
      for threads in [2, 3, 7] {
        setThreadCount(threads)
        #expect(gradients.norm() == expected)
      }
    }
  }

  @Test func `accumulated gradients are sums and means, and stay what they are`() {
    var accumulator = GradientAccumulator()
    let first = gradients()
    accumulator.add(first)
    accumulator.add(valueWithGradients { a.wrappedValue.sum() }.gradients)
    #expect(accumulator.count == 2)
    #expect(accumulator.sum()[a].value == [4, 1] && accumulator.mean()[a].value == [2, 0.5])
    #expect(accumulator.mean()[b].value == 2 && accumulator.mean().find(unused) == nil)
    #expect(first[a].value == [3, 0])
    accumulator.reset()
    #expect(accumulator.count == 0 && accumulator.sum().parameters.isEmpty)
  }

  @Test func `a mean over equal parts is the gradient of the whole`() {
    withDefaultDType(.float64) {
      let model = Linear(3, 1, key: RandomKey(seed: 1))
      let x = Tensor(normal: [8, 3], key: RandomKey(seed: 2)), y = Tensor(normal: [8, 1], key: RandomKey(seed: 3))
      func gradients(_ rows: Range<Int>) -> Gradients {
        valueWithGradients { square(model(Variable(x.rows(rows))) - Variable(y.rows(rows))).mean() }.gradients
      }
      var accumulator = GradientAccumulator()
      for start in stride(from: 0, to: 8, by: 2) { accumulator.add(gradients(start..<start + 2)) }
      let whole = gradients(0..<8), parts = accumulator.mean()
      for (_, parameter) in model.parameters {
        #expect(abs(parts[parameter].value - whole[parameter].value).max().item() < 1e-12)
      }
    }
  }
}

@Suite struct `A moving average of weights` {
  @Test(arguments: DType.allCases) func `follows its formula`(_ dtype: DType) {
    withDefaultDType(dtype) {
      let model = Linear(2, 3, key: RandomKey(seed: 1))
      for warmsUp in [false, true] {
        var average = MovingAverage(of: model, decay: 0.9, warmsUp: warmsUp)
        var expected = model.weight.scalars(as: Double.self)
        for t in 1...20 {
          model.$weight.value = Tensor(normal: [2, 3], key: RandomKey(seed: 2).stream(t))
          average.update()
          let d = warmsUp ? min(0.9, Double(1 + t) / Double(10 + t)) : 0.9
          expected = zip(expected, model.weight.scalars(as: Double.self)).map { d * $0 + (1 - d) * $1 }
        }
        for (value, exact) in zip(average.values[0].scalars(as: Double.self), expected) {
          #expect(Swift.abs(value - exact) <= 20 * 4 * dtype.ulpOfOne)
        }
      }
    }
  }

  @Test func `is there for evaluation alone`() {
    let model = Linear(1, 1, bias: false, initializer: .ones, key: RandomKey(seed: 1))
    var average = MovingAverage(of: model, decay: 0.5)
    model.$weight.value = [[3]]
    average.update()
    #expect(average.applied { model([[1]]).value } == [[2]])
    #expect(model([[1]]).value == [[3]])
  }

  @Test func `goes on where it was when restored`() throws {
    let model = Linear(2, 2, key: RandomKey(seed: 1))
    var average = MovingAverage(of: model, decay: 0.9, warmsUp: true)
    model.$weight.value = Tensor(zeros: [2, 2])
    average.update()
    var again = MovingAverage(of: model, decay: 0.9, warmsUp: true)
    try again.restore(average.state)
    average.update()
    again.update()
    #expect(again.state == average.state && again.updates == 2)
    var wrong = average.state
    wrong.tensors["bias"] = [1]
    #expect(throws: TrainingStateError.self) { try again.restore(wrong) }
    #expect(again.state == average.state)
  }
}
