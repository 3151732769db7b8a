import AdjointGraphs
import Testing

private let key = RandomKey(seed: 42)

@Suite struct `Tasks on whole graphs` {
  // 002-03, 002-54
  @Test(.enabled(if: publishedData != nil, "needs the MUTAG files in the folder that ADJOINT_DATA names"))
  func `tell molecules that change genes from those that do not`() throws {
    let mutag = try GraphCollection(folder: "\(publishedData ?? "")/mutag", name: "MUTAG")
    let split = Folds(stratifying: mutag.labels, count: 4, key: key).split(testing: 0)
    func batch(_ molecules: IndexArray) -> (x: Variable, graphs: GraphBatch, labels: IndexArray) {
      let graphs = GraphBatch(molecules.map { mutag.graphs[$0] })
      return (Variable(graphs.nodes.values("x")), graphs, IndexArray(molecules.map { mutag.labels[$0] }))
    }
    let model = GINClassifier(7, hidden: 8, layers: 2, classes: 2, dropout: 0, key: key)
    let optimizer = Adam(learningRate: 0.02)
    for epoch in 0..<4 {
      let order = key.stream(epoch).permutation(split.train.count).map { split.train[$0] }
      for start in stride(from: 0, to: order.count, by: 47) {
        let (x, graphs, labels) = batch(IndexArray(order[start..<Swift.min(start + 47, order.count)]))
        let gradients = valueWithGradients {
          softmaxCrossEntropy(logits: model(x, on: graphs, key: key), labels)
        }.gradients
        optimizer.update(model, with: gradients)
      }
    }
    let (x, graphs, labels) = batch(split.test)
    let logits = model(x, on: graphs).value
    let scores = Tensor(labels.indices.map { logits[$0, 1] - logits[$0, 0] })
    let area = try rocAUC(scores: scores, labels: labels.map { $0 == 1 })
    #expect(area > 0.8, "area under the curve \(area)")
  }

  // 002-54: the position of a phone from the access points that it hears.
  @Test func `find a place in a hall from the loudness of access points`() {
    let phones = SyntheticTasks.indoorPositions(count: 90, accessPoints: 9, key: key)
    let (train, test) = (GraphBatch(Array(phones.prefix(60))), GraphBatch(Array(phones.suffix(30))))
    let convolution = SAGEConv(3, 12, key: key.stream(1))
    let readout = AttentionReadout(
      gate: MLP([12, 12, 1], key: key.stream(2)), features: MLP([12, 12, 2], key: key.stream(3)))
    func places(_ graphs: GraphBatch) -> Variable {
      readout(relu(convolution(Variable(graphs.nodes.values("x")), on: graphs.graph)), on: graphs)
    }
    func error(_ guesses: Variable, _ graphs: GraphBatch) -> Double {
      (guesses - Variable(graphs.global.values("y"))).norm(along: 1).mean().item()
    }
    let optimizer = Adam(learningRate: 0.02), before = error(places(test), test)
    for _ in 0..<80 {
      let gradients = valueWithGradients {
        squaredErrorLoss(places(train), Variable(train.global.values("y")))
      }.gradients
      optimizer.update(convolution.parameters + readout.parameters, with: gradients)
    }
    let heard = test.readout(Variable(test.nodes.values("x")).slice(0..<2, along: 1), by: .mean)
    #expect(error(places(test), test) < 0.5 * before)
    #expect(error(places(test), test) < 0.7 * error(heard, test), "\(error(places(test), test))")
  }

  @Test func `in a hall are drawn as promised: three access points or more, louder when nearer, the same for a key`() {
    let phones = SyntheticTasks.indoorPositions(count: 20, accessPoints: 6, noise: 0, key: key)
    #expect(phones.count == 20 && phones.allSatisfy { $0.graph.nodeCount >= 3 })
    for phone in phones {
      let x = phone.nodes.values("x"), y = phone.global.values("y"), count = phone.graph.nodeCount
      #expect(x.shape == [count, 3] && y.shape == [1, 2] && phone.graph.edgeCount == count * (count - 1))
      for node in 0..<count {
        let (right, up) = (x[node, 0] - y[0, 0], x[node, 1] - y[0, 1])
        // 2 − 3 lg(10 d) in units of 10 dB above −60 dBm.
        let loudness =
          2 - 1.5 * log(Tensor(100 * (right * right + up * up), dtype: .float64)).item() / 2.302585092994046
        #expect(abs(x[node, 2] - loudness) < 1e-4)
      }
    }
    let again = SyntheticTasks.indoorPositions(count: 20, accessPoints: 6, noise: 0, key: key)
    #expect(again[7].nodes.values("x").isIdentical(to: phones[7].nodes.values("x")))
    #expect(SyntheticTasks.indoorPositions(count: 0, key: key).isEmpty)
  }

  // 001-06: how alike two networks are.
  @Test func `compare networks: those of one kind have embeddings that are near, whatever their size`() {
    let networks = (0..<4).flatMap { size in
      [
        Graph.grid(rows: 4 + size, columns: 5), .barabasiAlbert(20 + 7 * size, attachments: 2, key: key.stream(size)),
        .tree(depth: 3, branching: 2 + size % 2),
      ]
    }
    let batch = GraphBatch(networks), model = GraphSAGE([1, 16, 16], dropout: 0, key: key)
    let degrees = log1p(Variable(NodeFeatures.degree(batch.graph)))
    let embeddings = batch.readout(tanh(model(degrees, on: batch.graph)), by: .mean)
    let nearest = Graph(nearest: 1, among: embeddings.value)
    #expect(nearest.homophily(IndexArray(networks.indices.map { $0 % 3 })) == 1)
    // A network and a renumbered copy of it are at distance 0 but for rounding.
    let hubs = networks[1], renumbered = hubs.permuted(IndexArray(key.permutation(hubs.nodeCount)))
    let pair = GraphBatch([hubs, renumbered])
    let both = pair.readout(
      tanh(model(log1p(Variable(NodeFeatures.degree(pair.graph))), on: pair.graph)), by: .mean)
    #expect(abs(both.value.rows(0..<1) - both.value.rows(1..<2)).max().item() < 1e-6)
  }
}
