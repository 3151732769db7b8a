import AdjointGraphs
import Testing

@Suite struct `Self-loops` {
  private func edges(_ graph: Graph) -> [[Int]] {
    zip(graph.sources, graph.targets).map { [$0, $1] }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test func `are added where there is none, and not doubled`() throws {
    let graph = try Graph(nodeCount: 3, edges: [(0, 1), (1, 1), (2, 0)])
    let looped = graph.addingSelfLoops()
    #expect(edges(looped) == [[0, 0], [0, 1], [1, 1], [2, 0], [2, 2]])
    #expect(edges(looped.addingSelfLoops()) == edges(looped))
    #expect(edges(graph) == [[0, 1], [1, 1], [2, 0]])
  }

  @Test func `that are there twice stay twice`() throws {
    let graph = try Graph(nodeCount: 1, edges: [(0, 0), (0, 0)])
    #expect(graph.addingSelfLoops().edgeCount == 2 && graph.removingSelfLoops().edgeCount == 0)
  }

  @Test func `of isolated nodes and of graphs without edges`() throws {
    #expect(edges(try Graph(nodeCount: 3, edges: []).addingSelfLoops()) == [[0, 0], [1, 1], [2, 2]])
    #expect(try Graph(nodeCount: 1, edges: []).addingSelfLoops().inDegrees == [1])
    #expect(try Graph(nodeCount: 0, edges: []).addingSelfLoops().nodeCount == 0)
  }

  @Test func `can be removed`() throws {
    let graph = try Graph(nodeCount: 3, edges: [(0, 1), (1, 1), (2, 0), (2, 2)])
    #expect(edges(graph.removingSelfLoops()) == [[0, 1], [2, 0]])
    #expect(edges(graph.addingSelfLoops().removingSelfLoops()) == [[0, 1], [2, 0]])
  }

  @Test func `bring their weights; others keep theirs`() throws {
    let graph = try Graph(nodeCount: 3, edges: [(2, 0), (1, 1), (0, 1)])
    let tape = Tape()
    let weights = tape.variable([20, 11, 1])
    let (looped, all) = graph.addingSelfLoops(weights: weights, loopWeight: 7)
    let byEdge = Dictionary(
      uniqueKeysWithValues: zip(zip(looped.sources, looped.targets).map { [$0, $1] }, all.scalars(as: Double.self)))
    #expect(byEdge == [[2, 0]: 20, [1, 1]: 11, [0, 1]: 1, [0, 0]: 7, [2, 2]: 7])
    let seed = Tensor(zip(looped.sources, looped.targets).map { Double($0 * 10 + $1) })
    #expect(all.gradients(seed: Variable(seed))[weights].value == [20, 11, 1])
    let (same, unchanged) = looped.addingSelfLoops(weights: all)
    #expect(same.edgeCount == looped.edgeCount && unchanged.value == all.value)
  }

  @Test func `do not keep a graph alive that has them all`() async {
    await #expect(processExitsWith: .success) {
      func use() {
        for _ in 0..<50 {
          guard let graph = try? Graph(nodeCount: 2, edges: [(0, 0), (1, 1), (0, 1)]) else { return }
          let looped = graph.addingSelfLoops()
          _ = (looped.addingSelfLoops().edgeCount, looped.sum(looped.symmetricWeights * .source([[1], [2]])))
        }
      }
      use()
      let start = TensorMemory.liveBytes
      use()
      #expect(TensorMemory.liveBytes == start)
    }
  }
}
