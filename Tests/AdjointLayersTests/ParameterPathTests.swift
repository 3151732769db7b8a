import AdjointLayers
import Testing

private let key = RandomKey(seed: 1)

private struct Nested: Layer {
  @Parameter var scale: Variable
  let first: Linear
  let optional: Linear?
  let missing: Linear?
  let list: [any Layer]
  let pair: (Linear, named: Linear)
  let loose: Parameter
  let width = 3, name = "not a parameter"
  let function: (Variable) -> Variable = { $0 }

  init() {
    _scale = Parameter(Tensor(1))
    first = Linear(2, 3, key: key)
    optional = Linear(3, 3, bias: false, key: key)
    missing = nil
    list = [Linear(1, 1, key: key), MLP([2, 2, 2], key: key)]
    pair = (Linear(1, 2, bias: false, key: key), named: Linear(2, 1, bias: false, key: key))
    loose = Parameter([1, 2])
  }
}

private struct Tied: Layer {
  let encoder: Linear, decoder: Linear, again: [Linear]
  let bias: Parameter

  init() {
    encoder = Linear(2, 2, key: key)
    decoder = encoder
    again = [encoder, Linear(2, 2, key: key)]
    bias = encoder.bias ?? Parameter(0)
  }

  func callAsFunction(_ x: Variable) -> Variable { decoder(encoder(x)) + bias.wrappedValue }
}

@Suite struct `The parameters of a layer` {
  @Test func `have dotted paths in the order of declaration`() {
    #expect(
      Nested().parameters.map(\.path) == [
        "scale", "first.weight", "first.bias", "optional.weight", "list.0.weight", "list.0.bias",
        "list.1.layers.0.weight", "list.1.layers.0.bias", "list.1.layers.1.weight", "list.1.layers.1.bias",
        "pair.0.weight", "pair.named.weight", "loose",
      ])
    #expect(
      MLP([2, 3, 1], key: key).parameters.map(\.path) == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias",
      ])
  }

  @Test func `know their paths once they were listed`() {
    let layer = MLP([2, 3], key: key)
    #expect(layer.layers[0].$weight.path == "")
    let parameters = layer.parameters
    #expect(layer.layers[0].$weight.path == "layers.0.weight")
    #expect(parameters.allSatisfy { $0.path == $0.parameter.path })
  }

  @Test func `count once where weights are tied, at their first place`() {
    let layer = Tied()
    #expect(layer.parameters.map(\.path) == ["encoder.weight", "encoder.bias", "again.1.weight", "again.1.bias"])
    #expect(layer.parameterCount == 12)
  }

  @Test func `that are tied get the sum of the gradients of all their uses`() {
    let layer = Tied()
    let parameters = Array(layer.parameters.prefix(2))
    let x = Variable(Tensor([0.5, -1, 2, 0.25], shape: [2, 2], dtype: .float64))
    for order in [1, 2] {
      #expect(checkGradients(for: parameters, order: order) { tanh(layer(x)) }.passes)
    }
  }

  @Test func `are shared by copies of the layer`() {
    let layer = Linear(2, 2, key: key)
    let copy = layer
    layer.$weight.value = [[1, 2], [3, 4]]
    #expect(copy.weight.value == [[1, 2], [3, 4]])
  }

  @Test func `of a layer without any are none`() {
    struct Empty: Layer {}
    #expect(Empty().parameters.isEmpty && Empty().parameterCount == 0 && Dropout(0.5).parameters.isEmpty)
  }
}
