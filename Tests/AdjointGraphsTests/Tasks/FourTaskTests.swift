import AdjointGraphs
import Testing

private let key = RandomKey(seed: 6)

// 001-06: the four tasks on networks, each in its smallest form. 004-01: fields outside of Euclidean space, from four of which
// there is a network here: social ones, recommendations, molecules and manifolds.
@Suite struct `Tasks on networks` {
  @Test func `nodes are classified: the karate club from two labels`() {
    let graph = KarateClub.graph, x = Variable(Tensor.eye(34))
    let model = GCN(34, hidden: 8, classes: 2, dropout: 0, activation: { tanh($0) }, key: key.stream(0))
    fit(model, steps: 80, learningRate: 0.02) { _ in
      softmaxCrossEntropy(logits: model(x, on: graph).gatherRows([0, 33]), [0, 1])
    }
    #expect(share(of: IndexArray(0..<34), rightBy: model(x, on: graph), KarateClub.labels) >= 30.0 / 34)
  }

  // A social network: 004-01.
  @Test func `links are predicted: an autoencoder scores hidden friendships above none`() throws {
    let (graph, _) = Graph.stochasticBlockModel(
      sizes: [20, 20], probabilities: [[0.5, 0.03], [0.03, 0.5]], key: key.stream(1))
    let split = try LinkSplit(graph, validation: 0, test: 0.15, key: key.stream(2))
    try verify(split, of: graph)
    let model = GCN(40, hidden: 16, classes: 8, dropout: 0, key: key.stream(3)), x = Variable(Tensor.eye(40))
    let losses = fit(model, steps: 40, learningRate: 0.02) { _ in
      reconstructionLoss(
        DotDecoder(), model(x, on: split.train.messages), edges: split.train.positives,
        nonEdges: split.train.negatives)
    }
    #expect(losses[39] < 0.8 * losses[0])
    let z = model(x, on: split.test.messages),
      labels = (0..<split.test.pairs.count).map { $0 < split.test.positives.count }
    #expect(try rocAUC(scores: DotDecoder()(z, of: split.test.pairs).value, labels: labels) > 0.7)
  }

  @Test func `communities are found: clusters of embeddings agree with the blocks and are modular`() {
    let (graph, blocks) = Graph.stochasticBlockModel(
      sizes: [20, 16, 12], probabilities: (0..<3).map { a in (0..<3).map { a == $0 ? 0.6 : 0.02 } }, key: key.stream(4))
    let table = Embedding(48, 8, key: key.stream(5))
    fit(table, steps: 25, learningRate: 0.1) { step in
      let walks = graph.randomWalks(
        from: IndexArray(0..<48), length: 6, p: 1, q: 0.5, key: key.stream(6).stream(step))
      let together = NodePairs(visitedTogetherBy: walks, length: 6, window: 2)
      let other = IndexArray(key.stream(7).stream(step).bits(count: together.count).map { Int($0 % 48) })
      return reconstructionLoss(
        DotDecoder(), table.weight, edges: together, nonEdges: NodePairs(sources: together.sources, targets: other))
    }
    let clusters = KMeans(table.weight.value, clusters: 3, key: key.stream(8)).assignments
    #expect(ClusterAgreement(clusters: clusters, classes: blocks).normalizedMutualInformation > 0.8)
    #expect(graph.modularity(of: clusters) > 0.9 * graph.modularity(of: blocks))
  }

  @Test func `networks are compared: pooled embeddings of rings are closer to rings than to stars`() throws {
    func star(_ leaves: Int) throws -> Graph {
      try Graph(nodeCount: leaves + 1, undirected: (1...leaves).map { (0, $0) })
    }
    let graphs = [Graph.ring(8), Graph.ring(11), try star(7), try star(10)]
    let batch = GraphBatch(graphs), x = Variable(Tensor(ones: [batch.graph.nodeCount, 1]))
    let model = GIN([1, 8, 8], dropout: 0, key: key.stream(9))
    let pooled = batch.readout(model(x, on: batch.graph), by: .mean).value
    func distance(_ a: Int, _ b: Int) -> Double {
      square(pooled.rows(a..<a + 1) - pooled.rows(b..<b + 1)).sum().item().squareRoot()
    }
    // A mean cannot tell the length of a ring; the degrees of a star it can.
    #expect(distance(0, 1) < 1e-5)
    #expect(distance(2, 3) < distance(0, 2) && distance(2, 3) < distance(1, 3))
  }
}

