import Adjoint
import Testing

// Every Swift block of README.md and Docs stands here, word for word, and is compiled and run.
// DocumentationTests.swift compares the two.

@Suite struct `Snippets of the README` {
  @Test func `the worked example prints what the README shows`() {
    var output = ""
    func print(_ items: Any...) { output += items.map { "\($0)" }.joined(separator: " ") + "\n" }
    let tape = Tape()
    let x = tape.variable(-2, named: "x")
    let y = tape.variable(3, named: "y")
    let z = tape.variable(2, named: "z")
    let f = max((x + y) * z, 0)
    let gradients = f.gradients()
    print(gradients[x], gradients[y], gradients[z])
    print(tape.description(with: gradients))
    #expect(Documents.blocks(in: "README.md", language: "text").first == output)
  }

  @Test func `the graph network learns the club from two labels`() {
    let graph = KarateClub.graph
    let features = Variable(.eye(34))
    let model = GCN(34, hidden: 8, classes: 2, dropout: 0, key: RandomKey(seed: 1))
    let optimizer = Adam(learningRate: 0.02)
    let labelled = (0..<34).map { $0 == 0 || $0 == 33 }
    for _ in 0..<100 {
      let (_, gradients) = valueWithGradients {
        softmaxCrossEntropy(logits: model(features, on: graph), KarateClub.labels, mask: labelled)
      }
      optimizer.update(model, with: gradients)
    }
    let predicted = model(features, on: graph).value.argmax(along: 1)
    let correct = zip(predicted, KarateClub.labels).count { $0 == $1 }
    #expect(correct >= 31)
  }

  @Test func `the user's own operation passes its check`() {
    func cube(_ x: Variable) -> Variable {
      record("cube", x, value: x.value * x.value * x.value, saving: .inputs) { dy, saved in
        [3 * dy * saved[0] * saved[0]]
      }
    }

    let report = checkGradients(of: cube, at: [3, 4], order: 2)
    #expect(report.passes)
  }
}

@Suite struct `Snippets of AddingAnOperation` {
  /// Returns x³.      x̄ = 3 ȳ x²
  func cube(_ x: Variable) -> Variable {
    record("cube", x, value: x.value * x.value * x.value, saving: .inputs) { dy, saved in
      [3 * dy * saved[0] * saved[0]]
    }
  }

  @Test(arguments: [1, 2]) func `cube differentiates correctly`(order: Int) {
    let report = checkGradients(of: cube, at: [3, -0.5], order: order)
    #expect(report.passes, "\(report)")
  }

  @Test func `a wrong factor fails the check`() {
    func wrongCube(_ x: Variable) -> Variable {
      record("cube", x, value: x.value * x.value * x.value, saving: .inputs) { dy, saved in
        [2.001 * dy * saved[0] * saved[0]]
      }
    }
    #expect(!checkGradients(of: wrongCube, at: [3, -0.5]).passes)
  }
}

@Suite struct `Snippets of AddingALayer` {
  /// y = x W₁ ⊙ sigmoid(x W₂): a gated linear unit.
  struct GatedLinearUnit: Layer {
    let value: Linear
    let gate: Linear
    @Parameter var scale: Variable

    init(_ inputs: Int, _ outputs: Int, key: RandomKey) {
      value = Linear(inputs, outputs, key: key.stream(0))
      gate = Linear(inputs, outputs, key: key.stream(1))
      _scale = Parameter(Tensor(ones: [outputs]))
    }

    func callAsFunction(_ x: Variable) -> Variable { scale * value(x) * sigmoid(gate(x)) }
  }

  @Test func `the gated linear unit's gradient agrees with differences`() {
    withDefaultDType(.float64) {
      let layer = GatedLinearUnit(3, 2, key: RandomKey(seed: 1))
      let x = Tensor(normal: [4, 3], key: RandomKey(seed: 2))
      #expect(checkGradients(for: layer.parameters) { layer(Variable(x)) }.passes)
      #expect(checkGradients(of: { layer($0) }, at: x).passes)
    }
  }

  @Test func `its parameters have the paths that the text names`() {
    let paths = GatedLinearUnit(3, 2, key: RandomKey(seed: 1)).parameters.map(\.path)
    #expect(paths == ["value.weight", "value.bias", "gate.weight", "gate.bias", "scale"])
  }
}

