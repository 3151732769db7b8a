import AdjointGraphs
import Testing

@Suite struct `A generated graph` {
  @Test func `ring, path, grid or tree has the edges that it should have`() {
    #expect(Graph.ring(5).edgeCount == 10 && Graph.ring(5).inDegrees == [2, 2, 2, 2, 2])
    #expect(Graph.ring(2).edgeCount == 2 && Graph.ring(1).edgeCount == 0 && Graph.ring(0).nodeCount == 0)
    #expect(Graph.path(4).inDegrees == [1, 2, 2, 1] && Graph.path(0).nodeCount == 0 && Graph.path(1).edgeCount == 0)
    #expect(Graph.grid(rows: 3, columns: 4).edgeCount == 2 * (3 * 3 + 2 * 4))
    #expect(Graph.grid(rows: 3, columns: 3, diagonals: true).inDegrees == [3, 5, 3, 5, 8, 5, 3, 5, 3])
    #expect(Graph.grid(rows: 0, columns: 4).nodeCount == 0)
    #expect(Graph.tree(depth: 2, branching: 3).inDegrees == [3, 4, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    #expect(Graph.tree(depth: 0, branching: 3).nodeCount == 1)
    for graph in [Graph.ring(6), .path(5), .grid(rows: 2, columns: 3), .tree(depth: 2, branching: 2)] {
      #expect(graph.isUndirected && graph.componentCount == 1 && graph.selfLoopCount == 0)
    }
  }

