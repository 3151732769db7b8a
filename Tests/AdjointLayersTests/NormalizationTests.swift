import AdjointLayers
import Testing

@Suite struct `Norms` {
  let key = RandomKey(seed: 7)

  @Test(arguments: [1, 2]) func `pass the gradient check`(_ order: Int) {
    withDefaultDType(.float64) {
      let x = Tensor(normal: [3, 2, 2], key: key)
      let norms: [(any UnaryLayer, Bool)] = [
        (LayerNorm(2), false), (LayerNorm(shape: [2, 2]), false), (RMSNorm(2), false), (BatchNorm(2), false),
        (BatchNorm(2), true),
      ]
      for (norm, isTraining) in norms {
        let key = isTraining ? key : nil
        for (_, parameter) in norm.parameters {
          parameter.value = Tensor(uniform: parameter.value.shape, key: self.key)
        }
        let ofInput = checkGradients(of: { norm($0, key: key) }, at: x, order: order)
        #expect(ofInput.passes, "\(norm): \(ofInput)")
        let ofParameters = checkGradients(for: norm.parameters, order: order) { square(norm(Variable(x), key: key)) }
        #expect(ofParameters.passes, "\(norm): \(ofParameters)")
      }
    }
  }

  @Test func `of layers give every example mean 0 and variance 1`() {
    let x = Variable(Tensor(normal: [4, 50], mean: 3, key: key, dtype: .float64))
    let (y, z) = withDefaultDType(.float64) { (LayerNorm(50, epsilon: 0)(x), RMSNorm(50, epsilon: 0)(x)) }
    #expect(y.mean(along: 1).scalars().allSatisfy { ($0 as Double).magnitude < 1e-14 })
    #expect(y.variance(along: 1).scalars().allSatisfy { ($0 as Double - 1).magnitude < 1e-13 })
    #expect(square(z).mean(along: 1).scalars().allSatisfy { ($0 as Double - 1).magnitude < 1e-13 })
  }

  @Test func `of layers are finite for constant and for single features`() {
    #expect(LayerNorm(3)([[5, 5, 5]]).value == [[0, 0, 0]])
    #expect(LayerNorm(1)([[5], [-3]]).value == [[0], [0]])
    #expect(LayerNorm(3)(Variable(Tensor(zeros: [0, 3]))).shape == [0, 3])
    #expect(RMSNorm(2)([[0, 0]]).value == [[0, 0]])
  }

  @Test func `of batches train on the batch and evaluate on running statistics`() {
    withDefaultDType(.float64) {
      let norm = BatchNorm(2, momentum: 0.5, epsilon: 0)
      #expect(norm([[1, 2]]).value == [[1, 2]])
      let y = norm([[1, 2], [3, 6]], isTraining: true)
      #expect(y.value == [[-1, -1], [1, 1]])
      // Mean (2, 4); the sample's variance (2, 8), half of which comes to half of 1.
      #expect(norm.runningMean.value == [1, 2] && norm.runningVariance.value == [1.5, 4.5])
      _ = norm([[1, 2], [3, 6]])
      _ = norm([[1, 2], [3, 6]], isTraining: false)
      #expect(norm.runningMean.value == [1, 2])
      let pictures = BatchNorm(2)(Variable(Tensor(normal: [3, 2, 4, 5], mean: 2, key: key)), isTraining: true)
      #expect(pictures.mean(along: [0, 2, 3]).scalars().allSatisfy { ($0 as Double).magnitude < 1e-6 })
    }
  }

  @Test func `of batches are defined for one example and for none`() {
    withDefaultDType(.float64) {
      let norm = BatchNorm(2, momentum: 0.5)
      norm.$bias.value = [7, 8]
      #expect(norm([[1, 2]], isTraining: true).value == [[7, 8]])
      #expect(norm.runningMean.value == [0.5, 1] && norm.runningVariance.value == [1, 1])
      #expect(norm(Variable(Tensor(zeros: [0, 2])), isTraining: true).shape == [0, 2])
      #expect(norm.runningMean.value == [0.5, 1] && norm.runningVariance.value == [1, 1])
    }
  }

  @Test func `of batches keep their statistics in buffers, which copies share`() {
    let model = Sequential {
      Linear(2, 3, key: key)
      BatchNorm(3)
    }
    #expect(model.buffers.map(\.path) == ["layers.1.runningMean", "layers.1.runningVariance"])
    #expect(
      model.parameters.map(\.path) == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
    let copy = model
    _ = model([[1, 2], [3, 4]], key: key)
    #expect(copy.buffers[0].buffer.value == model.buffers[0].buffer.value && copy.buffers[0].buffer.value != [0, 0, 0])
    #expect(Linear(1, 1, key: key).buffers.isEmpty)
  }

  @Test func `of batches stand in a perceptron before each activation`() {
    let mlp = MLP([2, 4, 3, 1], isNormalized: true, key: key)
    let chain = Sequential {
      mlp.layers[0]
      mlp.norms[0]
      relu
      mlp.layers[1]
      mlp.norms[1]
      relu
      mlp.layers[2]
    }
    let x = Variable(Tensor(normal: [5, 2], key: key))
    #expect(mlp(x, key: key).value.isIdentical(to: chain(x, key: key).value))
    #expect(mlp(x).value.isIdentical(to: chain(x).value) && mlp(x).value != mlp(x, key: key).value)
    #expect(mlp.buffers.map(\.path).prefix(2) == ["norms.0.runningMean", "norms.0.runningVariance"])
    #expect(MLP([2, 4, 1], key: key).norms.isEmpty && MLP([2, 1], isNormalized: true, key: key).norms.isEmpty)
  }
}