@Suite struct `Snippets of MessagePassing` {
  /// The distance between the two ends of an edge, squared.
  struct SquaredDistance: Message {
    let positions: Variable

    func each(on graph: Graph) -> Variable {
      square(graph.each(.source(positions) - .target(positions))).sum(along: 1)
    }
  }

  /// y = W [x, mean of the neighbours]: GraphSAGE, Hamilton et al. 2017, algorithm 1.
  struct NeighbourMean: Layer {
    let linear: Linear

    init(_ inputs: Int, _ outputs: Int, key: RandomKey) { linear = Linear(2 * inputs, outputs, key: key) }

    func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
      linear(concatenate(x, graph.mean(.source(x))))
    }
  }

  @Test func `every reduction runs`() throws {
    let graph = try Graph(nodeCount: 3, edges: [(0, 1), (2, 1)])
    let x: Variable = [[1, 2], [3, 4], [5, 7]]
    let total = graph.sum(.source(x))
    let average = graph.mean(.source(x))
    let largest = graph.max(.source(x))
    let convolved = graph.sum(graph.symmetricWeights * .source(x))
    let difference = graph.max(.target(x) - .source(x))
    let perEdge = graph.each(.source(x) + .target(x))
    let attention = graph.softmax(perEdge)
    #expect(total.value == [[0, 0], [6, 9], [0, 0]])
    #expect(average.value == [[0, 0], [3, 4.5], [0, 0]])
    #expect(largest.value == [[0, 0], [5, 7], [0, 0]])
    #expect(convolved.value == Tensor(zeros: [3, 2]))
    #expect(difference.value == [[0, 0], [2, 2], [0, 0]])
    #expect(perEdge.value == [[4, 6], [8, 11]])
    #expect(attention.value.sum(along: [0]).scalars(as: Double.self).allSatisfy { abs($0 - 1) < 1e-6 })
    #expect(graph.sum(SquaredDistance(positions: x)).value == [0, 21, 0])
    #expect(NeighbourMean(2, 4, key: RandomKey(seed: 1))(x, on: graph).shape == [3, 4])
  }
}

@Suite struct `Snippets of Layers` {
  @Test func `layers follow one another, and sets have no order`() {
    let key = RandomKey(seed: 1)
    let classifier = Sequential {
      Conv2D(1, 8, window: 3, padding: 1, key: key.stream(0))
      BatchNorm(8)
      relu
      MaxPool2D(2)
      Flatten()
      Dropout(0.2)
      Linear(8 * 4 * 4, 10, key: key.stream(1))
    }
    let digits = Variable(Tensor(zeros: [5, 1, 8, 8]))
    let trained = classifier(digits, key: key.stream(2))
    let evaluated = classifier(digits)
    #expect(trained.shape == [5, 10] && evaluated.shape == [5, 10])

    let sets = SetBatch([[[1, 2]], [[3, 4], [5, 6], [7, 8]]])
    let model = DeepSets(phi: MLP([2, 8, 4], key: key), rho: Linear(4, 1, key: key.stream(1)))
    let perSet = model(sets)
    let report = checkInvariance(of: { model($0) }, at: [[3, 4], [5, 6], [7, 8]])
    #expect(perSet.shape == [2, 1] && report.passes)
  }
}

@Suite struct `More snippets of AddingALayer` {
  /// Adds noise in training, and counts how often.
  struct Noise: UnaryLayer {
    let calls = Buffer(Tensor(0))

    func callAsFunction(_ x: Variable) -> Variable { x }

    func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable {
      guard let key else { return self(x) }
      calls.value = calls.value + 1
      return x + Variable(Tensor(normal: x.shape, key: key))
    }
  }

  @Test func `a layer that is different in training keeps a buffer`() {
    let noise = Noise(), model = Sequential { noise }
    let x: Variable = [1, 2]
    #expect(model(x).value == x.value && noise.calls.value.item() == 0)
    #expect(model(x, key: RandomKey(seed: 1)).value != x.value && noise.calls.value.item() == 1)
    #expect(model.buffers.map(\.path) == ["layers.0.calls"])
  }
}