  @Test func `of Erdős and Rényi has about as many edges as expected, each once, and the same for a key`() {
    let graph = Graph.erdosRenyi(120, probability: 0.1, key: RandomKey(seed: 1))
    let pairs = 120.0 * 119 / 2, deviation = (pairs * 0.1 * 0.9).squareRoot()
    #expect(Swift.abs(Double(graph.edgeCount / 2) - pairs * 0.1) < 5 * deviation)
    #expect(graph.isUndirected && graph.selfLoopCount == 0 && graph.coalesced().graph.edgeCount == graph.edgeCount)
    #expect(Graph.erdosRenyi(120, probability: 0.1, key: RandomKey(seed: 1)).sources == graph.sources)
    #expect(Graph.erdosRenyi(120, probability: 0.1, key: RandomKey(seed: 2)).sources != graph.sources)
    #expect(Graph.erdosRenyi(9, probability: 0, key: RandomKey(seed: 1)).edgeCount == 0)
    #expect(
      Graph.erdosRenyi(9, probability: 1, key: RandomKey(seed: 1)).denseAdjacency()
        == Graph.complete(9).denseAdjacency())
    #expect(Graph.erdosRenyi(0, probability: 0.5, key: RandomKey(seed: 1)).nodeCount == 0)
  }

  @Test func `of Erdős and Rényi joins every pair equally often`() {
    var counts = Tensor(zeros: [6, 6])
    for seed in 0..<600 {
      counts = counts + Graph.erdosRenyi(6, probability: 0.3, key: RandomKey(seed: UInt64(seed))).denseAdjacency()
    }
    let expected = 180.0, deviation = (600 * 0.3 * 0.7).squareRoot()
    for a in 0..<6 {
      for b in 0..<6 where a != b { #expect(Swift.abs(counts[a, b] - expected) < 4.5 * deviation) }
    }
  }

  @Test func `of blocks has its communities`() {
    let (graph, labels) = Graph.stochasticBlockModel(
      sizes: [60, 0, 40], probabilities: [[0.4, 0.1, 0.02], [0.1, 0.5, 0.1], [0.02, 0.1, 0.4]], key: RandomKey(seed: 3))
    #expect(graph.nodeCount == 100 && labels.count { $0 == 0 } == 60 && labels.count { $0 == 2 } == 40)
    #expect(graph.homophily(labels) > 0.85)
    let between = zip(graph.sources, graph.targets).count { labels[$0] == 0 && labels[$1] == 2 }
    #expect(Swift.abs(Double(between) - 48) < 5 * (2400 * 0.02 * 0.98).squareRoot())
  }

  @Test func `of Barabási and Albert is connected, and some of its nodes have very many edges`() {
    let graph = Graph.barabasiAlbert(300, attachments: 2, key: RandomKey(seed: 1))
    #expect(graph.edgeCount == 2 * 2 * 298 && graph.componentCount == 1)
    #expect(graph.coalesced().graph.edgeCount == graph.edgeCount && graph.selfLoopCount == 0)
    // The largest of 300 degrees with this mean would hardly be above 14 if edges were drawn evenly.
    #expect((graph.inDegrees.max() ?? 0) > 20)
    #expect(Graph.barabasiAlbert(5, attachments: 4, key: RandomKey(seed: 1)).edgeCount == 8)
  }

  @Test func `with planted motifs says which node plays which part`() {
    let base = Graph.barabasiAlbert(40, attachments: 2, key: RandomKey(seed: 1))
    let data = SyntheticTasks.plantedMotifs(SyntheticTasks.house, count: 6, in: base, key: RandomKey(seed: 2))
    #expect(data.graph.nodeCount == 40 + 6 * 5 && data.graph.edgeCount == base.edgeCount + 6 * (12 + 2))
    #expect(data.graph.isUndirected && data.graph.componentCount == 1)
    let labels = data.nodes.indices("label"), motif = data.nodes.indices("motif")
    for part in 1...5 { #expect(labels.count { $0 == part } == 6) }
    for copy in 0..<6 {
      let nodes = IndexArray((0..<70).filter { motif[$0] == copy })
      #expect(data.graph.subgraph(of: nodes).denseAdjacency() == SyntheticTasks.house.denseAdjacency())
    }
    #expect(motif.count { $0 == -1 } == 40)
  }

  // 003-39
  @Test func `for counting rings has as many as its label says`() {
    let graphs = SyntheticTasks.ringCounting(count: 60, key: RandomKey(seed: 4))
    for data in graphs {
      // A connected graph has E − N + 1 independent rings.
      #expect(data.graph.componentCount == 1 && data.graph.isUndirected && data.graph.selfLoopCount == 0)
      #expect(data.graph.edgeCount / 2 - data.graph.nodeCount + 1 == data.global.indices("y")[0])
      #expect(data.graph.coalesced().graph.edgeCount == data.graph.edgeCount)
    }
    for rings in 0...2 { #expect(graphs.count { $0.global.indices("y")[0] == rings } >= 8) }
  }

  // 003-39
  @Test func `of one ring of six or of two of three looks the same to message passing without features`() {
    let one = Graph.ring(6), two = GraphBatch([Graph.ring(3), .ring(3)]).graph
    #expect(one.componentCount != two.componentCount)
    var (a, b) = (Variable(Tensor(ones: [6, 1])), Variable(Tensor(ones: [6, 1])))
    for step in 0..<4 {
      let layer = GCNConv(a.shape[1], 4, key: RandomKey(seed: UInt64(step)))
      (a, b) = (tanh(layer(a, on: one)), tanh(layer(b, on: two)))
      #expect(a.value == b.value)
    }
  }

  // 003-40
  @Test func `of particle tracks joins neighbouring layers fully, and its true edges are the tracks`() {
    let event = SyntheticTasks.particleTracks(particles: 4, layers: 5, key: RandomKey(seed: 1))
    #expect(event.graph.nodeCount == 20 && event.graph.edgeCount == 4 * 4 * 4)
    let label = event.edges.indices("label")
    let (particle, layer) = (event.nodes.indices("particle"), event.nodes.indices("layer"))
    for edge in 0..<event.graph.edgeCount {
      let (a, b) = (event.graph.sources[edge], event.graph.targets[edge])
      #expect(layer[b] == layer[a] + 1 && (label[edge] == 1) == (particle[a] == particle[b]))
    }
    // Pruned to the true edges, every component is a track.
    let pruned = event.graph.keeping(edges: IndexArray((0..<label.count).filter { label[$0] == 1 }))
    #expect(pruned.componentCount == 4 && pruned.components.map { $0 } == particle.map { $0 })
    let radii = sqrt(square(Variable(event.nodes.values("x"))).sum(along: 1)).value
    for node in 0..<20 { #expect(Swift.abs(radii[node] - Double(layer[node] + 1)) < 0.2) }
    #expect(SyntheticTasks.particleTracks(particles: 0, layers: 0, key: RandomKey(seed: 1)).graph.nodeCount == 0)
  }

  // 003-40
  @Test func `of particle tracks has edges that a classifier tells apart in events that it has not seen`() throws {
    func events(_ seeds: Range<UInt64>) -> AttributedGraph {
      GraphBatch(seeds.map { SyntheticTasks.particleTracks(particles: 6, layers: 5, key: RandomKey(seed: $0)) }).joined
    }
    let classifier = MLP([3, 16, 1], key: RandomKey(seed: 1)), optimizer = Adam(learningRate: 0.02)
    func logits(_ events: AttributedGraph) -> Variable {
      let x = Variable(events.nodes.values("x")), direction = x / sqrt(square(x).sum(along: 1, keepingAxes: true))
      let turn = events.graph.each((.source(direction) - .target(direction)).map { abs($0) })
      return classifier(turn).reshaped(to: [events.graph.edgeCount])
    }
    let seen = events(1..<5), truth = Variable(Tensor(seen.edges.indices("label").map { Double($0) }))
    for _ in 0..<200 {
      let (_, gradients) = valueWithGradients { binaryCrossEntropy(logits: logits(seen), truth) }
      optimizer.update(classifier, with: gradients)
    }
    let new = events(5..<13), labels = new.edges.indices("label")
    let predicted = IndexArray(logits(new).scalars(as: Double.self).map { $0 > 0 ? 1 : 0 })
    var matrix = ConfusionMatrix(classes: 2)
    try matrix.add(predicted: predicted, labels)
    // Of all edges, one in six is part of a track. Particles that fly side by side cannot be told apart.
    #expect(labels.count == 8 * 4 * 36 && labels.count { $0 == 1 } == 8 * 4 * 6)
    #expect(matrix.precision(of: 1) >= 0.8 && matrix.recall(of: 1) >= 0.95, "\(matrix)")
  }
}

@Suite struct `Statistics of a graph` {
  @Test func `homophily counts edges within classes, and 0 is chance`() throws {
    let graph = try Graph(nodeCount: 4, undirected: [(0, 1), (1, 2), (2, 3)])
    #expect(Swift.abs(graph.homophily([0, 0, 1, 1]) - 2.0 / 3) < 1e-15)
    #expect(Swift.abs(graph.homophily([0, 0, 1, 1], .node) - 0.75) < 1e-15)
    #expect(Swift.abs(graph.homophily([0, 0, 1, 1], .adjusted) - (2.0 / 3 - 0.5) / 0.5) < 1e-15)
    #expect(graph.homophily([0, 0, -1, 1]) == 1 && graph.homophily([-1, -1, -1, -1]).isNaN)
    #expect(graph.homophily([0, 1, 0, 1]) == 0 && graph.homophily([0, 1, 0, 1], .adjusted) == -1)
  }

  @Test func `triangles and transitivity agree with a count over triples`() throws {
    for seed in 1...4 {
      let graph = try randomGraph(12, 40, seed: UInt64(seed))
      let a = graph.undirected().removingSelfLoops().denseAdjacency()
      let counts = (0..<12).map { v in
        (0..<12).reduce(0) { sum, i in sum + (0..<i).count { a[v, i] * a[v, $0] * a[i, $0] == 1 } }
      }
      #expect(graph.triangles == counts)
    }
    #expect(Graph.complete(4).transitivity == 1 && Graph.path(2).transitivity.isNaN && Graph.path(3).transitivity == 0)
  }

  @Test func `the summary says what is worth knowing`() throws {
    let graph = try Graph(nodeCount: 4, edges: [(0, 1), (0, 1), (1, 1), (2, 1)])
    #expect(
      graph.summary() == """
        Graph(4 nodes, 4 directed edges)
        in-degree: 0 to 4, mean 1.0, median 0
        repeated edges: 1
        undirected: no
        self-loops: 1
        isolated nodes: 1
        connected components: 2
        """)
    #expect(try Graph(nodeCount: 0, edges: []).summary().contains("no nodes"))
    #expect(try Graph(sourceCount: 2, targetCount: 1, edges: [(0, 0)]).summary().split(separator: "\n").count == 3)
  }
}
