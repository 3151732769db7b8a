import AdjointGraphs
import Testing

@Suite struct `A split of links` {
  // 002-52
  @Test(arguments: [true, false]) func `keeps what is asked apart from what messages run along`(_ isUndirected: Bool)
    throws
  {
    let drawn = Graph.erdosRenyi(40, probability: 0.15, key: RandomKey(seed: 1))
    let graph = isUndirected ? drawn : drawn.keeping(edges: IndexArray((0..<drawn.edgeCount).filter { $0 % 3 > 0 }))
    for heldBack in [0, 0.3] {
      let split = try LinkSplit(
        graph, validation: 0.1, test: 0.2, heldBack: heldBack, negativesPerPositive: 2, key: RandomKey(seed: 2))
      try verify(split, of: graph, trainingMayRunAlongPositives: heldBack == 0)
      let edges = isUndirected ? graph.edgeCount / 2 : graph.edgeCount
      if isUndirected {
        #expect(split.test.positives.count == Int(0.2 * Double(edges)))
        #expect(split.validation.positives.count == Int(0.1 * Double(edges)))
      }
      #expect(split.train.negatives.count == 2 * split.train.positives.count)
      #expect(split.train.messages.isUndirected == isUndirected)
      #expect(split.test.messages.nodeCount == 40)
      #expect(split.test.pairs.count == split.test.labels().count)
      #expect(split.test.labels().sum().item() == Double(split.test.positives.count))
      if heldBack == 0 {
        let all = split.train.positives.count + split.validation.positives.count + split.test.positives.count
        #expect(all == edges)
      }
    }
  }

  // 002-52
  @Test func `that leaks is refused loudly, whatever the leak`() throws {
    let graph = Graph.ring(12)
    let good = try LinkSplit(graph, validation: 0.2, test: 0.2, key: RandomKey(seed: 3))
    try verify(good, of: graph)
    func pair(_ a: Int, _ b: Int) -> NodePairs { NodePairs(sources: [a], targets: [b]) }
    func stage(
      _ stage: LinkSplit.Stage, messages: Graph? = nil, positives: NodePairs? = nil, negatives: NodePairs? = nil
    ) -> LinkSplit.Stage {
      LinkSplit.Stage(
        messages: messages ?? stage.messages, positives: positives ?? stage.positives,
        negatives: negatives ?? stage.negatives)
    }
    let asked = good.test.positives, (u, v) = (asked.sources[0], asked.targets[0])
    func leak(_ split: LinkSplit) -> LinkLeak? { #expect(throws: LinkLeak.self) { try verify(split, of: graph) } }

    // A test edge among the training messages, in the other direction alone.
    let train = good.train.messages
    let added = try Graph(
      nodeCount: 12, from: IndexArray(Array(train.sources) + [v]), to: IndexArray(Array(train.targets) + [u]))
    let first = leak(LinkSplit(train: stage(good.train, messages: added), validation: good.validation, test: good.test))
    #expect(first == .positiveInMessages(part: .test, messagesOf: .training, source: u, target: v))
    #expect(first?.description == "LinkSplit: the test edge \(u) → \(v) is in the messages of the training")
    // The whole graph as the messages of the test.
    #expect(
      leak(LinkSplit(train: good.train, validation: good.validation, test: stage(good.test, messages: graph))) != nil)
    // A negative that is an edge, reversed; also if one direction is stored twice.
    let doubled = try Graph(
      nodeCount: 12, from: IndexArray(Array(graph.sources) + [u]), to: IndexArray(Array(graph.targets) + [v]))
    let back = LinkSplit(train: good.train, validation: good.validation, test: stage(good.test, negatives: pair(v, u)))
    #expect(throws: LinkLeak.negativeIsEdge(part: .test, source: v, target: u)) { try verify(back, of: doubled) }
    let negative = leak(back)
    #expect(negative == .negativeIsEdge(part: .test, source: v, target: u))
    #expect(negative?.description == "LinkSplit: the test negative \(v) → \(u) is an edge of the graph")
    let (a, b) = (train.sources[0], train.targets[0])
    let heard = leak(
      LinkSplit(train: stage(good.train, negatives: pair(b, a)), validation: good.validation, test: good.test))
    #expect(heard == .negativeInMessages(part: .training, messagesOf: .training, source: b, target: a))
    #expect(
      heard?.description == "LinkSplit: the training negative \(b) → \(a) is in the messages of the training")
    // A positive that is none.
    let none = leak(
      LinkSplit(train: stage(good.train, positives: pair(0, 5)), validation: good.validation, test: good.test))
    #expect(none == .positiveIsNoEdge(part: .training, source: 0, target: 5))
    #expect(none?.description == "LinkSplit: the training edge 0 → 5 is no edge of the graph")
    // The same pair in two stages.
    let twice = leak(
      LinkSplit(train: stage(good.train, positives: pair(u, v)), validation: good.validation, test: good.test))
    #expect(twice == .askedTwice(first: .training, second: .test, source: u, target: v))
    #expect(
      twice?.description
        == "LinkSplit: the pair \(u) → \(v) of the test is asked for in the training already")
    // Messages along what is no edge.
    let stray = leak(
      LinkSplit(
        train: stage(good.train, messages: try Graph(nodeCount: 12, edges: [(0, 6)])), validation: good.validation,
        test: good.test))
    #expect(stray == .foreignMessage(messagesOf: .training, source: 0, target: 6))
    #expect(
      stray?.description
        == "LinkSplit: the messages of the training run along 0 → 6, which is no edge of the graph")
    #expect(throws: LinkLeak.self) { try verify(good, of: graph, trainingMayRunAlongPositives: false) }
  }

  // 002-53
  @Test func `that is inductive splits by graph: no node is in two parts`() throws {
    let graphs = (0..<6).map { Graph.erdosRenyi(12, probability: 0.3, key: RandomKey(seed: UInt64($0))) }
    let parts = NodeSplit(count: graphs.count, validation: 1.0 / 6, test: 1.0 / 3, key: RandomKey(seed: 9))
    let training = GraphBatch(parts.train.map { graphs[$0] }), test = GraphBatch(parts.test.map { graphs[$0] })
    #expect(training.count == 3 && test.count == 2 && parts.validation.count == 1)
    #expect(Set(parts.train).isDisjoint(with: parts.test))
    // Within each part, what is asked is kept apart from messages as ever.
    for batch in [training, test] {
      try verify(LinkSplit(batch.graph, key: RandomKey(seed: 1)), of: batch.graph)
    }
  }

  @Test func `of a graph without edges asks for nothing`() throws {
    let split = try LinkSplit(Graph(nodeCount: 3, edges: []), key: RandomKey(seed: 1))
    #expect(split.train.pairs.count == 0 && split.test.messages.nodeCount == 3)
    try verify(split, of: Graph(nodeCount: 3, edges: []))
  }
}

