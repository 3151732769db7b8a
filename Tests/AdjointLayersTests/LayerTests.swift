import AdjointLayers
import Testing

@Suite struct `Linear and MLP` {
  let key = RandomKey(seed: 5)

  @Test func `compute x W + b, with activations between the maps`() {
    let layer = Linear(2, 3, key: key)
    layer.$weight.value = [[1, 2, 3], [4, 5, 6]]
    layer.bias?.value = [10, 20, 30]
    #expect(layer([[1, 1], [0, 2]]).value == [[15, 27, 39], [18, 30, 42]])
    #expect(layer(SparseMatrix([[1, 1], [0, 2]])).value == [[15, 27, 39], [18, 30, 42]])
    let plain = Linear(2, 3, bias: false, key: key)
    #expect(plain.bias == nil && plain([[0, 0]]).value == [[0, 0, 0]])
    #expect(plain(SparseMatrix([[0, 1]])).value == plain([[0, 1]]).value)

    let mlp = MLP([2, 2, 1], key: key)
    mlp.layers[0].$weight.value = [[1, -1], [1, -1]]
    mlp.layers[1].$weight.value = [[1], [1]]
    // Without an activation after the last map: |x₀ + x₁|.
    #expect(mlp([[3, 1], [-3, 1], [0, 0]]).value == [[4], [2], [0]])
    mlp.layers[1].$weight.value = [[-1], [-1]]
    #expect(mlp([[3, 1]]).value == [[-4]])
  }

  @Test func `rectify in one pass with the numbers of relu after the map`() {
    let x = Variable(Tensor(normal: [4, 5, 3], key: key))
    for layer in [Linear(3, 2, key: key), Linear(3, 2, bias: false, key: key)] {
      #expect(layer.rectified(x).value.isIdentical(to: relu(layer(x)).value))
      #expect(layer.rectified(x).shape == [4, 5, 2])
    }
    let given = MLP([3, 4, 2], activation: { relu($0) }, key: key), plain = MLP([3, 4, 2], key: key)
    let active = MLP([3, 4, 2], activatesOutput: true, key: key)
    #expect(plain(x).value.isIdentical(to: given(x).value))
    #expect(active(x).value.isIdentical(to: relu(plain(x)).value))
  }

  @Test func `normalise the output where it is activated`() {
    let x = Variable(Tensor(normal: [6, 3], key: key))
    let mlp = MLP([3, 4, 2], activation: { tanh($0) }, activatesOutput: true, isNormalized: true, key: key)
    #expect(mlp.norms.count == 2)
    let hidden = tanh(mlp.norms[0](mlp.layers[0](x)))
    #expect(mlp(x).value.isIdentical(to: tanh(mlp.norms[1](mlp.layers[1](hidden))).value))
  }

  @Test func `start with weights from the key alone and a bias of zeros`() {
    #expect(Linear(3, 4, key: key).weight.value.isIdentical(to: Linear(3, 4, key: key).weight.value))
    #expect(Linear(3, 4, key: key).weight.value != Linear(3, 4, key: key.stream(1)).weight.value)
    #expect(Linear(3, 4, key: key).bias?.value == [0, 0, 0, 0])
    let mlp = MLP([3, 3, 3], key: key)
    #expect(mlp.layers[0].weight.value != mlp.layers[1].weight.value)
    #expect(Linear(3, 4, key: key).weight.dtype == .float32)
    #expect(
      withDefaultDType(.float64) { Linear(3, 4, key: key).parameters.map(\.parameter.value.dtype) } == [
        .float64, .float64,
      ])
  }

  @Test(arguments: [1, 2]) func `pass the gradient check with respect to their parameters`(_ order: Int) {
    withDefaultDType(.float64) {
      let x = Variable(Tensor(normal: [4, 3], key: key))
      let linear = Linear(3, 2, key: key), mlp = MLP([3, 4, 2], activation: { tanh($0) }, key: key)
      #expect(checkGradients(for: linear.parameters, order: order) { square(linear(x)) }.passes)
      let report = checkGradients(for: mlp.parameters, order: order) {
        softmaxCrossEntropy(logits: mlp(x), [0, 1, 1, 0])
      }
      #expect(report.passes, "\(report)")
      #expect(report.elements.count == mlp.parameterCount)
      let sparse = SparseMatrix([[0, 1, 0], [2, 0, -1]])
      #expect(checkGradients(for: linear.parameters, order: order) { square(linear(sparse)) }.passes)
    }
  }

  @Test(arguments: [1, 2]) func `pass the gradient check with respect to their input`(_ order: Int) {
    withDefaultDType(.float64) {
      let mlp = MLP([3, 4, 2], activation: { sigmoid($0) }, key: key)
      #expect(checkGradients(of: { mlp($0) }, at: Tensor(normal: [2, 3], key: key), order: order).passes)
    }
  }
}

@Suite struct `Dropout as a layer` {
  let x = Variable(Tensor(ones: [100])), layer = Dropout(0.5)

  @Test func `is off without a key`() {
    #expect(layer(x, key: nil).value.isIdentical(to: x.value))
    let matrix = SparseMatrix([[1, 2], [3, 4]])
    #expect(layer(matrix, key: nil).values?.value == [1, 2, 3, 4])
  }

  @Test func `is on with one, and the same for the same key`() {
    let key = RandomKey(seed: 1)
    #expect(layer(x, key: key).value == dropout(x, probability: 0.5, key: key).value)
    #expect(layer(x, key: key).value != x.value)
    #expect(layer(x, key: key.stream(1)).value != layer(x, key: key).value)
  }

  @Test func `of probability 0 never drops`() {
    #expect(Dropout(0)(x, key: RandomKey(seed: 1)).value == x.value)
  }
}
