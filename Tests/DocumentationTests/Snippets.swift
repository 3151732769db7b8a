import Adjoint
import Foundation
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

  func fastCube(_ x: Variable) -> Variable {
    record("fastCube", x, value: x.value * x.value * x.value, saving: .inputs, firstOrderOnly: true) { dy, saved in
      [Variable(3 * dy.value * saved[0].value * saved[0].value)]
    }
  }

  @Test func `a first-order rule passes the check of its order`() {
    #expect(checkGradients(of: fastCube, at: [3, -0.5]).passes)
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
    var runsInBlocks: Bool { true }

    func each(on graph: Graph) -> Variable {
      square(graph.each(.source(positions) - .target(positions))).sum(along: 1)
    }

    func fused(_ reduction: Reduction, on graph: Graph) -> FusedReduction? {
      guard reduction == .sum else { return nil }
      return FusedReduction("sums of positions and of their squares") {
        let squares = square(positions).sum(along: 1)
        let products = (positions * graph.sum(.source(positions))).sum(along: 1)
        return graph.sum(.source(squares) + .target(squares)) - 2 * products
      }
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

  @Test func `attention runs as one kernel, and a layer is checked in one line`() throws {
    let graph = try Graph(nodeCount: 3, edges: [(0, 1), (2, 1)])
    let x: Variable = [[1, 2], [3, 4], [5, 7]]
    let score = x, heads = Variable(Tensor(normal: [3, 2, 4], key: RandomKey(seed: 1)))
    let weights = softmax(leakyReLU(.source(score) + .target(score), slope: 0.2))
    let attended = graph.sum(weights * .source(heads))
    let plan = (weights * .source(heads)).explain(.sum, on: graph)
    let plain = withMaterialisedMessages { graph.sum(weights * .source(heads)) }
    #expect(abs((attended - plain).value).max().item() < 1e-5)
    #expect(plan.edgeBytes == 2 * 2 * 4 && !plan.isMaterialised)
    let bounded = withMessageBudget(1 << 20) { graph.max((.source(x) - .target(x)).map { square($0) }) }
    #expect(bounded.value == [[0, 0], [4, 9], [0, 0]])
    let remembered = graph.reduce(.source(x), by: LSTMCell(2, 4, key: RandomKey(seed: 2)))
    #expect(remembered.shape == [3, 4])
    let updated = graph.passMessages(x, by: .max) { target, source, _ in
      relu(source - target)
    } update: { x, message in
      x + message
    }
    #expect(updated.value == [[1, 2], [5, 7], [5, 7]])
    let layer = NeighbourMean(2, 4, key: RandomKey(seed: 1))
    let report = checkEquivariance(of: { layer($0, on: $1) }, on: graph, features: x.value)
    #expect(report.passes, "\(report)")
  }
}

@Suite struct `Snippets of SeeingTheTape` {
  @Test func `the worked example is printed and drawn`() {
    let tape = Tape()
    let x = tape.variable(-2, named: "x")
    let y = tape.variable(3, named: "y")
    let z = tape.variable(2, named: "z")
    let v = (x + y).named("v")
    let u = (v * z).named("u")
    let f = max(u, 0).named("f")
    let gradients = f.gradients()
    #expect(Documents.blocks(in: "Docs/SeeingTheTape.md", language: "text").first == tape.trace(with: gradients) + "\n")
    let picture = tape.svg(with: gradients)
    let graphviz = tape.dot(with: gradients)
    #expect(picture.hasPrefix("<svg") && graphviz.hasPrefix("digraph"))
  }

  @Test func `a model is drawn, measured, recomputed, watched and hooked`() throws {
    var output = ""
    func print(_ item: Any) { output += "\(item)\n" }
    let features = Variable(Tensor(normal: [16, 4], key: RandomKey(seed: 2)))
    let labels = IndexArray((0..<16).map { $0 % 3 })
    let optimizer = SGD(learningRate: 0.1)
    let model = MLP([4, 8, 3], key: RandomKey(seed: 1))
    _ = model.parameters
    let modelTape = Tape()
    let loss = modelTape.recording { softmaxCrossEntropy(logits: model(features), labels) }
    let modelPicture = modelTape.svg(with: loss.gradients())
    #expect(modelPicture.contains("layers.0.weight"))
    print(modelTape.memory)
    #expect(output.contains("layers.1.weight"))
    let (first, second) = (model.layers[0], model.layers[1])
    let logits = checkpoint(features) { second(relu(first($0))) }
    #expect(logits.value.isIdentical(to: model(features).value))
    do {
      try withAnomalyDetection {
        let (_, gradients) = valueWithGradients { log(relu(model(features))).sum() }
        optimizer.update(model, with: gradients)
      }
    } catch let anomaly as Anomaly {
      print(anomaly)
    }
    #expect(output.contains("log: the result is -inf at "))
    var norms: [Double] = []
    let hidden = relu(first(features)).observingGradient { norms.append($0.norm().item()) }
    let clipped = hidden.replacingGradient { clamp($0, to: -1...1) }
    #expect(norms.isEmpty && clipped.shape == [16, 8])
  }
}

@Suite struct `Snippets of Training` {
  let key = RandomKey(seed: 1)
  /// Points around three centres, the last thirty for validation.
  var points: (Tensor, IndexArray) {
    let labels = IndexArray((0..<120).map { $0 % 3 })
    let centres: Tensor = [[0, 2], [2, -1], [-2, -1]]
    return (centres.gatherRows(labels) + Tensor(normal: [120, 2], key: key) * 0.5, labels)
  }
  var features: Tensor { points.0.rows(0..<90) }
  var labels: IndexArray { IndexArray(points.1.prefix(90)) }
  var validation: Tensor { points.0.rows(90..<120) }
  var validationLabels: IndexArray { IndexArray(points.1.suffix(30)) }

  @Test func `the loop learns`() throws {
    let model = MLP([2, 16, 3], key: key.stream(0))
    let optimizer = AdamW(learningRate: 0.01)
    let schedule = Schedule.cosine(from: 0.01, to: 0.0001, over: 40).warmingUp(over: 4)
    let loader = DataLoader(features, labels, batchSize: 32, key: key.stream(1))
    var stopping = EarlyStopping(model, patience: 5)
    for epoch in 0..<40 {
      optimizer.learningRate = schedule(epoch)
      for (x, y) in loader {
        let (_, gradients) = valueWithGradients { softmaxCrossEntropy(logits: model(Variable(x)), y) }
        optimizer.update(model, with: gradients.clipped(toNorm: 1))
      }
      let loss = softmaxCrossEntropy(logits: model(Variable(validation)), validationLabels).item()
      if stopping.shouldStop(after: loss) { break }
    }
    stopping.restoreBestWeights()
    let score = try accuracy(logits: model(Variable(validation)).value, validationLabels)
    #expect(score > 0.9)
  }

  @Test func `fit, averages and accumulators learn as well`() throws {
    let model = MLP([2, 16, 3], key: key.stream(0))
    let loader = DataLoader(features, labels, batchSize: 32, key: key.stream(1))
    let optimizer = ParameterGroups([
      ("*.bias", AdamW(learningRate: 0.01, weightDecay: 0)),
      ("layers.0.*", AdamW(learningRate: 0.001)),
      ("*", AdamW(learningRate: 0.01)),
    ])
    let history = fit(model, to: loader, with: optimizer, epochs: 10) { x, y in
      softmaxCrossEntropy(logits: model(Variable(x)), y)
    }
    #expect(history.count == 10 && history[9] < history[0])
    var average = MovingAverage(of: model, decay: 0.99)
    var accumulator = GradientAccumulator()
    for (x, y) in loader {
      accumulator.add(valueWithGradients { softmaxCrossEntropy(logits: model(Variable(x)), y) }.gradients)
      if accumulator.count == 2 {
        optimizer.update(model, with: accumulator.mean())
        accumulator.reset()
        average.update()
      }
    }
    let score = try average.applied { try accuracy(logits: model(Variable(validation)).value, validationLabels) }
    #expect(score > 0.5 && average.updates == 1)
    let resumed = ParameterGroups([
      ("*.bias", AdamW(learningRate: 0.01)), ("layers.0.*", AdamW(learningRate: 0.001)), ("*", AdamW()),
    ])
    let state = optimizer.state(of: model.parameters)
    let place = loader.state
    try resumed.restore(state, to: model.parameters)
    try loader.restore(place)
    #expect(resumed.state(of: model.parameters) == state)
  }

  @Test func `one's own optimizer moves and remembers`() {
    final class HeavyBall: Optimizer {
      var learningRate = 0.01
      var states = ParameterStates("velocity")

      func update(_ parameter: Parameter, with gradient: Tensor) {
        states.update(parameter, with: gradient) { state in
          state.tensors[0] = 0.9 * state.tensors[0] + gradient
          parameter.value = parameter.value - Tensor(floatLiteral: learningRate) * state.tensors[0]
        }
      }
    }
    let (parameter, optimizer) = (Parameter([1.0]), HeavyBall())
    for _ in 0..<2 { optimizer.update(parameter, with: [1]) }
    #expect(optimizer.state(of: [("x", parameter)]).tensors["x.velocity"] == [1.9])
  }
}

@Suite struct `Snippets of Recurrent` {
  /// A leaky average: s′ = d ⊙ s + (1 − d) ⊙ x, with a decay d that is learnt.
  struct LeakyCell: RecurrentCell {
    let units: Int
    @Parameter var decay: Variable

    init(_ units: Int) {
      self.units = units
      _decay = Parameter(Tensor(zeros: [units]))
    }

    func zeroState(batch: Int, dtype: DType) -> Variable { Variable(Tensor(zeros: [batch, units], dtype: dtype)) }

    func callAsFunction(_ x: Variable, _ s: Variable) -> Variable {
      let d = sigmoid(decay)
      return d * s + (1 - d) * x
    }
  }

  @Test func `sequences, states, gradients and weights are what the page says`() throws {
    let cell = GRUCell(3, 8, key: RandomKey(seed: 1))
    let x = Variable(Tensor(normal: [5, 2, 3], key: RandomKey(seed: 2)))
    let scanned = scan(cell, over: x)
    let (everyOutput, lastState) = (scanned.outputs, scanned.last)  // [5, 2, 8] and [2, 8]
    #expect(everyOutput.shape == [5, 2, 8] && lastState.shape == [2, 8])

    let network = LSTM(3, 8, layers: 2, bidirectional: true, key: RandomKey(seed: 1))
    let (outputs, states) = network(x, lengths: [5, 2])  // [5, 2, 16], and a state for each of the four cells
    let memory = states[1].cell  // of layer 0 backwards, [2, 8]; layer 1 comes after it
    #expect(outputs.shape == [5, 2, 16] && states.count == 4 && memory.shape == [2, 8])

    let next = network(x, from: states.map { $0.detached() })
    let truncated = network(x, truncatingEvery: 2).outputs
    #expect(next.outputs.shape == truncated.shape)

    let plain = RNNCell(1, 1, bias: .none, key: RandomKey(seed: 1))
    plain.state.$weight.value = [[0.5]]
    let report = StepGradients(of: plain, over: Variable(Tensor(zeros: [10, 1, 1]))) { $0.last.sum() }
    let first = report.norms[0]  // 0.5¹⁰: tanh has slope 1 at 0, and every step multiplies by the weight
    #expect(Swift.abs(first - 0x1p-10) < 1e-9)

    let copy = LSTM(3, 8, layers: 2, bidirectional: true, key: RandomKey(seed: 7))
    try copy.load(pyTorchWeights: network.pyTorchWeights)
    #expect(copy(x).outputs.value.isIdentical(to: network(x).outputs.value))
  }

  @Test func `a cell of one's own runs along sequences and learns`() {
    let network = Recurrent(2, bidirectional: true, key: RandomKey(seed: 1)) { units, _ in LeakyCell(units) }
    let x = Variable(Tensor(normal: [4, 3, 2], key: RandomKey(seed: 2)))
    #expect(network(x, lengths: [4, 0, 2]).outputs.shape == [4, 3, 4])
    withDefaultDType(.float64) {
      let cell = LeakyCell(2), x = Variable(Tensor(normal: [4, 3, 2], key: RandomKey(seed: 2)))
      #expect(checkGradients(for: cell.parameters, order: 2) { scan(cell, over: x).outputs }.passes)
    }
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

  @Test func `facts are scored among all entities`() {
    let key = RandomKey(seed: 1)
    let (facts, hidden) = SyntheticTasks.countries(key: key)
    let entities = Parameter(Tensor(normal: [facts.entityCount, 16], key: key.stream(1)))
    let scorer = ComplExDecoder(16, relations: facts.relationCount, key: key.stream(2))
    let factLoss = softmaxCrossEntropy(
      logits: scorer.candidateScores(entities.wrappedValue, of: facts), facts.answers)
    let found = Ranks(of: hidden, by: scorer, entities.wrappedValue, known: facts).hits(at: 3)
    #expect(factLoss.item() > 0 && found < 1)
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
    let model = GCN(34, hidden: 4, classes: 2, key: key), network = GraphSAGE([34, 4, 2], key: key)
    let optimizer = Adam(learningRate: 0.01), first = network.tensors
    let loader = NeighbourLoader(data, seeds: nodes.train, batchSize: 4, fanOuts: [10, 5], key: key)
    for batch in loader.epoch(0) {
      let (_, gradients) = valueWithGradients {
        let logits = network(Variable(batch.part.nodes.values("x")), on: batch.blocks)
        return softmaxCrossEntropy(logits: logits, labels.gatherRows(batch.seeds))
      }
      optimizer.update(network, with: gradients)
    }
    let embeddings = graph.inferring(from: features, nodesPerStep: 16, layers: [{ relu(model.hidden($0, on: $1)) }])
    let walks = graph.randomWalks(from: [0, 33], length: 10, p: 1, q: 0.5, key: key)
    #expect(network.tensors != first && embeddings.shape == [34, 4] && walks.count == 22)
  }
}

@Suite struct `Snippets of Files` {
  @Test func `run`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("adjoint-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (file, array, table, picture) = (
      "\(folder)/a.safetensors", "\(folder)/a.npy", "\(folder)/a.csv", "\(folder)/a.svg"
    )
    let model = MLP([2, 3, 1], key: RandomKey(seed: 1)), other = MLP([2, 3, 1], key: RandomKey(seed: 2))
    let tensor = Tensor([1, 2, 3])

    try Safetensors(model.tensors).write(to: file)
    try other.load(Safetensors(file: file).tensors)
    #expect(other.tensors == model.tensors)

    try tensor.write(npy: array)
    let same = try Tensor(npy: array)
    #expect(same == tensor)

    try FileManager.default.removeItem(atPath: file)
    try trainWithCheckpoint(model, file)

    let log = try MetricLog(table, format: .csv)
    var progress = ProgressReporter(epochs: 2, steps: 3)
    for epoch in 1...2 {
      for step in 1...3 { progress.step(["loss": 1 / Double(epoch * step)]) }
      progress.endEpoch(["accuracy": 0.5])
      try log.append(["epoch": .integer(epoch), "accuracy": 0.5])
    }
    #expect(try String(contentsOfFile: table, encoding: .utf8) == "epoch,accuracy\n1,0.5\n2,0.5\n")

    let chart = LineChart(
      "Training", x: "epoch", y: .logarithmic("loss"),
      series: [PlotSeries("training", [0.9, 0.3, 0.1]), PlotSeries("validation", [1, 0.5, .nan])])
    try chart.write(to: picture)
    #expect(try String(contentsOfFile: picture, encoding: .utf8) == chart.svg())
  }

  private func trainWithCheckpoint(_ model: MLP, _ file: String) throws {
    let x: Variable = [[1, 2], [3, 4]], y: Variable = [[1], [2]]
    let optimizer = Adam()
    var (epoch, losses, keys) = (0, [Double](), RandomStream(RandomKey(seed: 1)))
    let checkpoint = Checkpoint(file) { parts in
      parts.include(model)
      parts.include(optimizer, of: model)
      parts.include("keys", &keys)
      parts.include("epoch", &epoch)
      parts.include("losses", &losses)
    }
    if checkpoint.exists { try checkpoint.load() }
    while epoch < 5 {
      let key = keys.next()
      let (loss, gradients) = valueWithGradients {
        squaredErrorLoss(model(dropout(x, probability: 0.1, key: key)), y)
      }
      optimizer.update(model, with: gradients)
      losses.append(loss.item())
      epoch += 1
      try checkpoint.save()
    }
    epoch = 0
    try checkpoint.load()
    #expect(epoch == 5 && losses.count == 5)
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