@Suite struct `Negative sampling` {
  @Test(arguments: [true, false]) func `counts the pairs without an edge, and finds each of them`(_ isUndirected: Bool)
    throws
  {
    for (nodes, edges) in [(0, 0), (1, 0), (1, 3), (2, 1), (6, 10), (7, 60), (9, 0)] {
      let graph = try Graph(
        nodeCount: nodes,
        edges: (0..<edges).map { ($0 * 7 % Swift.max(1, nodes), ($0 * 5 + $0 / 7) % Swift.max(1, nodes)) })
      let a = graph.denseAdjacency()
      var expected: Set<[Int]> = []
      for u in 0..<nodes {
        for v in 0..<nodes where u != v && a[v, u] == 0 {
          if isUndirected { if u < v, a[u, v] == 0 { expected.insert([u, v]) } } else { expected.insert([u, v]) }
        }
      }
      let nonEdges = Graph.NonEdges(of: graph, isUndirected: isUndirected)
      let found = (0..<nonEdges.count).map { [nonEdges[$0].source, nonEdges[$0].target] }
      #expect(nonEdges.count == expected.count && Set(found) == expected)
      // All that there are can be drawn, each once; one more is an error, not an endless search.
      let all = try nonEdges.sample(nonEdges.count, key: RandomKey(seed: 1))
      #expect(Set(zip(all.sources, all.targets).map { [$0, $1] }) == expected)
      let error = #expect(throws: NegativeSamplingError.self) {
        try nonEdges.sample(nonEdges.count + 1, key: RandomKey(seed: 1))
      }
      #expect(error == .tooMany(wanted: expected.count + 1, feasible: expected.count))
    }
  }

  @Test func `draws every pair equally often`() throws {
    let graph = Graph.path(5), nonEdges = Graph.NonEdges(of: graph, isUndirected: true)
    #expect(nonEdges.count == 6)
    var counts: [[Int]: Int] = [:]
    for seed in 0..<900 {
      let pairs = try nonEdges.sample(2, key: RandomKey(seed: UInt64(seed)))
      for (u, v) in zip(pairs.sources, pairs.targets) { counts[[u, v], default: 0] += 1 }
    }
    // 900 · 2 / 6 = 300 each, with a deviation of √(900 · 1/3 · 2/3) ≈ 14.
    #expect(counts.count == 6 && counts.values.allSatisfy { (230...370).contains($0) }, "\(counts)")
  }

  @Test func `leaves out pairs that it is told to, and refuses what a complete graph cannot give`() throws {
    let rest = Graph.NonEdges(of: .path(3), isUndirected: true, excluding: NodePairs(sources: [2], targets: [0]))
    #expect(rest.count == 0)
    let error = #expect(throws: NegativeSamplingError.self) { try LinkSplit(.complete(5), key: RandomKey(seed: 1)) }
    #expect(error?.description == "negative sampling: 10 pairs are wanted, but only 0 have no edge")
  }

  @Test func `for a ranking draws targets that a source has no edge to`() throws {
    let graph = try Graph(nodeCount: 5, edges: [(0, 1), (0, 2), (0, 2), (0, 3), (1, 0), (4, 4)])
    let targets = try graph.negativeTargets(for: [0, 1, 4], perSource: 50, key: RandomKey(seed: 1))
    #expect(Set(targets.prefix(50)) == [4] && Set(targets[50..<100]) == [2, 3, 4])
    #expect(Set(targets.suffix(50)) == [0, 1, 2, 3])
    let error = #expect(throws: NegativeSamplingError.self) {
      try Graph.complete(3).negativeTargets(for: [2], perSource: 1, key: RandomKey(seed: 1))
    }
    #expect(error?.description == "negative sampling: node 2 has an edge to every other node")
  }
}