@Suite struct `Fields outside of Euclidean space` {
  // 004-01: a recommender system is a bipartite graph of readers and books; hidden likings are predicted.
  @Test func `books are recommended to readers`() throws {
    // Readers and books of two tastes; each reader likes most books of the own taste.
    let draws = key.stream(20).bits(count: 16 * 12).map { $0 % 10 }
    let likings = (0..<16).flatMap { reader -> [(Int, Int)] in
      (0..<12).filter { (draws[reader * 12 + $0] < 8) == (reader % 2 == $0 % 2) }.map { (reader, $0) }
    }
    let asked = likings.enumerated().filter { $0.offset % 6 == 0 }.map(\.element)
    let known = likings.enumerated().filter { $0.offset % 6 != 0 }.map(\.element)
    // From readers to books; books take the mean of who likes them.
    let toBooks = try Graph(sourceCount: 16, targetCount: 12, edges: known)
    let readers = Embedding(16, 8, key: key.stream(21)), books = Embedding(12, 8, key: key.stream(22))
    let layer = SAGEConv(8, 8, key: key.stream(23))
    func z() -> Variable {
      concatenate(
        [readers.weight, layer(sources: readers.weight, targets: books.weight, on: toBooks)], along: 0)
    }
    let all = (0..<16).flatMap { reader -> [(Int, Int)] in (0..<12).map { (reader, $0) } }
    let none = all.filter { pair in !likings.contains { $0 == pair } }
    func nodes(_ pairs: [(Int, Int)]) -> NodePairs { NodePairs(pairs.map { ($0.0, 16 + $0.1) }) }
    fit(readers, books, layer, steps: 40, learningRate: 0.03) { _ in
      reconstructionLoss(DotDecoder(), z(), edges: nodes(known), nonEdges: nodes(Array(none.prefix(none.count / 2))))
    }
    let pairs = nodes(asked + none.suffix(none.count - none.count / 2))
    let labels = (0..<pairs.count).map { $0 < asked.count }
    #expect(try rocAUC(scores: DotDecoder()(z(), of: pairs).value, labels: labels) > 0.7)
  }

  // 004-01: a manifold is known by points on it; neighbours among them make a graph, along which labels spread.
  @Test func `two entangled curves are told apart by a label on each`() {
    // Two interleaved half circles: no line separates them.
    let points = (0..<2).flatMap { curve in
      (0..<30).flatMap { place in
        let angle = Double.pi * Double(place) / 29, side = curve == 0 ? 1.0 : -1.0
        return [side * cos(angle) + Double(curve), side * sin(angle) + 0.4 * Double(curve)]
      }
    }
    let graph = Graph(nearest: 3, among: Tensor(points, shape: [60, 2]))
    let labels = IndexArray((0..<60).map { $0 / 30 })
    let x = Variable(Tensor.eye(60)), model = SGConv(60, 2, hops: 16, key: key.stream(30))
    fit(model, steps: 60, learningRate: 0.1) { _ in
      softmaxCrossEntropy(logits: model(x, on: graph).gatherRows([15, 45]), [0, 1])
    }
    #expect(share(of: IndexArray(0..<60), rightBy: model(x, on: graph), labels) >= 0.9)
  }
}

// 004-06: a network on every neighbour, then any aggregation that does not depend on their order.
@Suite struct `A network on every neighbour and an aggregation` {
  @Test(arguments: Reduction.allCases) func `do not depend on the order of the neighbours`(reduction: Reduction) throws
  {
    try withDefaultDType(.float64) {
      let edges = [(0, 3), (1, 3), (2, 3), (1, 3), (3, 0), (2, 0)]
      let network = MLP([2, 6, 3], key: key.stream(40)), x = Variable(Tensor(normal: [4, 2], key: key.stream(41)))
      func reduced(_ edges: [(Int, Int)]) throws -> Tensor {
        Endpoint.source(network(x)).reduced(by: reduction, on: try Graph(nodeCount: 4, edges: edges)).value
      }
      let plain = try reduced(edges)
      for number in 0..<12 {
        let order = key.stream(42).stream(number).permutation(edges.count)
        #expect(abs(try reduced(order.map { edges[$0] }) - plain).max().item() <= 1e-14)
      }
    }
  }

  @Test func `differ in what they can tell: a sum counts, a mean weighs, a maximum looks for the extreme`() throws {
    // Node 2 hears node 0 once, node 3 hears it twice, node 4 hears it twice and node 1 once.
    let graph = try Graph(nodeCount: 5, edges: [(0, 2), (0, 3), (0, 3), (0, 4), (0, 4), (1, 4)])
    let x: Variable = [[3], [9], [0], [0], [0]]
    #expect(graph.sum(.source(x)).value == [[0], [0], [3], [6], [15]])
    #expect(graph.mean(.source(x)).value == [[0], [0], [3], [3], [5]])
    #expect(graph.max(.source(x)).value == [[0], [0], [3], [3], [9]])
  }
}
