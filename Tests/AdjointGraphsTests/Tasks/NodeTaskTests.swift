import AdjointGraphs
import Testing

private let key = RandomKey(seed: 37)

@Suite struct `Drugs that interact` {
  // 001-37: a network of drugs, each safe or toxic; toxic ones interact with each other, and half of the labels are hidden.
  @Test func `are told safe from toxic by the company they keep`() throws {
    let (graph, labels) = Graph.stochasticBlockModel(
      sizes: [24, 16], probabilities: [[0.25, 0.04], [0.04, 0.3]], key: key.stream(0))
    // A weak sign of toxicity among features that say nothing.
    let noise = Tensor(normal: [40, 4], key: key.stream(1))
    let x = Variable(noise + Tensor(labels.map { Double($0) }, shape: [40, 1]) * Tensor([[1.5, 0, 0, 0]]))
    let targets = Variable(Tensor(labels.map { Double($0) }, shape: [40]))
    let isKnown = (0..<40).map { $0 % 2 == 0 }
    let model = GraphSAGE([4, 8, 1], dropout: 0, key: key.stream(2))
    func logits() -> Variable { model(x, on: graph).reshaped(to: [40]) }
    func area() throws -> Double {
      let hidden = IndexArray((0..<40).filter { !isKnown[$0] })
      return try rocAUC(scores: logits().value.gatherRows(hidden), labels: hidden.map { labels[$0] == 1 })
    }
    let losses = fit(model, steps: 60, learningRate: 0.02) { _ in
      binaryCrossEntropy(logits: logits(), targets, mask: isKnown)
    }
    #expect(losses[59] < 0.5 * losses[0])
    #expect(try area() > 0.9)
  }
}

/// A citation network in Planetoid's own files: 540 papers of two areas with words, years and citations, mostly within an area.
private struct CitationNetwork {
  private static let count = 540, words = 6, years = 6
  let papers: CitationGraph

  init() throws {
    let folder = try TemporaryFolder(), all = Self.count
    let isWordless = key.stream(9).bits(count: all).map { $0 % 3 == 0 }
    let features = (0..<all).map { paper in
      // A word of the area, unless the text says nothing; the year counts as a word of its own.
      (isWordless[paper] ? [] : [paper % 2 * 3 + paper / 2 % 3]) + [Self.words + paper * Self.years / all]
    }
    let classes = (0..<all).map { $0 % 2 == 0 ? [1, 0] : [0, 1] }
    let citations = (0..<all).map { paper in
      ([paper + 2, paper + 4] + (paper % 9 == 0 ? [paper + 1] : [])).filter { $0 < all }
    }
    func write(_ part: String, _ bytes: [UInt8]) throws { try folder.write("ind.toy.\(part)", bytes) }
    func rows(_ papers: Range<Int>) -> [UInt8] {
      Pickled.csr(rows: papers.count, columns: Self.words + Self.years, entries: Array(features[papers]))
    }
    // 20 papers to train on, the next 500 to choose by, the last 20 to report on.
    try write("allx", rows(0..<520))
    try write("tx", rows(520..<540))
    try write("ally", Pickled.array(Array(classes[0..<520])))
    try write("y", Pickled.array(Array(classes[0..<20])))
    try write("ty", Pickled.array(Array(classes[520..<540])))
    let symmetric = (0..<all).map { paper in citations[paper] + (0..<all).filter { citations[$0].contains(paper) } }
    try write("graph", Pickled.graph(symmetric))
    try folder.write("ind.toy.test.index", (520..<540).map { "\($0)\n" }.joined())
    papers = try CitationGraph(planetoid: folder.path, name: "toy")
  }
}

@Suite struct `Papers that cite each other` {
  private let papers: CitationGraph

  init() throws { papers = try CitationNetwork().papers }

  private func train(_ layer: any Layer, _ logits: @escaping () -> Variable) -> [Double] {
    let labels = IndexArray(papers.train.map { papers.labels[$0] })
    return fit(layer, steps: 40, learningRate: 0.02) { _ in
      softmaxCrossEntropy(logits: logits().gatherRows(papers.train), labels)
    }
  }

  // 002-01: the area of a paper from its words, its year and the papers that it cites, read from Planetoid's raw files.
  @Test func `have their areas predicted from words, years and citations`() {
    let x = papers.features.rowNormalized()
    let model = GCN(x.shape[1], hidden: 8, classes: 2, dropout: 0, key: key.stream(3))
    let losses = train(model) { model(x, on: papers.graph) }
    #expect(losses[39] < 0.6 * losses[0])
    #expect(share(of: papers.test, rightBy: model(x, on: papers.graph), papers.labels) >= 0.9)
    // Papers without a word of their area are known by their neighbours alone.
    let wordless = IndexArray(
      papers.test.filter { paper in
        zip(papers.featurePattern.rows, papers.featurePattern.columns).allSatisfy { $0 != paper || $1 >= 6 }
      })
    #expect(!wordless.isEmpty && share(of: wordless, rightBy: model(x, on: papers.graph), papers.labels) >= 0.75)
  }

  // 004-13: the lecture's notebook, one layer of GraphSAGE with the maximum.
  @Test func `train a single layer that takes the maximum over the neighbours`() {
    let x = papers.features.rowNormalized().dense()
    let model = SAGEConv(x.shape[1], 2, aggregation: .max, key: key.stream(4))
    let losses = train(model) { model(x, on: papers.graph) }
    #expect(losses[39] < 0.7 * losses[0])
    #expect(share(of: papers.validation, rightBy: model(x, on: papers.graph), papers.labels) >= 0.8)
    #expect(share(of: papers.test, rightBy: model(x, on: papers.graph), papers.labels) >= 0.8)
  }
}
