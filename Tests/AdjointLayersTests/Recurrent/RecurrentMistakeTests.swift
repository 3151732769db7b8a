import AdjointLayers
import Testing

private let key = RandomKey(seed: 1)

/// What the program says, and the mistake that makes it stop.
private let mistakes: [String: @Sendable () -> Void] = [
  "LSTMCell: 0 inputs and 0 units": { _ = LSTMCell(0, 0, key: key) },
  "Recurrent: 0 layers": { _ = GRU(3, 2, layers: 0, key: key) },
  "Recurrent: the probability 1.0 is outside 0 ..< 1": { _ = GRU(3, 2, dropout: 1, key: key) },
  "Recurrent: 1 initial states for 2 cells": {
    let states = [Variable(Tensor(zeros: [2, 2]))]
    _ = GRU(3, 2, layers: 2, key: key)(Variable(Tensor(zeros: [4, 2, 3])), from: states)
  },
  "GRUCell: the input has shape [4, 3]; it needs the axes time, batch and features": {
    _ = scan(GRUCell(3, 2, key: key), over: Variable(Tensor(zeros: [4, 3])))
  },
  "GRUCell: the input has shape [4, 2, 5]; its last axis should have the 3 features of layers.0.forward.input.weight [3, 6]":
    {
      let network = GRU(3, 2, key: key)
      _ = network.parameters
      _ = network(Variable(Tensor(zeros: [4, 2, 5])))
    },
  "RNNCell: the input is float64, the weights are float32": {
    _ = RNN(3, 2, key: key)(Variable(Tensor(zeros: [4, 2, 3], dtype: .float64)))
  },
  "RNNCell: the initial state is float32 [1, 2], not float32 [2, 2]": {
    _ = RNN(3, 2, key: key)(Variable(Tensor(zeros: [4, 2, 3])), from: [Variable(Tensor(zeros: [1, 2]))])
  },
  "LSTMCell: 3 lengths for a batch of 2": {
    _ = LSTM(3, 2, key: key)(Variable(Tensor(zeros: [4, 2, 3])), lengths: [1, 2, 3])
  },
  "LSTMCell: length 5 at row 1 is outside 0 ... 4": {
    _ = LSTM(3, 2, key: key)(Variable(Tensor(zeros: [4, 2, 3])), lengths: [1, 5])
  },
  "LSTMCell: length -1 at row 0 is outside 0 ... 4": {
    _ = scan(LSTMCell(3, 2, key: key), over: Variable(Tensor(zeros: [4, 2, 3])), lengths: [-1, 2])
  },
  "LSTMCell: truncation every 0 steps": {
    _ = LSTM(3, 2, key: key)(Variable(Tensor(zeros: [4, 2, 3])), truncatingEvery: 0)
  },
  "LSTMCell: PyTorch has two biases or none, not one": { _ = LSTM(3, 2, bias: .single, key: key).pyTorchWeights },
  "GRUCell: PyTorch has no cell with these equations": {
    _ = GRU(3, 2, reset: .resetBefore, key: key).pyTorchWeights
  },
  "RNNCell: PyTorch has no cell with these equations": {
    _ = RNN(3, 2, activation: .sigmoid, key: key).pyTorchWeights
  },
]

@Suite struct `Mistakes with recurrent layers` {
  @Test(arguments: mistakes.keys.sorted())
  func `stop with a message that names what is wrong`(message: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [message] in
      mistakes[message]?()
    }
    let text = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
    #expect(text.contains(message), "\(text)")
  }
}
