import AdjointGraphs
import Testing

/// Five nodes A ... E with seven edges, and two features each.
private func fiveNodes() throws -> (graph: Graph, features: Tensor) {
  let graph = try Graph(nodeCount: 5, undirected: [(0, 1), (0, 2), (0, 3), (1, 3), (1, 4), (2, 3), (3, 4)])
  return (graph, [[1, 0], [0, 0], [0, 1], [1, 1], [1, 0]])
}

@Suite struct `Features of nodes` {
  // 000-06
  @Test func `stand in rows: row v is that of node v`() throws {
    let (graph, features) = try fiveNodes()
    var attributed = AttributedGraph(graph)
    attributed.nodes["x"] = .values(stack((0..<5).map { features.rows($0..<$0 + 1).reshaped(to: [2]) }))
    for node in 0..<5 {
      #expect(attributed.nodes.values("x").rows(node..<node + 1) == features.rows(node..<node + 1))
    }
  }

  // 001-25
  @Test func `are accepted as features by nodes if it is said, and never guessed`() throws {
    let (graph, features) = try fiveNodes()
    #expect(try NodeFeatures.rows(of: features, for: graph) == features)
    #expect(try NodeFeatures.rows(of: features.transposed(), for: graph, isTransposed: true) == features)
    let rows = #expect(throws: GraphError.self) { try NodeFeatures.rows(of: features.transposed(), for: graph) }
    #expect(rows?.description == "Graph: features of shape [2, 5] have 2 rows for 5 nodes")
    let columns = #expect(throws: GraphError.self) {
      try NodeFeatures.rows(of: features, for: graph, isTransposed: true)
    }
    #expect(columns?.description == "Graph: features of shape [5, 2] have 2 columns for 5 nodes")
    let list = #expect(throws: GraphError.self) {
      try NodeFeatures.rows(of: Tensor([1, 2, 3, 4, 5]), for: graph, isTransposed: true)
    }
    #expect(list?.description == "Graph: features of shape [5] have 0 columns for 5 nodes")
  }

  // 001-26
  @Test func `can be indicators, ones or degrees where none are given`() throws {
    let graph = try fiveNodes().graph
    #expect(NodeFeatures.oneHot(3) == Tensor.eye(3) && NodeFeatures.ones(2, width: 3) == Tensor(ones: [2, 3]))
    #expect(NodeFeatures.degree(graph) == [[3], [3], [2], [4], [2]])
    #expect(NodeFeatures.degree(graph, oneHotUpTo: 3).argmax(along: 1) == [3, 3, 2, 3, 2])
    #expect(
      NodeFeatures.degree(graph, oneHotUpTo: 3, dtype: .float64).sum(along: [1]) == Tensor(ones: [5], dtype: .float64))
  }

  // 001-27, 004-04
  @Test func `averaged over neighbours are known, and do not follow a naive network on [A | X]`() throws {
    let (graph, features) = try fiveNodes()
    let a = graph.denseAdjacency()
    #expect(a == a.transposed() && graph.edgeCount == 2 * 7)
    let mean = graph.mean(.source(Variable(features.converted(to: .float64)))).value
    let expected = Tensor([1.0 / 3, 2.0 / 3, 1, 1.0 / 3, 1, 0.5, 0.5, 0.25, 0.5, 0.5], shape: [5, 2], dtype: .float64)
    #expect(abs(mean - expected).max().item() < 1e-15)

    // The naive network reads the rows of [A | X]; relabelling the nodes changes what it says of each.
    let naive = MLP([7, 4, 1], key: RandomKey(seed: 1)), layer = GCNConv(2, 1, key: RandomKey(seed: 2))
    let numbers: IndexArray = [2, 0, 4, 1, 3]
    var attributed = AttributedGraph(graph)
    attributed.nodes["x"] = .values(features)
    let moved = attributed.permuted(numbers)
    func say(_ graph: AttributedGraph) -> Tensor {
      naive(Variable(concatenate([graph.graph.denseAdjacency(), graph.nodes.values("x")], along: 1))).value
    }
    func convolved(_ graph: AttributedGraph) -> Tensor {
      layer(Variable(graph.nodes.values("x")), on: graph.graph).value
    }
    #expect(abs(say(moved).gatherRows(numbers) - say(attributed)).max().item() > 1e-3)
    #expect(abs(convolved(moved).gatherRows(numbers) - convolved(attributed)).max().item() < 1e-6)
  }

  // 001-27, 004-04
  @Test func `of six nodes do not fit a naive network for five, but the convolution takes them`() async throws {
    let layer = GCNConv(2, 1, key: RandomKey(seed: 2))
    #expect(layer(Variable(Tensor(ones: [6, 2])), on: .ring(6)).shape == [6, 1])
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let naive = MLP([7, 4, 1], key: RandomKey(seed: 1))
      _ = naive(Variable(concatenate([Graph.ring(6).denseAdjacency(), Tensor(ones: [6, 2])], along: 1)))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("[6, 8]"), "\(text.prefix(300))")
  }

  // 002-46
  @Test func `are led to classes, or to a number, by a linear head on each node`() throws {
    let (graph, features) = try fiveNodes()
    let hidden = GCNConv(2, 8, key: RandomKey(seed: 1))(Variable(features), on: graph)
    for classes in [1, 2, 7] {
      #expect(Linear(8, classes, key: RandomKey(seed: 2))(hidden).shape == [5, classes])
    }
  }
}

@Suite struct `Kinds of graphs` {
  // 004-02
  @Test func `directed, undirected, with labels of nodes and of edges`() throws {
    let directed = try Graph(nodeCount: 2, edges: [(0, 1)])
    let undirected = try Graph(nodeCount: 2, undirected: [(0, 1)])
    #expect(!directed.isUndirected && undirected.isUndirected)
    var labelled = AttributedGraph(undirected)
    labelled.nodes["element"] = .labels([6, 8])
    labelled.edges["bond"] = .labels([2, 2])
    #expect(labelled.nodes.indices("element") == [6, 8] && labelled.edges.indices("bond") == [2, 2])
    #expect(
      labelled.description == "Graph(2 nodes, 2 directed edges)\n  node element: labels, [2]\n  edge bond: labels, [2]")
  }

  // 003-21
  @Test func `carry attributes of nodes, of edges and of the whole`() throws {
    var graph = AttributedGraph(try Graph(nodeCount: 3, edges: [(0, 1), (1, 2)]))
    graph.nodes["x"] = .values(Tensor(ones: [3, 4]))
    graph.edges["e"] = .values(Tensor(ones: [2, 5]))
    graph.global["u"] = .values(Tensor(ones: [1, 6]))
    #expect(graph.nodes.values("x").shape == [3, 4] && graph.edges.values("e").shape == [2, 5])
    #expect(graph.global.values("u").shape == [1, 6] && graph.nodes.names == ["x"])
  }
}
