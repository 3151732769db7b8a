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

@Suite struct `Snippets of Graphs` {
  @Test func `graphs are made, changed, described and batched`() throws {
    var output = ""
    func print(_ items: Any...) { output += items.map { "\($0)" }.joined(separator: " ") + "\n" }
    let directed = try Graph(nodeCount: 3, edges: [(0, 1), (1, 2)])
    let undirected = try Graph(nodeCount: 3, undirected: [(0, 1), (1, 2)])
    let ratings = try Graph(sourceCount: 4, targetCount: 2, edges: [(3, 0), (1, 1)])
    #expect(directed.undirected().edgeCount == undirected.edgeCount && ratings.isBipartite)

    let graph = KarateClub.graph
    let weights = Variable(Tensor((0..<graph.edgeCount).map(Double.init)))
    let part = graph.subgraph(of: [4, 0, 2])
    let weightsOfPart = weights.gatherRows(part.edgeOrder)
    let back = graph.reversed()
    let weightsBack = weights.gatherRows(back.edgeOrder)
    #expect(weightsOfPart.shape == [part.edgeCount] && weightsBack.shape == weights.shape)

    var molecule = AttributedGraph(undirected)
    molecule.nodes["x"] = .values([[1, 0], [0, 1], [1, 1]])
    molecule.edges["bond"] = .labels([1, 1, 2, 2])
    molecule.nodes["partner"] = .nodeIndices([1, 0, -1])
    molecule.global["y"] = .values([[0.7]])

    let batch = GraphBatch([molecule, molecule])
    let h = batch.graph.mean(.source(Variable(batch.nodes.values("x"))))
    let perGraph = h.scatterMean(to: batch.graphOfNode, count: batch.count)
    let first = batch[0]
    #expect(perGraph.shape == [2, 2] && first.nodes.values("x") == molecule.nodes.values("x"))
    #expect(batch.nodes.indices("partner") == [1, 0, -1, 4, 3, -1])

    let x = Variable(Tensor(ones: [34, 2]))
    let laplacian = graph.shift(.symmetricLaplacian)
    let filtered = x + 0.5 * matmul(laplacian, x)
    let dense = graph.denseAdjacency()
    print(graph.summary())
    #expect(filtered.shape == [34, 2] && dense.sum().item() == 156 && output.contains("connected components: 1"))
  }

  @Test func `nodes, graphs and links are split, and large graphs are sampled`() throws {
    let graph = KarateClub.graph, labels = KarateClub.labels, key = RandomKey(seed: 1)
    let nodes = NodeSplit(labels: labels, perClass: 4, validation: 6, test: 10, key: key)
    let cut = InductiveSplit(nodes, of: AttributedGraph(graph))
    let folds = Folds(stratifying: labels, count: 5, key: key)
    let fold = folds.split(testing: 0, hasValidation: true)
    let links = try LinkSplit(graph, validation: 0.1, test: 0.2, key: key)
    try verify(links, of: graph)
    #expect(cut.train.graph.graph.nodeCount == 8 && fold.train.count > fold.test.count)

    var data = AttributedGraph(graph)
    let features = NodeFeatures.oneHot(34)
    data.nodes["x"] = .values(features)
    let model = GCN(34, hidden: 4, classes: 2, key: key)
    var seen = 0
    let loader = NeighbourLoader(data, seeds: nodes.train, batchSize: 4, fanOuts: [10, 5], key: key)
    for batch in loader.epoch(0) {
      let features = Variable(batch.part.nodes.values("x"))
      let logits = model(features, on: batch.graph).rows(0..<batch.seedCount)
      seen += logits.shape[0]
    }
    let embeddings = graph.inferring(from: features, nodesPerStep: 16, layers: [{ relu(model.hidden($0, on: $1)) }])
    let walks = graph.randomWalks(from: [0, 33], length: 10, p: 1, q: 0.5, key: key)
    #expect(seen == 8 && embeddings.shape == [34, 4] && walks.count == 22)
  }
}
