import AdjointGraphs
import Testing

@Suite struct `A graph` {
  @Test func `stores its edges by target, in the given order within one`() throws {
    let graph = try Graph(nodeCount: 4, edges: [(0, 2), (3, 1), (1, 2), (3, 2), (2, 0), (0, 1)])
    #expect(graph.nodeCount == 4 && graph.edgeCount == 6)
    #expect(graph.targets == [0, 1, 1, 2, 2, 2])
    #expect(graph.sources == [2, 3, 0, 0, 1, 3])
    #expect(graph.edgeOrder == [4, 1, 5, 0, 2, 3])
    #expect(graph.inDegrees == [1, 2, 3, 0] && graph.outDegrees == [2, 1, 1, 2])
    #expect("\(graph)" == "Graph(4 nodes, 6 directed edges)")
  }

  @Test func `from two arrays is the same as from pairs`() throws {
    let pairs = try Graph(nodeCount: 4, edges: [(0, 2), (3, 1), (1, 2)])
    let arrays = try Graph(nodeCount: 4, from: [0, 3, 1], to: [2, 1, 2])
    #expect(arrays.sources == pairs.sources && arrays.targets == pairs.targets && arrays.edgeOrder == pairs.edgeOrder)
  }

  @Test func `that is undirected has every edge both ways, and self-loops once`() throws {
    let graph = try Graph(nodeCount: 3, undirected: [(0, 1), (1, 1), (2, 1)])
    #expect(graph.edgeCount == 5)
    let edges = Set(zip(graph.sources, graph.targets).map { [$0, $1] })
    #expect(edges == [[0, 1], [1, 0], [1, 1], [2, 1], [1, 2]])
    #expect(graph.inDegrees == graph.outDegrees && graph.inDegrees == [1, 3, 1])
  }

  @Test func `keeps duplicate edges apart`() throws {
    let graph = try Graph(nodeCount: 2, edges: [(0, 1), (0, 1), (0, 1)])
    #expect(graph.edgeCount == 3 && graph.inDegrees == [0, 3])
    #expect(graph.sum(.source([[2], [5]])).value == [[0], [6]])
    #expect(graph.mean(.source([[2], [5]])).value == [[0], [2]])
  }

  @Test func `may have no edges, or no nodes`() throws {
    let edgeless = try Graph(nodeCount: 3, edges: [])
    #expect(edgeless.edgeCount == 0 && edgeless.inDegrees == [0, 0, 0] && edgeless.outDegrees == [0, 0, 0])
    #expect(edgeless.sum(.source([[1], [2], [3]])).value == [[0], [0], [0]])
    let empty = try Graph(nodeCount: 0, edges: [])
    #expect(empty.nodeCount == 0 && empty.sum(.source(Variable(Tensor(zeros: [0, 2])))).shape == [0, 2])
    #expect(empty.addingSelfLoops().edgeCount == 0)
    #expect(try Graph(nodeCount: 0, undirected: []).edgeCount == 0)
  }

  @Test(
    arguments: [
      ([(0, 1), (1, 3)], "Graph: edge 1 (1 → 3): node 3 is outside 0 ..< 3"),
      ([(3, 3)], "Graph: edge 0 (3 → 3): node 3 is outside 0 ..< 3"),
      ([(0, 1), (-1, 0), (9, 9)], "Graph: edge 1 (-1 → 0): node -1 is outside 0 ..< 3"),
      ([(0, 1 << 40)], "Graph: edge 0 (0 → 1099511627776): node 1099511627776 is outside 0 ..< 3"),
    ] as [([(Int, Int)], String)])
  func `throws for an edge outside, naming the edge, the node and the limit`(_ edges: [(Int, Int)], _ sentence: String)
  {
    let directed = #expect(throws: GraphError.self) { try Graph(nodeCount: 3, edges: edges) }
    let undirected = #expect(throws: GraphError.self) { try Graph(nodeCount: 3, undirected: edges) }
    #expect(directed?.description == sentence && undirected?.description == sentence)
  }

  @Test func `throws for arrays that do not fit, and numbers of nodes that are none`() {
    let lengths = #expect(throws: GraphError.self) { try Graph(nodeCount: 3, from: [0, 1], to: [0]) }
    #expect(lengths?.description == "Graph: 2 sources do not match 1 targets")
    let outside = #expect(throws: GraphError.self) { try Graph(nodeCount: 3, from: [0, 1], to: [0, -2]) }
    #expect(outside?.description == "Graph: edge 1 (1 → -2): node -2 is outside 0 ..< 3")
    let negative = [
      #expect(throws: GraphError.self) { try Graph(nodeCount: -1, edges: []) },
      #expect(throws: GraphError.self) { try Graph(nodeCount: -1, undirected: []) },
      #expect(throws: GraphError.self) { try Graph(nodeCount: -1, from: [], to: []) },
    ]
    for error in negative {
      #expect(error?.description == "Graph: -1 is not a number of nodes; it lies in 0 ... 2147483647")
    }
  }
}
