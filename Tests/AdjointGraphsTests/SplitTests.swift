import AdjointGraphs
import Testing

@Suite struct `A split of nodes` {
  @Test func `at random covers every node once`() {
    let split = NodeSplit(count: 50, validation: 0.2, test: 0.3, key: RandomKey(seed: 1))
    #expect(split.train.count == 25 && split.validation.count == 10 && split.test.count == 15)
    #expect(Set(split.train).union(split.validation).union(split.test).count == 50)
    #expect(split == NodeSplit(count: 50, validation: 0.2, test: 0.3, key: RandomKey(seed: 1)))
    #expect(split != NodeSplit(count: 50, validation: 0.2, test: 0.3, key: RandomKey(seed: 2)))
    let none = NodeSplit(count: 0, validation: 0.5, test: 0.5, key: RandomKey(seed: 1))
    #expect(none.train.isEmpty && none.test.isEmpty)
  }

  @Test func `in Planetoid's manner has equally many training nodes of each class, and none of unknown class`() {
    let labels = IndexArray((0..<90).map { $0 % 4 - 1 })
    let split = NodeSplit(labels: labels, perClass: 5, validation: 20, test: 30, key: RandomKey(seed: 1))
    for label in 0..<3 { #expect(split.train.count { labels[$0] == label } == 5) }
    #expect(split.validation.count == 20 && split.test.count == 30)
    #expect(IndexArray(Array(split.train) + split.validation + split.test).allSatisfy { labels[$0] >= 0 })
    let small = NodeSplit(labels: labels, perClass: 100, key: RandomKey(seed: 1))
    #expect(small.train.count == 67 && small.validation.isEmpty && small.test.isEmpty)
  }

  // 002-47
  @Test func `that is transductive hides labels alone: masked logits get no gradient, features of all count`() {
    let graph = KarateClub.graph, layer = GCNConv(3, 2, key: RandomKey(seed: 1))
    let split = NodeSplit(labels: KarateClub.labels, perClass: 4, validation: 8, test: 8, key: RandomKey(seed: 2))
    let mask = NodeSplit.mask(split.train, count: 34)
    let tape = Tape()
    let x = tape.variable(Tensor(normal: [34, 3], key: RandomKey(seed: 3)))
    let y = layer(x, on: graph)
    let logits = tape.variable(y.value)
    let ofLogits = softmaxCrossEntropy(logits: logits, KarateClub.labels, mask: mask).gradients()[logits].value
    let ofFeatures = softmaxCrossEntropy(logits: y, KarateClub.labels, mask: mask).gradients()[x].value
    for node in 0..<34 where !mask[node] { #expect(ofLogits[node, 0] == 0 && ofLogits[node, 1] == 0) }
    let felt = (0..<34).filter { !mask[$0] && ofFeatures[$0, 0] != 0 }
    #expect(!felt.isEmpty)
  }

  @Test func `rounds counts down, but takes the rounding of a fraction for none`() {
    let split = NodeSplit(count: 100, validation: 0.29, test: 0.07, key: RandomKey(seed: 1))
    #expect(split.validation.count == 29 && split.test.count == 7 && split.train.count == 64)
    #expect(NodeSplit(count: 99, validation: 0.29, test: 0, key: RandomKey(seed: 1)).validation.count == 28)
  }

  // 002-48
  @Test func `that is inductive cuts S: nothing of a test node reaches the training`() {
    var whole = AttributedGraph(KarateClub.graph)
    whole.nodes["x"] = .values(Tensor(normal: [34, 3], key: RandomKey(seed: 3)))
    whole.nodes["y"] = .labels(KarateClub.labels)
    let split = NodeSplit(count: 34, validation: 0.2, test: 0.3, key: RandomKey(seed: 4))
    let layer = GCNConv(3, 2, key: RandomKey(seed: 1))
    func gradient(_ data: AttributedGraph) -> Tensor {
      let cut = InductiveSplit(split, of: data).train
      return valueWithGradients {
        softmaxCrossEntropy(
          logits: layer(Variable(cut.graph.nodes.values("x")), on: cut.graph.graph), cut.graph.nodes.indices("y"))
      }.gradients[layer.$weight].value
    }
    var changed = whole
    var x = whole.nodes.values("x")
    for node in Array(split.test) + Array(split.validation) { x[node, 1] = 1e6 }
    changed.nodes["x"] = .values(x)
    #expect(gradient(whole).isIdentical(to: gradient(changed)))
    // The whole graph would have carried it there.
    let (before, after) = [whole, changed].map { layer(Variable($0.nodes.values("x")), on: $0.graph).value }.pair
    #expect(split.train.contains { before[$0, 0] != after[$0, 0] })

    let stages = InductiveSplit(split, of: whole)
    #expect(stages.train.graph.graph.nodeCount == split.train.count && stages.train.rows.count == split.train.count)
    #expect(stages.validation.rows.map { stages.validation.nodes[$0] } == Array(split.validation))
    #expect(stages.test.rows == split.test && stages.test.graph.graph.edgeCount == KarateClub.graph.edgeCount)
    #expect(
      zip(stages.train.graph.graph.sources, stages.train.graph.graph.targets).allSatisfy { a, b in
        split.train.contains(stages.train.nodes[a]) && split.train.contains(stages.train.nodes[b])
      })
  }

  // 001-39, 001-40
  @Test func `lets a model be trained on one graph and used on another`() {
    func network(_ seed: UInt64) -> (graph: Graph, labels: IndexArray, x: Variable) {
      let (graph, labels) = Graph.stochasticBlockModel(
        sizes: [40, 40], probabilities: [[0.25, 0.02], [0.02, 0.25]], key: RandomKey(seed: seed))
      // A weak hint of the class, which only the neighbours' average makes sure.
      let noise = Tensor(normal: [80, 2], key: RandomKey(seed: seed + 1))
      let hint = Tensor.eye(2).gatherRows(labels)
      return (graph, labels, Variable(noise + hint))
    }
    let (known, there) = (network(10), network(20))
    // A quarter of the first graph's nodes comes later.
    let kept = IndexArray((0..<80).filter { $0 % 4 != 0 }), here = known.graph.subgraph(of: kept)
    let (x, labels) = (Variable(known.x.value.gatherRows(kept)), IndexArray(kept.map { known.labels[$0] }))
    let model = GCN(2, hidden: 8, classes: 2, dropout: 0, key: RandomKey(seed: 1))
    let optimizer = Adam(learningRate: 0.05)
    for _ in 0..<40 {
      let gradients = valueWithGradients {
        softmaxCrossEntropy(logits: model(x, on: here), labels)
      }.gradients
      optimizer.update(model, with: gradients)
    }
    func share(_ network: (graph: Graph, labels: IndexArray, x: Variable), _ nodes: [Int]) -> Double {
      let classes = model(network.x, on: network.graph).value.argmax(along: 1)
      return Double(nodes.count { classes[$0] == network.labels[$0] }) / Double(nodes.count)
    }
    #expect(share(known, (0..<80).filter { $0 % 4 == 0 }) > 0.9)
    #expect(share(there, Array(0..<80)) > 0.9)
    // The number of parameters has nothing to do with that of nodes: a graph of any size fits.
    #expect(model(Variable(Tensor(ones: [7, 2])), on: .ring(7)).shape == [7, 2])
  }

  // 001-41
  @Test func `is not needed for nodes that arrive later: what is further away than the layers stays as it was`() throws
  {
    let layers = [GCNConv(2, 4, key: RandomKey(seed: 1)), GCNConv(4, 3, key: RandomKey(seed: 2))]
    let old = Graph.path(8), x = Tensor(normal: [8, 2], key: RandomKey(seed: 3))
    let grown = try Graph(
      nodeCount: 9, from: IndexArray(Array(old.sources) + [7, 8]), to: IndexArray(Array(old.targets) + [8, 7]))
    let more = concatenate([x, Tensor(normal: [1, 2], key: RandomKey(seed: 4))], along: 0)
    func embed(_ x: Tensor, _ graph: Graph) -> Tensor { layers.reduce(Variable(x)) { $1($0, on: graph) }.value }
    let (before, after) = (embed(x, old), embed(more, grown))
    let distances = grown.hopDistances(to: 8)
    // The new edge changes the degree of node 7, so that its neighbours' messages change one step further away.
    for node in 0..<8 {
      let same = before.rows(node..<node + 1).isIdentical(to: after.rows(node..<node + 1))
      #expect(same == (distances[node] > 3), "node \(node)")
    }
    #expect(after.rows(8..<9).scalars(as: Double.self).allSatisfy { $0.isFinite })
  }
}

extension Array {
  fileprivate var pair: (Element, Element) { (self[0], self[1]) }
}

@Suite struct `The folds of a cross-validation` {
  @Test func `test every example once, with nearly equal parts of every class`() {
    let labels = IndexArray((0..<97).map { $0 % 7 == 0 ? 1 : $0 % 3 == 0 ? 2 : 0 })
    let folds = Folds(stratifying: labels, count: 10, key: RandomKey(seed: 1))
    #expect(folds.count == 10 && folds.foldOfExample.count == 97)
    var tested: [Int] = []
    for fold in 0..<10 {
      let split = folds.split(testing: fold)
      #expect(Set(split.train).isDisjoint(with: split.test) && split.train.count + split.test.count == 97)
      #expect((9...10).contains(split.test.count))
      tested += split.test
      let three = folds.split(testing: fold, hasValidation: true)
      #expect(three.validation == folds.split(testing: (fold + 1) % 10).test && three.test == split.test)
    }
    #expect(tested.sorted() == Array(0..<97))
    for label in 0..<3 {
      let counts = (0..<10).map { fold in folds.split(testing: fold).test.count { labels[$0] == label } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test func `without classes are of nearly equal size, and given ones are kept`() {
    let folds = Folds(exampleCount: 11, count: 4, key: RandomKey(seed: 1))
    #expect((0..<4).map { folds.split(testing: $0).test.count }.sorted() == [2, 3, 3, 3])
    let given = Folds([1, 0, 1])
    #expect(given.count == 2 && given.split(testing: 1).test == [0, 2] && given.split(testing: 1).train == [1])
    #expect(Folds([]).count == 0)
  }
}
