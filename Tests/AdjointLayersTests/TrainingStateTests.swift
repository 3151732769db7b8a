import AdjointLayers
import Testing

/// An optimizer as a user writes it.
private final class HeavyBall: Optimizer {
  var learningRate = 0.01
  var states = ParameterStates("velocity")

  func update(_ parameter: Parameter, with gradient: Tensor) {
    states.update(parameter, with: gradient) { state in
      state.tensors[0] = 0.9 * state.tensors[0] + gradient
      parameter.value = parameter.value - Tensor(floatLiteral: learningRate) * state.tensors[0]
    }
  }
}

@Suite struct `The state of a training run` {
  let parameters = [(path: "a", parameter: Parameter([1, 2])), (path: "b.c", parameter: Parameter(Tensor(3)))]

  @Test func `names what an optimizer remembers of the parameters that it has updated`() {
    let optimizer = HeavyBall()
    optimizer.update(parameters[0].parameter, with: [1, -1])
    optimizer.update(parameters[0].parameter, with: [1, -1])
    let state = optimizer.state(of: parameters)
    #expect(state.counters == ["a.updates": 2])
    #expect(state.tensors == ["a.velocity": [1.9, -1.9], "learningRate": Tensor(0.01, dtype: .float64)])
  }

  @Test func `has the shapes of the parameters, single numbers included`() {
    let optimizer = Adam()
    for (_, parameter) in parameters { optimizer.update(parameter, with: parameter.value) }
    let state = optimizer.state(of: parameters)
    #expect(state.tensors["a.firstMoment"]?.shape == [2] && state.tensors["b.c.secondMoment"]?.shape == [])
  }

  @Test func `is a value that later updates leave alone`() {
    let optimizer = Adam()
    optimizer.update(parameters[0].parameter, with: [1, 1])
    let state = optimizer.state(of: parameters)
    let moment = state.tensors["a.firstMoment"]?.scalars(as: Double.self)
    optimizer.update(parameters[0].parameter, with: [1, 1])
    #expect(state.tensors["a.firstMoment"]?.scalars(as: Double.self) == moment)
    #expect(optimizer.state(of: parameters).tensors["a.firstMoment"] != state.tensors["a.firstMoment"])
  }

  @Test func `that does not fit changes nothing and says why`() throws {
    let optimizer = Adam(learningRate: 0.5)
    optimizer.update(parameters[0].parameter, with: [1, 1])
    let good = optimizer.state(of: parameters)
    func expect(_ error: TrainingStateError, _ text: String, of change: (inout TrainingState) -> Void) {
      var state = good
      state.tensors["learningRate"] = Tensor(2, dtype: .float64)
      change(&state)
      #expect(throws: error) { try optimizer.restore(state, to: parameters) }
      #expect("\(error)" == text)
      #expect(optimizer.state(of: parameters) == good)
    }
    expect(.missing(name: "a.secondMoment"), "the state has no a.secondMoment") {
      $0.tensors["a.secondMoment"] = nil
    }
    expect(.missing(name: "learningRate"), "the state has no learningRate") { $0.tensors["learningRate"] = nil }
    expect(.unexpected(name: "z.updates"), "the state holds z.updates, which nothing here uses") {
      $0.counters["z.updates"] = 1
    }
    expect(
      .mismatch(name: "a.firstMoment", found: "float32 [3]", expected: "float32 [2]"),
      "a.firstMoment is float32 [3] in the state, but float32 [2] is needed"
    ) { $0.tensors["a.firstMoment"] = [1, 2, 3] }
    expect(
      .mismatch(name: "a.updates", found: "-1", expected: "a number from 1 on"),
      "a.updates is -1 in the state, but a number from 1 on is needed"
    ) { $0.counters["a.updates"] = -1 }
  }
}

@Suite struct `A random stream` {
  @Test func `gives the numbered streams of its key, one after another`() {
    let key = RandomKey(seed: 3)
    var keys = RandomStream(key)
    #expect((0..<3).map { _ in keys.next() } == (0..<3).map { key.stream($0) })
    #expect(keys.position == 3)
  }

  @Test func `goes on where it was when restored`() throws {
    var keys = RandomStream(RandomKey(seed: .max, stream: 1 << 63))
    for _ in 0..<5 { _ = keys.next() }
    let state = keys.state
    var again = RandomStream(RandomKey(seed: 1))
    try again.restore(state)
    #expect(again == keys && again.next() == keys.next())
    #expect(throws: TrainingStateError.missing(name: "position")) {
      try again.restore(TrainingState(counters: ["seed": 1, "stream": 2]))
    }
    #expect(again == keys)
  }
}
