import AdjointGraphs
import Testing

/// Source and target of every stored edge.
func pairs(_ graph: Graph) -> [[Int]] { zip(graph.sources, graph.targets).map { [$0, $1] } }

/// A graph with repeated edges, self-loops and an isolated node, drawn at random.
func randomGraph(_ nodeCount: Int, _ edgeCount: Int, seed: UInt64) throws -> Graph {
  let draws = RandomKey(seed: seed).bits(count: 2 * edgeCount).map { Int($0 % UInt32(Swift.max(1, nodeCount - 1))) }
  return try Graph(
    nodeCount: nodeCount, from: IndexArray(draws.prefix(edgeCount)), to: IndexArray(draws.suffix(edgeCount)))
}

@Suite struct `A graph made from another` {
  @Test func `reversed has every edge turned round, and reversed twice is as it was`() throws {
    let graph = try randomGraph(9, 40, seed: 1)
    let reversed = graph.reversed()
    #expect(
      zip(reversed.edgeOrder, 0...).allSatisfy { old, new in
        graph.sources[old] == reversed.targets[new] && graph.targets[old] == reversed.sources[new]
      })
    #expect(reversed.reversed().denseAdjacency() == graph.denseAdjacency())
    #expect(reversed.denseAdjacency() == graph.denseAdjacency().transposed())
  }

  // 003-23
  @Test func `lets messages flow from the source to the target, and back in one call`() throws {
    let chain = try Graph(nodeCount: 3, edges: [(0, 1), (1, 2)])
    let x: Variable = [[5], [7], [11]]
    #expect(chain.sum(.source(x)).value == [[0], [5], [7]])
    #expect(chain.reversed().sum(.source(x)).value == [[7], [11], [0]])
  }

  // 003-22
  @Test func `undirected has both directions of every edge, each once`() throws {
    let path = try Graph(nodeCount: 4, edges: [(0, 1), (1, 2), (2, 3)])
    let both = path.undirected()
    #expect(pairs(both) == [[1, 0], [0, 1], [2, 1], [1, 2], [3, 2], [2, 3]])
    #expect(both.edgeCount == 2 * path.edgeCount)
    for node in 0..<4 { #expect(both.inDegrees[node] == path.inDegrees[node] + path.outDegrees[node]) }
    #expect(both.isUndirected && !path.isUndirected)
    #expect(pairs(both.undirected()) == pairs(both))
    let looped = try Graph(nodeCount: 2, edges: [(0, 1), (1, 0), (1, 1), (1, 1), (0, 1)])
    #expect(pairs(looped.undirected()) == [[1, 0], [0, 1], [1, 1]])
  }

  @Test func `undirected merges the weights of both directions`() throws {
    let graph = try Graph(nodeCount: 3, edges: [(0, 1), (1, 0), (2, 1), (2, 2)])
    // Stored by target: 1 → 0, 0 → 1, 2 → 1, 2 → 2.
    let weights: Variable = [4, 2, 10, 7]
    let (both, means) = graph.undirected(weights: weights)
    #expect(pairs(both) == [[1, 0], [0, 1], [2, 1], [1, 2], [2, 2]])
    #expect(means.value == [3, 3, 10, 10, 7])
    #expect(graph.undirected(weights: weights, merging: .sum).weights.value == [6, 6, 10, 10, 7])
    let again = both.undirected(weights: means)
    #expect(again.weights.value == means.value)
  }

  @Test(arguments: [(1, 0), (1, 3), (5, 0), (7, 60), (30, 20)]) func `is undirected exactly if its matrix is symmetric`(
    _ size: (Int, Int)
  ) throws {
    for seed in 1...4 {
      let graph = try randomGraph(size.0, size.1, seed: UInt64(seed))
      let dense = graph.denseAdjacency()
      #expect(graph.isUndirected == (dense == dense.transposed()))
      #expect(graph.undirected().isUndirected)
    }
  }

  @Test func `coalesced has every edge once, and adds what belonged to the others`() throws {
    let graph = try randomGraph(6, 80, seed: 3)
    let merged = graph.coalesced()
    #expect(Set(pairs(graph)) == Set(pairs(merged.graph)) && Set(pairs(graph)).count == merged.graph.edgeCount)
    let counts = merged.merge(Variable(Tensor(ones: [graph.edgeCount])))
    #expect(SparseMatrix(merged.graph.adjacency, values: counts).dense().value == graph.denseAdjacency())
    let values = Variable(Tensor(normal: [graph.edgeCount, 2], key: RandomKey(seed: 4)))
    for (edge, place) in merged.edges.enumerated() {
      #expect(pairs(graph)[edge] == pairs(merged.graph)[place])
    }
    let largest = merged.merge(values, by: .max), smallest = merged.merge(values, by: .min)
    for edge in 0..<graph.edgeCount {
      let place = merged.edges[edge]
      #expect(largest.value[place, 1] >= values.value[edge, 1] && smallest.value[place, 1] <= values.value[edge, 1])
    }
    #expect(pairs(merged.graph.coalesced().graph) == pairs(merged.graph))
    #expect(try Graph(nodeCount: 0, edges: []).coalesced().graph.edgeCount == 0)
  }

  @Test func `coalesced passes gradients to every edge`() throws {
    let graph = try Graph(nodeCount: 2, edges: [(0, 1), (1, 0), (0, 1)])
    let tape = Tape()
    let weights = tape.variable([1, 2, 3])
    let merged = graph.coalesced().merge(weights)
    #expect(merged.value == [1, 5])
    #expect(merged.gradients(seed: [10, 20])[weights].value == [10, 20, 20])
  }

  @Test func `induced on some nodes keeps the edges between them`() throws {
    let graph = try randomGraph(12, 50, seed: 5)
    let kept: IndexArray = [7, 2, 11, 4]
    let part = graph.subgraph(of: kept)
    #expect(part.denseAdjacency() == graph.denseAdjacency().gatherRows(kept).transposed().gatherRows(kept).transposed())
    for (edge, old) in part.edgeOrder.enumerated() {
      #expect(kept[part.sources[edge]] == graph.sources[old] && kept[part.targets[edge]] == graph.targets[old])
    }
    #expect(graph.subgraph(of: []).nodeCount == 0)
    #expect(pairs(graph.subgraph(of: IndexArray(0..<12))) == pairs(graph))
  }

  @Test func `of some nodes takes their columns along, and forgets indices of what has gone`() throws {
    var graph = AttributedGraph(try Graph(nodeCount: 3, edges: [(0, 1), (1, 2), (2, 1)]))
    graph.nodes["x"] = .values([[1], [2], [3]])
    graph.nodes["best"] = .nodeIndices([1, 2, 0])
    graph.edges["back"] = .edgeIndices([-1, 2, 1])
    graph.edges["w"] = .values([10, 20, 30])
    graph.global["root"] = .nodeIndices([0])
    let part = graph.subgraph(of: [2, 1])
    #expect(pairs(part.graph) == [[1, 0], [0, 1]])
    #expect(part.nodes.values("x") == [[3], [2]] && part.nodes.indices("best") == [-1, 0])
    #expect(part.edges.values("w") == [30, 20] && part.edges.indices("back") == [1, 0])
    #expect(part.global.indices("root") == [-1])
  }

  // 003-33
  @Test func `permuted is P A Pᵀ: both rows and columns move`() throws {
    let graph = try randomGraph(8, 30, seed: 6)
    let newNumbers = IndexArray(RandomKey(seed: 1).permutation(8))
    let p = try SparseMatrix(
      rows: newNumbers, columns: IndexArray(0..<8), values: Variable(Tensor(ones: [8])), rowCount: 8, columnCount: 8
    ).dense().value
    let a = graph.denseAdjacency(), both = matmul(matmul(p, a), p.transposed())
    #expect(graph.permuted(newNumbers).denseAdjacency() == both)
    // Rows alone are another graph, whose layer does not follow.
    #expect(matmul(p, a) != both)
    let x = Tensor(normal: [8, 3], key: RandomKey(seed: 2))
    var attributed = AttributedGraph(graph)
    attributed.nodes["x"] = .values(x)
    let moved = attributed.permuted(newNumbers)
    #expect(moved.nodes.values("x") == matmul(p, x))
    let layer = GCNConv(3, 2, key: RandomKey(seed: 3))
    let plain = layer(Variable(x), on: graph).value
    let follows = layer(Variable(moved.nodes.values("x")), on: moved.graph).value
    #expect(abs(follows - matmul(p, plain)).max().item() < 1e-5)
    let rowsOnly = layer(Variable(moved.nodes.values("x")), on: graph).value
    #expect(abs(rowsOnly - matmul(p, plain)).max().item() > 1e-2)
  }

  // 003-24
  @Test func `isomorphic to it gets the same result, whatever the nodes are called`() throws {
    // No renumbering but the identity leaves this graph as it is.
    let graph = try Graph(nodeCount: 6, undirected: [(0, 1), (1, 2), (2, 3), (3, 4), (1, 5), (2, 5)])
    let x = Tensor(normal: [6, 3], key: RandomKey(seed: 2), dtype: .float64),
      newNumbers: IndexArray = [3, 0, 5, 1, 4, 2]
    var attributed = AttributedGraph(graph)
    attributed.nodes["x"] = .values(x)
    let renamed = attributed.permuted(newNumbers)
    #expect(renamed.graph.denseAdjacency() != graph.denseAdjacency())
    #expect(renamed.graph.componentCount == graph.componentCount && renamed.graph.diameter == graph.diameter)
    #expect(newNumbers.map { renamed.graph.inDegrees[$0] } == graph.inDegrees.map { $0 })
    withDefaultDType(.float64) {
      let layers = [GCNConv(3, 4, key: RandomKey(seed: 1)), GCNConv(4, 4, key: RandomKey(seed: 3))]
      func readout(_ x: Variable, _ graph: Graph) -> Variable {
        layers.reduce(x) { h, layer in tanh(layer(h, on: graph)) }.sum(along: [0])
      }
      let sum = readout(Variable(x), graph).value
      func difference(_ other: Variable) -> Double { abs(other.value - sum).max().item() }
      #expect(difference(readout(Variable(renamed.nodes.values("x")), renamed.graph)) <= 1e-12)
      #expect(checkInvariance(of: readout, on: graph, features: x).passes)
      // Features that stay where they were belong to other nodes, and so does a graph that alone stays.
      #expect(difference(readout(Variable(x), renamed.graph)) > 1e-3)
      #expect(difference(readout(Variable(renamed.nodes.values("x")), graph)) > 1e-3)
    }
  }

  @Test func `complete joins every node to every other`() {
    #expect(Graph.complete(4).denseAdjacency() == Tensor(ones: [4, 4]) - Tensor.eye(4))
    #expect(Graph.complete(3, selfLoops: true).denseAdjacency() == Tensor(ones: [3, 3]))
    #expect(Graph.complete(0).edgeCount == 0 && Graph.complete(1).edgeCount == 0 && Graph.complete(1).nodeCount == 1)
  }

  @Test func `with appended self-loops has one more at every node`() throws {
    let graph = try Graph(nodeCount: 2, edges: [(0, 0), (0, 1)])
    #expect(graph.appendingSelfLoops().denseAdjacency() == graph.denseAdjacency() + Tensor.eye(2))
    #expect(graph.addingSelfLoops().denseAdjacency() == [[1, 0], [1, 1]])
  }

  @Test func `without self-loops names the edges it has kept`() throws {
    let graph = try Graph(nodeCount: 3, edges: [(1, 1), (2, 0), (0, 2), (0, 0)])
    let without = graph.removingSelfLoops()
    #expect(pairs(without) == [[2, 0], [0, 2]])
    #expect(without.edgeOrder.map { pairs(graph)[$0] } == pairs(without))
  }
}
