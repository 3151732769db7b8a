import Adjoint
import BenchmarkData

/// Training steps of perceptrons and of functions of sets.
let perceptrons = [
  Case(name: "mlp_784_512_512_10") { $0.measureMLP("mlp_784_512_512_10", batch: 128) },
  Case(name: "mlp_784_512_512_10_b1024") { $0.measureMLP("mlp_784_512_512_10_b1024", batch: 1024) },

  Case(name: "deepsets") { stopwatch in
    let sizes = integers(31, 1024, below: 91).map { 10 + $0 }
    let elements = sizes.reduce(0, +)
    let batch = SetBatch(Variable(features(32, [elements, 32])), sizes: sizes)
    let labels = IndexArray(integers(33, 1024, below: 10))
    let phi = recipeMLP([32, 128, 128], activatesOutput: true, firstParameter: 0)
    let model = DeepSets(phi: phi, rho: recipeMLP([128, 64, 10], firstParameter: 4))
    let parameters = model.parameters
    let optimizer = Adam(learningRate: 1e-3)
    stopwatch.measure("deepsets", extra: { _ in [("elements", .integer(elements))] }) {
      let (loss, gradients) = valueWithGradients { softmaxCrossEntropy(logits: model(batch), labels) }
      optimizer.update(parameters, with: gradients)
      return loss.item()
    }
  },
]

extension Stopwatch {
  fileprivate func measureMLP(_ name: String, batch: Int) {
    let x = Variable(features(21, [batch, 784])), labels = IndexArray(integers(22, batch, below: 10))
    let model = recipeMLP([784, 512, 512, 10], firstParameter: 0)
    let parameters = model.parameters
    let optimizer = Adam(learningRate: 1e-3)
    measure(name) {
      let (loss, gradients) = valueWithGradients { softmaxCrossEntropy(logits: model(x), labels) }
      optimizer.update(parameters, with: gradients)
      return loss.item()
    }
  }
}

/// A perceptron with the initial weights of the recipe, whose parameters are numbered from `firstParameter`.
private func recipeMLP(_ widths: [Int], activatesOutput: Bool = false, firstParameter: Int) -> MLP {
  let model = MLP(widths, activatesOutput: activatesOutput, key: RandomKey(seed: 0))
  for (position, layer) in model.layers.enumerated() {
    let (inputs, outputs) = (widths[position], widths[position + 1])
    layer.$weight.value = weight(firstParameter + 2 * position, inputs, outputs)
    layer.bias?.value = bias(firstParameter + 2 * position + 1, inputs, outputs)
  }
  return model
}
