import AdjointLayers
import Testing

private let key = RandomKey(seed: 1)

/// What the program says, and the mistake that makes it stop.
private let mistakes: [String: @Sendable () -> Void] = [
  "matmul: inner extents differ: [5, 3] × layers.1.weight [4, 2]": {
    let model = MLP([3, 4, 2], key: key)
    _ = model.parameters
    let x = Variable(Tensor(zeros: [5, 3]))
    _ = valueWithGradients { matmul(x, model.layers[1].weight).sum() }
  },
  "linear: inner extents differ: [5, 7] × layers.0.weight [3, 4]": {
    let model = MLP([3, 4, 2], key: key)
    _ = model.parameters
    _ = valueWithGradients { model(Variable(Tensor(zeros: [5, 7]))).sum() }
  },
  "linear: inner extents differ: [5, 7] × [3, 4]": { _ = MLP([3, 4, 2], key: key)(Variable(Tensor(zeros: [5, 7]))) },
  "linear: both operands need two axes: [3] × [3, 4]": { _ = Linear(3, 4, key: key)([1, 2, 3]) },
  "MLP: 1 widths do not make a layer": { _ = MLP([3], key: key) },
  "Dropout: the probability 1.0 is outside 0 ..< 1": { _ = Dropout(1) },
  "Dropout: the probability -0.5 is outside 0 ..< 1": { _ = Dropout(-0.5) },
  "Shape: extent -1 is outside 0 ... 2147483647": { _ = Linear(-1, 2, key: key) },
  "update: layers.0.weight is float32 [1, 2], its gradient float32 [2, 1]": {
    let model = MLP([1, 2], key: key)
    SGD(learningRate: 1).update(model.parameters[0].parameter, with: [[1], [2]])
  },
  "update: the parameter is float32 [2], its gradient float64 [2]": {
    Adam().update(Parameter([1, 2]), with: Tensor([1, 2], dtype: .float64))
  },
  "update: the parameter is float32 [3], but was float32 [2] at its first update": {
    let (parameter, optimizer) = (Parameter([1, 2]), Adam())
    optimizer.update(parameter, with: [1, 1])
    parameter.value = [1, 2, 3]
    optimizer.update(parameter, with: [1, 1, 1])
  },
  "update: the parameter is float64 [2], but was float32 [2] at its first update": {
    let (parameter, optimizer) = (Parameter([1, 2]), SGD(learningRate: 1, momentum: 0.5))
    optimizer.update(parameter, with: [1, 1])
    parameter.value = Tensor([1, 2], dtype: .float64)
    optimizer.update(parameter, with: parameter.value)
  },
]

@Suite struct `A mistake with layers` {
  @Test(arguments: mistakes.keys.sorted())
  func `stops the program and is named`(_ sentence: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [sentence] in
      mistakes[sentence]?()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Fatal error: \(sentence)\n"), "\(text.prefix(500))")
  }
}
