import AdjointGraphs
import Testing

@Suite struct `A bipartite graph` {
  /// Four users, two films.
  private let ratings: Graph
  init() throws { ratings = try Graph(sourceCount: 4, targetCount: 2, edges: [(3, 0), (1, 1), (0, 0), (3, 1)]) }

  @Test func `has two kinds of nodes`() {
    #expect(ratings.isBipartite && ratings.sourceCount == 4 && ratings.nodeCount == 2 && ratings.edgeCount == 4)
    #expect(ratings.inDegrees == [2, 2] && ratings.outDegrees == [1, 1, 0, 2])
    #expect("\(ratings)" == "Graph(4 sources, 2 targets, 4 directed edges)")
  }

  @Test func `carries messages from sources to targets`() {
    let users: Variable = [[1], [2], [4], [8]], films: Variable = [[10], [20]]
    #expect(ratings.sum(.source(users)).value == [[9], [10]])
    #expect(ratings.mean(.source(users)).value == [[4.5], [5]])
    #expect(ratings.max(.source(users)).value == [[8], [8]])
    #expect(ratings.min(.source(users)).value == [[1], [2]])
    #expect(ratings.sum(.target(films)).value == [[20], [40]])
    #expect(ratings.sum(.source(users) + .target(films)).value == [[29], [50]])
    #expect(ratings.reversed().sum(.source(films)).value == [[10], [20], [0], [30]])
  }

  @Test(arguments: [1, 2]) func `passes gradients to both`(_ order: Int) {
    let report = checkGradients(
      of: { ratings.sum(.source($0[0]) * .target($0[1])) },
      at: [Tensor(normal: [4, 2], key: RandomKey(seed: 1)), Tensor(normal: [2, 2], key: RandomKey(seed: 2))],
      order: order)
    #expect(report.passes, "\(report)")
  }

  @Test func `of two sides that are equally large is still bipartite`() throws {
    let square = try Graph(sourceCount: 2, targetCount: 2, from: [0], to: [1])
    #expect(square.isBipartite && square.reversed().isBipartite)
  }

  @Test func `may be empty on either side`() throws {
    let noTargets = try Graph(sourceCount: 3, targetCount: 0, edges: [])
    #expect(noTargets.sum(.source(Variable(Tensor(ones: [3, 2])))).shape == [0, 2])
    let noSources = try Graph(sourceCount: 0, targetCount: 3, edges: [])
    #expect(noSources.sum(.source(Variable(Tensor(ones: [0, 2])))).value == Tensor(zeros: [3, 2]))
  }

  @Test(arguments: ConvolutionCase.all.filter { $0.edges != .relations && !$0.findsNeighbours }.map(\.name))
  func `is refused by layers that take one array of features`(_ name: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [name] in
      guard let convolution = ConvolutionCase.all.first(where: { $0.name == name }) else { return }
      let graph = try Graph(sourceCount: 4, targetCount: 2, edges: [(3, 0), (1, 1), (0, 0), (3, 1)])
      let layer = convolution.make(RandomKey(seed: 1))
      let edges = Variable(Tensor(ones: convolution.edgeShape(graph)))
      _ = layer.apply(Variable(Tensor(ones: [4, ConvolutionCase.inputs])), edges, graph)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a bipartite graph of 4 sources and 2 targets"), "\(text.prefix(500))")
  }

  @Test func `throws for an edge outside its side`() {
    let source = #expect(throws: GraphError.self) { try Graph(sourceCount: 2, targetCount: 5, edges: [(3, 4)]) }
    #expect(source?.description == "Graph: edge 0 (3 → 4): node 3 is outside 0 ..< 2")
    let target = #expect(throws: GraphError.self) {
      try Graph(sourceCount: 5, targetCount: 2, from: [0, 3], to: [0, 2])
    }
    #expect(target?.description == "Graph: edge 1 (3 → 2): node 2 is outside 0 ..< 2")
    let count = #expect(throws: GraphError.self) { try Graph(sourceCount: -1, targetCount: 2, edges: []) }
    #expect(count?.description == "Graph: -1 is not a number of nodes; it lies in 0 ... 2147483647")
  }
}
