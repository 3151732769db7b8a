import AdjointGraphs
import Testing

private let key = RandomKey(seed: 3)

@Suite struct `Molecules` {
  /// Chains of carbon, half of them with a nitrogen at an end, in the files of the TU Dortmund collection.
  private func collection() throws -> GraphCollection {
    let folder = try TemporaryFolder()
    var (edges, indicator, labels, atoms, first) = ("", "", "", "", 1)
    for molecule in 0..<24 {
      let size = 3 + molecule / 2 % 4, isActive = molecule % 2 == 1
      for atom in 0..<size {
        indicator += "\(molecule + 1)\n"
        atoms += atom == 0 && isActive ? "1\n" : "0\n"
        if atom > 0 { edges += "\(first + atom - 1), \(first + atom)\n\(first + atom), \(first + atom - 1)\n" }
      }
      labels += isActive ? "1\n" : "-1\n"
      first += size
    }
    try folder.write("M_A.txt", edges)
    try folder.write("M_graph_indicator.txt", indicator)
    try folder.write("M_graph_labels.txt", labels)
    try folder.write("M_node_labels.txt", atoms)
    return try GraphCollection(folder: folder.path, name: "M")
  }

  // 002-03 and 002-54: whether a molecule is active against bacteria, or toxic: a class for each graph.
  @Test func `are told active from inactive as whole graphs`() throws {
    let molecules = try collection()
    let model = GINClassifier(2, hidden: 8, layers: 2, classes: 2, key: key.stream(0))
    let train = GraphBatch(Array(molecules.graphs[0..<16])), test = GraphBatch(Array(molecules.graphs[16..<24]))
    let labels = IndexArray(molecules.labels.prefix(16))
    func logits(_ batch: GraphBatch) -> Variable { model(Variable(batch.nodes.values("x")), on: batch) }
    let losses = fit(model, steps: 60, learningRate: 0.02) { _ in softmaxCrossEntropy(logits: logits(train), labels) }
    #expect(losses[59] < 0.3 * losses[0])
    #expect(Array(logits(test).value.argmax(along: 1)) == Array(molecules.labels.suffix(8)))
  }

  // 002-03: the same on the real ones, against the entropy of the two classes, which no constant answer gets below.
  @Test(.enabled(if: publishedData != nil, "set ADJOINT_DATA to the folder with mutag/"))
  func `that cause mutations are told from others better than by how many there are`() throws {
    let molecules = try GraphCollection(folder: "\(publishedData ?? "")/mutag", name: "MUTAG")
    let batch = GraphBatch(molecules.graphs), x = Variable(batch.nodes.values("x"))
    let model = GINClassifier(x.shape[1], hidden: 8, layers: 2, classes: 2, key: key.stream(1))
    let losses = fit(model, steps: 40, learningRate: 0.02) { _ in
      softmaxCrossEntropy(logits: model(x, on: batch), molecules.labels)
    }
    // 63 of 188 are of class 0: −⅓ ln ⅓ − ⅔ ln ⅔, nearly.
    #expect(losses[39] < 0.638, "\(losses[39])")
  }

  // 002-54: a number for each graph, as a molecule's solubility is: here the number of its rings.
  @Test func `have a number predicted for each of them`() throws {
    let graphs = SyntheticTasks.ringCounting(count: 60, rings: 0...3, ringSizes: 3...5, treeSizes: 2...6, key: key.stream(2))
    let rings = graphs.map { Double($0.global.indices("y")[0]) }
    let model = GINClassifier(1, hidden: 8, layers: 1, classes: 1, key: key.stream(3))
    func numbers(_ range: Range<Int>) -> Variable {
      let batch = GraphBatch(Array(graphs[range]))
      return model(Variable(batch.nodes.values("x")), on: batch).reshaped(to: [range.count])
    }
    func truth(_ range: Range<Int>) -> Tensor { Tensor(Array(rings[range]), shape: [range.count]) }
    fit(model, steps: 150, learningRate: 0.02) { _ in squaredErrorLoss(numbers(0..<40), Variable(truth(0..<40))) }
    #expect(try rSquared(numbers(40..<60).value, truth(40..<60)) > 0.8)
  }
}

@Suite struct `Access points in a building` {
  // 002-54: where a telephone is, from how strongly each access point hears it: two numbers for each graph of access points.
  @Test func `locate a telephone by the strengths of its signal`() throws {
    // Points on a grid of 3 × 3 metres' tens; they are the nodes of a complete graph for each place of the telephone.
    let points = (0..<9).map { SIMD2(Double($0 % 3), Double($0 / 3)) }
    let places = Tensor(uniform: [48, 2], low: 0, high: 2, key: key.stream(4)).scalars(as: Double.self)
    let spread = Tensor(normal: [48, 9], standardDeviation: 0.02, key: key.stream(5)).scalars(as: Double.self)
    let graphs = (0..<48).map { number in
      let place = SIMD2(places[2 * number], places[2 * number + 1])
      var graph = AttributedGraph(Graph.complete(9))
      let rows = points.enumerated().flatMap { index, point in
        let offset = place - point, strength = 1 / (0.5 + (offset * offset).sum()) + spread[9 * number + index]
        return [point.x - 1, point.y - 1, strength]
      }
      graph.nodes["x"] = .values(Tensor(rows, shape: [9, 3]))
      return graph
    }
    let truth = Tensor(places.map { $0 - 1 }, shape: [48, 2])
    let convolution = GraphConv(3, 16, reduction: .mean, key: key.stream(6))
    let readout = AttentionReadout(
      gate: MLP([16, 16, 1], key: key.stream(7)), features: MLP([16, 16, 2], key: key.stream(8)))
    func located(_ range: Range<Int>) -> Variable {
      let batch = GraphBatch(Array(graphs[range]))
      return readout(relu(convolution(Variable(batch.nodes.values("x")), on: batch.graph)), on: batch)
    }
    fit(convolution, readout, steps: 120, learningRate: 0.02) { _ in
      squaredErrorLoss(located(0..<32), Variable(truth.rows(0..<32)))
    }
    let held = truth.rows(32..<48), error = try rootMeanSquaredError(located(32..<48).value, held)
    let baseline = try rootMeanSquaredError(Tensor(zeros: [16, 2]), held)
    #expect(error < 0.5 * baseline, "\(error) against \(baseline) for the middle of the building")
  }
}
