import AdjointLayers
import Testing

@Suite struct `Tools on a model` {
  private let model = MLP([4, 8, 3], key: RandomKey(seed: 1))
  private let x = Variable(Tensor(normal: [16, 4], key: RandomKey(seed: 2)))
  private let labels = IndexArray((0..<16).map { $0 % 3 })

  /// The loss on a tape that stays.
  private func recorded() -> (tape: Tape, loss: Variable) {
    _ = model.parameters
    let tape = Tape()
    return (tape, tape.recording { softmaxCrossEntropy(logits: model(x), labels) }.named("loss"))
  }

  @Test func `name parameters by their paths in every picture and report`() {
    let (tape, loss) = recorded()
    let gradients = loss.gradients()
    let paths = ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"]
    for text in [
      tape.description, tape.svg(with: gradients), tape.dot(with: gradients), tape.trace(with: gradients),
    ] {
      #expect(paths.allSatisfy { text.contains($0) })
    }
    #expect(tape.memory.parameters.map(\.bytes) == [128, 96, 32, 12])
    #expect(tape.memory.parameters.map(\.name) == [paths[0], paths[2], paths[1], paths[3]])
  }

  @Test func `name the parameter in an anomaly`() {
    model.layers[0].$weight.value = Tensor(repeating: .infinity, shape: [4, 8])
    _ = model.parameters
    let anomaly = #expect(throws: Anomaly.self) {
      try withAnomalyDetection { _ = valueWithGradients { softmaxCrossEntropy(logits: model(x), labels) } }
    }
    #expect(anomaly?.operation == "rectifiedLinear")
    #expect(anomaly?.inputs.map(\.label) == ["input 0", "input 1 (layers.0.weight)", "input 2 (layers.0.bias)"])
    #expect(anomaly?.inputs.map(\.infinityCount) == [0, 32, 0])
  }

  @Test func `recompute a layer in a checkpoint with the same gradients`() {
    let plain = valueWithGradients { softmaxCrossEntropy(logits: model(x), labels) }
    let recomputed = valueWithGradients {
      softmaxCrossEntropy(
        logits: checkpoint(x) { model.layers[1](checkpoint($0) { model.layers[0].rectified($0) }) }, labels)
    }
    #expect(plain.value.value.isIdentical(to: recomputed.value.value))
    for (_, parameter) in model.parameters {
      #expect(plain.gradients[parameter].value.isIdentical(to: recomputed.gradients[parameter].value))
    }
  }
}
