import Adjoint

/// A perceptron for the digits, with dropout after every hidden layer.
struct Classifier: Layer {
  let layers: [Linear]
  let dropout = Dropout(0.2)

  init(key: RandomKey) {
    layers = zip([64, 256, 128], [256, 128, 10]).enumerated().map { position, widths in
      Linear(widths.0, widths.1, initializer: .heUniform, key: key.stream(position))
    }
  }

  /// The logits of the ten digits; units are dropped only with a key.
  func callAsFunction(_ x: Variable, key: RandomKey? = nil) -> Variable {
    var h = x
    for (position, layer) in layers.dropLast().enumerated() {
      h = dropout(relu(layer(h)), key: key?.stream(position))
    }
    return layers[layers.count - 1](h)
  }

  /// The most likely digits.
  func predictions(_ x: Variable) -> IndexArray { self(x).value.argmax(along: 1) }
}
