import AdjointLayers
import Testing

@Suite struct `Parameter groups` {
  let parameters = ["layers.0.weight", "layers.0.bias", "head.weight"].map {
    (path: $0, parameter: Parameter([1.0, 1]))
  }

  func gradients() -> Gradients { Gradients(of: parameters.map { ($0.parameter, [1, 1]) }) }

  @Test func `give each parameter to the first pattern that fits its path`() {
    let optimizer = ParameterGroups([
      ("*.bias", SGD(learningRate: 0.5)), ("head.*", SGD(learningRate: 0.25)), ("*", SGD(learningRate: 0)),
    ])
    optimizer.update(parameters, with: gradients())
    #expect(parameters.map(\.parameter.value) == [[1, 1], [0.5, 0.5], [0.75, 0.75]])
  }

  @Test(arguments: [
    ("*", "", true), ("*", "a.b", true), ("a*c", "abc", true), ("a*c", "ac", true), ("a*c", "acb", false),
    ("*a*b", "xaxab", true), ("*a*b", "xbxa", false), ("a", "a", true), ("a", "ab", false), ("", "", true),
    ("**", "x", true), ("*.0.*", "layers.0.weight", true), ("*.0.*", "layers.10.weight", false),
  ])
  func `match stars with any text`(_ pattern: String, _ path: String, _ fits: Bool) {
    let parameter = (path: path, parameter: Parameter([1.0]))
    let optimizer = ParameterGroups([(pattern, SGD(learningRate: 1)), ("*", SGD(learningRate: 0))])
    optimizer.update([parameter], with: Gradients(of: [(parameter.parameter, [1])]))
    #expect((parameter.parameter.value == [0]) == fits)
  }

  @Test func `keep the ratios of their learning rates`() {
    let (first, second) = (SGD(learningRate: 0.5), SGD(learningRate: 0.05))
    let optimizer = ParameterGroups([("*.bias", first), ("*", second)])
    for rate in [0.1, 0, 0.5] {
      optimizer.learningRate = rate
      #expect(first.learningRate == rate && second.learningRate == 0.05 * (rate / 0.5))
    }
    #expect(second.learningRate == 0.05)
  }

  @Test func `save and restore every group`() throws {
    func make() -> ParameterGroups {
      ParameterGroups([("*.bias", Adam(learningRate: 0.1)), ("*", SGD(learningRate: 0.2, momentum: 0.9))])
    }
    let optimizer = make()
    optimizer.update(parameters, with: gradients())
    optimizer.learningRate = 0.3
    let state = optimizer.state(of: parameters)
    #expect(
      state.counters.keys.sorted() == ["0.layers.0.bias.updates", "1.head.weight.updates", "1.layers.0.weight.updates"])
    let again = make()
    try again.restore(state, to: parameters)
    #expect(again.state(of: parameters) == state)

    var wrong = state
    wrong.tensors["1.head.weight.momentum"] = [1]
    wrong.tensors["learningRate"] = Tensor(7, dtype: .float64)
    #expect(throws: TrainingStateError.self) { try again.restore(wrong, to: parameters) }
    #expect(again.state(of: parameters) == state)
    wrong = state
    wrong.tensors["2.head"] = [1]
    #expect(throws: TrainingStateError.unexpected(name: "2.head")) { try again.restore(wrong, to: parameters) }
    #expect(again.state(of: parameters) == state)
  }
}
