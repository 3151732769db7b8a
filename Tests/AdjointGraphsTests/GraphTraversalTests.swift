import AdjointGraphs
import Testing

@Suite struct `Distances in a graph` {
  @Test func `follow the edges`() throws {
    let chain = try Graph(nodeCount: 4, edges: [(0, 1), (1, 2)])
    #expect(chain.hopDistances(from: 0) == [0, 1, 2, -1] && chain.hopDistances(from: 2) == [-1, -1, 0, -1])
    #expect(chain.hopDistances(to: 2) == [2, 1, 0, -1])
    #expect(chain.components == [0, 0, 0, 1] && chain.componentCount == 2)
    #expect(chain.diameter == nil && chain.eccentricities == [nil, nil, nil, nil])
  }

  @Test func `of grids, rings and trees are as long as they should be`() {
    #expect(Graph.ring(7).diameter == 3 && Graph.ring(8).diameter == 4)
    #expect(Graph.grid(rows: 3, columns: 5).diameter == 6)
    #expect(Graph.tree(depth: 3, branching: 2).diameter == 6)
    #expect(Graph.complete(5).diameter == 1 && Graph.complete(1).diameter == 0 && Graph.complete(0).diameter == nil)
  }

  // 000-01
  @Test func `are the reach of messages: k layers see exactly the nodes within k steps`() throws {
    let path = try Graph(nodeCount: 6, undirected: (0..<5).map { ($0, $0 + 1) })
    let x = Tensor(ones: [6, 1])
    for layers in 0...5 {
      for node in 0..<6 {
        let tape = Tape()
        let input = tape.variable(x)
        var h = input
        for _ in 0..<layers { h = h + path.sum(.source(h)) }
        let gradient = h.rows(node..<node + 1).sum().gradients()[input].value
        let distances = path.hopDistances(to: node)
        for other in 0..<6 { #expect((gradient[other, 0] != 0) == (distances[other] <= layers)) }
        let ball = path.neighbourhood(of: [node], hops: layers)
        #expect(Set(ball) == Set((0..<6).filter { distances[$0] <= layers }))
      }
    }
  }

  @Test func `order a neighbourhood: seeds, then nearer ones first`() throws {
    let graph = try Graph(nodeCount: 6, edges: [(4, 0), (2, 0), (0, 1), (5, 4), (3, 2), (1, 3)])
    #expect(graph.neighbourhood(of: [1, 0], hops: 0) == [1, 0])
    #expect(graph.neighbourhood(of: [1], hops: 1) == [1, 0])
    #expect(graph.neighbourhood(of: [1], hops: 2) == [1, 0, 2, 4])
    #expect(graph.neighbourhood(of: [1], hops: 9) == [1, 0, 2, 4, 3, 5])
    #expect(graph.neighbourhood(of: [], hops: 3) == [])
  }
}

@Suite struct `The karate club's shape` {
  // 003-37
  @Test func `has 34 members, 78 friendships, diameter 5 and transitivity 0.2557`() {
    let graph = KarateClub.graph
    #expect(graph.nodeCount == 34 && graph.edgeCount == 2 * 78 && graph.isUndirected)
    #expect(graph.diameter == 5 && graph.componentCount == 1)
    #expect(Swift.abs(graph.transitivity - 0.255682) < 1e-6)
    #expect(graph.triangles.reduce(0, +) == 3 * 45)
  }

  // 003-38
  @Test func `the side that is nearer tells the faction of at least 30 members`() {
    let graph = KarateClub.graph
    let (instructor, officer) = (graph.hopDistances(from: 0), graph.hopDistances(from: 33))
    let right = (0..<34).count { (instructor[$0] < officer[$0] ? 0 : 1) == KarateClub.labels[$0] }
    #expect(right >= 30)
  }
}
