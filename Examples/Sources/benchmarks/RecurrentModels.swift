import Adjoint
import BenchmarkData

/// One training step of a recurrent layer of 256 units on 100 steps of 32 sequences, whose last state is classified.
let recurrentModels = [
  Case(name: "lstm_h256") { stopwatch in
    measure("lstm_h256", LSTM(64, 256, key: RandomKey(seed: 0)), gates: 4, stopwatch) { $0.hidden }
  },
  Case(name: "gru_h256") { stopwatch in
    measure("gru_h256", GRU(64, 256, key: RandomKey(seed: 0)), gates: 3, stopwatch) { $0 }
  },
  Case(name: "rnn_h256") { stopwatch in
    measure("rnn_h256", RNN(64, 256, key: RandomKey(seed: 0)), gates: 1, stopwatch) { $0 }
  },
]

/// A recurrent network and a linear map of its last state.
private struct Classifier<Cell: AffineCell>: Layer {
  let network: Recurrent<Cell>
  let output: Linear

  /// Starts from the weights of the recipe, whose fans are all 256.
  init(_ network: Recurrent<Cell>) {
    self.network = network
    output = Linear(256, 10, key: RandomKey(seed: 0))
    let bound = Float(1 / 256.0.squareRoot())
    let names = network.pyTorchNames + output.pyTorchNames
    for (number, entry) in names.enumerated() {
      let shape = entry.parameter.value.shape
      let stored = features(1000 + UInt64(number), entry.isTransposed ? Shape(shape.reversed()) : shape, times: bound)
      entry.parameter.value = entry.isTransposed ? stored.transposed() : stored
    }
  }
}

private func measure<Cell: AffineCell>(
  _ name: String, _ network: Recurrent<Cell>, gates: Int, _ stopwatch: Stopwatch, hidden: (Cell.State) -> Variable
) {
  let (steps, batch, inputs, units) = (100, 32, 64, 256)
  let x = Variable(features(23, [steps, batch, inputs])), labels = IndexArray(integers(24, batch, below: 10))
  let model = Classifier(network)
  let optimizer = Adam(learningRate: 1e-3)
  // Forwards a product with each of the two matrices; backwards two with the state's and one with the input's, since x needs
  // no gradient.
  let products = 2 * steps * batch * gates * units * (2 * inputs + 3 * units)
  stopwatch.measure(name, extra: rate(products)) {
    let (loss, gradients) = valueWithGradients {
      softmaxCrossEntropy(logits: model.output(hidden(model.network(x).states[0])), labels)
    }
    optimizer.update(model, with: gradients)
    return loss.item()
  }
}
