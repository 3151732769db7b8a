import AdjointLayers
import Testing

/// Trains a perceptron and gives back its parameters.
private func train(steps: Int, threads: Int, rows: Int = 300) -> [Tensor] {
  setThreadCount(threads)
  let model = MLP([40, 64, 10], key: RandomKey(seed: 1))
  let x = Variable(Tensor(normal: [rows, 40], key: RandomKey(seed: 2)))
  let labels = IndexArray(RandomKey(seed: 3).bits(count: rows).map { Int($0 % 10) })
  let optimizer = Adam(learningRate: 0.01)
  for _ in 0..<steps {
    let gradients = valueWithGradients { softmaxCrossEntropy(logits: model(x), labels) }.gradients
    optimizer.update(model, with: gradients)
  }
  return model.parameters.map(\.parameter.value)
}

@Suite struct `Training` {
  @Test func `gives the same bits on any number of threads`() async {
    await #expect(processExitsWith: .success) {
      let expected = train(steps: 50, threads: 1)
      for threads in [2, 3, 7] {
        for (value, one) in zip(train(steps: 50, threads: threads), expected) {
          #expect(value.isIdentical(to: one), "\(threads) threads, shape \(one.shape)")
        }
      }
    }
  }

  @Test func `keeps the memory of tensors constant over a thousand steps`() async {
    await #expect(processExitsWith: .success) {
      let model = MLP([4, 8, 3], key: RandomKey(seed: 1))
      let x = Variable(Tensor(normal: [16, 4], key: RandomKey(seed: 2)))
      let labels = IndexArray((0..<16).map { $0 % 3 })
      let optimizers: [any Optimizer] = [Adam(), AdamW(), SGD(learningRate: 0.01, momentum: 0.9)]
      var losses: [Variable] = []
      func step(_ i: Int) {
        let (loss, gradients) = valueWithGradients {
          softmaxCrossEntropy(logits: dropout(model(x), probability: 0.1, key: RandomKey(seed: 4).stream(i)), labels)
        }
        losses.append(loss)
        optimizers[i % 3].update(model, with: gradients)
      }
      for i in 0..<3 { step(i) }
      let start = TensorMemory.liveBytes
      for i in 0..<1000 { step(i) }
      withExtendedLifetime((model, x, labels, optimizers)) { #expect(TensorMemory.liveBytes == start) }
      #expect(losses.count == 1003 && losses[1002].item() < losses[0].item())
    }
  }

  @Test func `learns what a line cannot separate`() {
    let model = MLP([2, 8, 2], activation: { tanh($0) }, key: RandomKey(seed: 1))
    let x: Variable = [[0, 0], [0, 1], [1, 0], [1, 1]], labels: IndexArray = [0, 1, 1, 0]
    let optimizer = Adam(learningRate: 0.05)
    for _ in 0..<200 {
      let gradients = valueWithGradients { softmaxCrossEntropy(logits: model(x), labels) }.gradients
      optimizer.update(model, with: gradients)
    }
    #expect(model(x).value.argmax(along: 1) == labels)
  }
}
