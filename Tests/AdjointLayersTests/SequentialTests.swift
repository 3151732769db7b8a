import AdjointLayers
import Testing

@Suite struct `Layers in sequence` {
  let key = RandomKey(seed: 4)

  @Test func `applies layers and functions one after the other`() {
    let first = Linear(3, 4, key: key.stream(0)), last = Linear(4, 2, key: key.stream(1))
    let model = Sequential {
      first
      relu
      last
    }
    let x = Variable(Tensor(normal: [5, 3], key: key))
    #expect(model(x).value.isIdentical(to: last(relu(first(x))).value))
    #expect(
      model.parameters.map(\.path) == ["layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias"])
    #expect(Sequential([])(x).value.isIdentical(to: x.value))
  }

  @Test(arguments: [true, false]) func `is built with if and for`(_ wide: Bool) {
    let model = Sequential {
      for position in 0..<2 { Linear(2, 2, key: key.stream(position)) }
      if wide { Linear(2, 8, key: key) } else { Linear(2, 1, key: key) }
      if wide { Activation { $0.sum(along: 1, keepingAxes: true) } }
    }
    #expect(model([[1, 2]]).shape == [1, 1])
    #expect(model.layers.count == (wide ? 4 : 3))
  }

  @Test func `trains with a key and evaluates without`() {
    let model = Sequential {
      Dropout(0.5)
      Dropout(0.5)
    }
    let x = Variable(Tensor(ones: [200]))
    #expect(model(x).value.isIdentical(to: x.value) && model(x, key: nil).value.isIdentical(to: x.value))
    let y = model(x, key: key)
    #expect(y.value.isIdentical(to: model(x, key: key).value))
    // Both drop: elements are 0 or 4, and other ones are dropped by each.
    let kept = y.scalars(as: Double.self).count { $0 == 4 }
    #expect(y.scalars(as: Double.self).allSatisfy { $0 == 0 || $0 == 4 } && kept > 20 && kept < 80)
  }

  @Test func `of convolutions learns to tell lines from columns`() {
    let model = Sequential {
      Conv2D(1, 4, window: 3, padding: 1, key: key.stream(0))
      relu
      MaxPool2D(2)
      Flatten()
      Linear(16, 2, key: key.stream(1))
    }
    var pictures: [Double] = [], labels: [Int] = []
    for line in 0..<4 {
      for isColumn in [false, true] {
        pictures += (0..<16).map { (isColumn ? $0 % 4 : $0 / 4) == line ? 1 : 0 }
        labels.append(isColumn ? 1 : 0)
      }
    }
    let x = Variable(Tensor(pictures, shape: [8, 1, 4, 4])), targets = IndexArray(labels)
    let losses = minimize(model.parameters, with: Adam(learningRate: 0.03), steps: 60) {
      softmaxCrossEntropy(logits: model(x), targets)
    }
    #expect(losses.count == 60 && losses[59] < 0.1 * losses[0])
    #expect(model(x).value.argmax(along: 1) == targets)
  }

  @Test(arguments: [1, 2]) func `of all kinds of layers passes the gradient check`(_ order: Int) {
    withDefaultDType(.float64) {
      let pictures = Sequential {
        Conv2D(2, 2, window: 2, stride: [1, 2], groups: 2, key: key.stream(0))
        tanh
        AveragePool2D([2, 1], stride: 1)
        GlobalAveragePool()
      }
      let sequences = Sequential {
        Conv1D(2, 3, window: 2, padding: 1, bias: false, key: key.stream(1))
        MaxPool1D(2)
        AveragePool1D(2, stride: 1)
        GlobalMaxPool()
      }
      for (model, shape) in [(pictures, [1, 2, 3, 4] as Shape), (sequences, [2, 2, 5] as Shape)] {
        let x = Tensor(normal: shape, key: key)
        #expect(checkGradients(of: { model($0) }, at: x, order: order).passes)
        #expect(checkGradients(for: model.parameters, order: order) { square(model(Variable(x))) }.passes)
      }
    }
  }
}

@Suite struct `Bilinear and Linear` {
  let key = RandomKey(seed: 6)

  @Test func `bilinear maps multiply both rows with the weights`() {
    withDefaultDType(.float64) {
      let layer = Bilinear(2, 3, 2, key: key)
      layer.bias?.value = [1, 2]
      let (a, b) = (Variable(Tensor(normal: [4, 2], key: key)), Variable(Tensor(normal: [4, 3], key: key.stream(1))))
      let expected = einsum("ni,ijk,nj->nk", a, layer.weight, b) + [1, 2]
      #expect((layer(a, b) - expected).scalars().allSatisfy { ($0 as Double).magnitude < 1e-14 })
      #expect(Bilinear(2, 3, 2, bias: false, key: key).parameters.map(\.path) == ["weight"])
      for order in [1, 2] {
        #expect(checkGradients(for: layer.parameters, order: order) { square(layer(a, b)) }.passes)
        #expect(checkGradients(of: { layer($0[0], $0[1]) }, at: [a.value, b.value], order: order).passes)
      }
      #expect(layer(Variable(Tensor(zeros: [0, 2])), Variable(Tensor(zeros: [0, 3]))).shape == [0, 2])
    }
  }

  @Test func `linear maps apply to rows behind any axes`() {
    let layer = Linear(3, 2, key: key), x = Variable(Tensor(normal: [2, 4, 3], key: key))
    #expect(layer(x).value.isIdentical(to: layer(x.reshaped(to: [8, 3])).reshaped(to: [2, 4, 2]).value))
    #expect(layer(Variable(Tensor(zeros: [2, 0, 3]))).shape == [2, 0, 2])
  }
}
