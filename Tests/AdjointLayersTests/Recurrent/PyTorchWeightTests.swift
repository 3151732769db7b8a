import AdjointLayers
import Testing

@Suite struct `Weights in PyTorch's layout` {
  let key = RandomKey(seed: 8)

  @Test func `have PyTorch's names and shapes`() {
    let network = LSTM(3, 4, layers: 2, bidirectional: true, key: key)
    let shapes = network.pyTorchWeights.mapValues { Array($0.shape) }
    #expect(shapes.count == 16)
    #expect(shapes["weight_ih_l0"] == [16, 3] && shapes["weight_hh_l0"] == [16, 4] && shapes["bias_ih_l0"] == [16])
    #expect(shapes["weight_ih_l1_reverse"] == [16, 8] && shapes["bias_hh_l1_reverse"] == [16])
    #expect(GRU(3, 4, bias: .none, key: key).pyTorchWeights.keys.sorted() == ["weight_hh_l0", "weight_ih_l0"])
    #expect(MLP([2, 3, 1], key: key).pyTorchNames.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    let linear = Linear(2, 3, key: key)
    #expect(linear.pyTorchWeights["weight"] == linear.weight.value.transposed())
  }

  @Test func `make a copy when loaded`() throws {
    let x = Variable(Tensor(normal: [3, 2, 3], key: key))
    let (from, to) = (GRU(3, 4, bidirectional: true, key: key), GRU(3, 4, bidirectional: true, key: key.stream(1)))
    #expect(from(x).outputs.value != to(x).outputs.value)
    try to.load(pyTorchWeights: from.pyTorchWeights)
    #expect(from(x).outputs.value.isIdentical(to: to(x).outputs.value))
    // In the element type that the layer has.
    try to.load(pyTorchWeights: from.pyTorchWeights.mapValues { $0.converted(to: .float64) })
    #expect(to.layers[0].forward.input.weight.dtype == .float32)
  }

  @Test func `are refused whole when something is wrong`() {
    let layer = RNN(2, 2, key: key), before = layer.pyTorchWeights
    func error(_ change: (inout [String: Tensor]) -> Void) -> PyTorchWeightsError? {
      var weights = before.mapValues { $0 + 1 }
      change(&weights)
      return #expect(throws: PyTorchWeightsError.self) { try layer.load(pyTorchWeights: weights) }
    }
    #expect(error { $0["bias_ih_l0"] = nil } == .missing(["bias_ih_l0"]))
    #expect(error { $0["weight_ih_l1"] = 1 } == .unexpected(["weight_ih_l1"]))
    let shape = error { $0["weight_hh_l0"] = Tensor(zeros: [2, 3]) }
    #expect(shape == .shape(name: "weight_hh_l0", found: [2, 3], expected: [2, 2]))
    #expect(shape?.description == "PyTorch weights: weight_hh_l0 has shape [2, 3], the layer needs [2, 2]")
    #expect(layer.pyTorchWeights == before)
  }
}
