import AdjointGraphs
import Testing

private let key = RandomKey(seed: 13)

@Suite struct `Neighbours read one after another` {
  /// Edges in no order; node 3 hears nobody, node 1 three times node 2.
  let graph: Graph
  let x = Tensor(normal: [5, 3], key: key, dtype: .float64)
  init() throws {
    graph = try Graph(
      nodeCount: 5, edges: [(4, 1), (0, 4), (2, 1), (1, 0), (2, 1), (3, 4), (2, 1), (0, 0), (1, 4), (4, 2), (0, 1)])
  }

  private func cell(_ units: Int = 2) -> LSTMCell { withDefaultDType(.float64) { LSTMCell(3, units, key: key) } }

  @Test func `give the state of a cell that takes them in the stored order`() {
    let cell = cell(), y = graph.reduce(.source(Variable(x)), by: cell).value
    for node in 0..<5 {
      var state = cell.zeroState(batch: 1, dtype: .float64)
      for edge in 0..<graph.edgeCount where graph.targets[edge] == node {
        let source = graph.sources[edge]
        state = cell(Variable(x.rows(source..<source + 1)), state)
      }
      #expect(abs(y.rows(node..<node + 1) - state.hidden.value).max().item() <= 1e-15, "node \(node)")
    }
    #expect(y.rows(3..<4) == Tensor(zeros: [1, 2], dtype: .float64))
  }

  // 004-12
  @Test func `depend on their order, which is stored or drawn`() throws {
    let cell = cell(), x = Variable(x), y = graph.reduce(.source(x), by: cell)
    let edges = (0..<graph.edgeCount).map { (graph.sources[$0], graph.targets[$0]) }
    let reversed = try Graph(nodeCount: 5, edges: edges.reversed())
    #expect(graph.reduce(.source(x), by: cell).value.isIdentical(to: y.value))
    #expect(abs((reversed.reduce(.source(x), by: cell) - y).value).max().item() > 1e-3)
    // The same order within each node is the same order.
    let grouped = try Graph(nodeCount: 5, edges: edges.sorted { $0.1 > $1.1 })
    #expect(grouped.reduce(.source(x), by: cell).value.isIdentical(to: y.value))
    let drawn = graph.reduce(.source(x), by: cell, shuffled: key)
    #expect(graph.reduce(.source(x), by: cell, shuffled: key).value.isIdentical(to: drawn.value))
    let draws = (0..<20).map { graph.reduce(.source(x), by: cell, shuffled: key.stream($0)).value.rows(4..<5) }
    // Three neighbours have six orders.
    #expect(Set(draws.map { "\($0.scalars(as: Double.self))" }).count == 6)
  }

  // 004-12
  @Test func `make a layer of which the checker says that it is not equivariant`() {
    withDefaultDType(.float64) {
      let layer = SAGEConv(3, 2, aggregation: .lstm, key: key)
      let report = checkEquivariance(of: { layer($0, on: $1) }, on: graph, features: x)
      #expect(!report.passes && report.description.contains("with edges shuffled and nodes renumbered to"), "\(report)")
      #expect(checkEquivariance(of: { SAGEConv(3, 2, key: key)($0, on: $1) }, on: graph, features: x).passes)
      let y = layer(Variable(x), on: graph)
      let read = layer.memory.map { graph.reduce(.source(Variable(x)), by: $0) } ?? []
      #expect(y.value == (layer.neighbours(read) + layer.own(Variable(x))).value)
      let drawn = layer(Variable(x), on: graph, key: key)
      #expect(drawn.value != y.value && drawn.value.isIdentical(to: layer(Variable(x), on: graph, key: key).value))
    }
  }

  @Test(arguments: [1, 2]) func `pass the gradient check`(_ order: Int) {
    withDefaultDType(.float64) {
      let cell = cell()
      let nodes = checkGradients(of: { graph.reduce(.source($0), by: cell, shuffled: key) }, at: x, order: order)
      #expect(nodes.passes, "\(nodes)")
      let gru = GRUCell(3, 2, key: key)
      let parameters = checkGradients(for: gru.parameters, order: order) {
        graph.reduce((.source(Variable(x)) - .target(Variable(x))).map { tanh($0) }, by: gru)
      }
      #expect(parameters.passes, "\(parameters)")
    }
  }

  @Test func `have the same bits in blocks of edges`() {
    let cell = cell()
    func run(_ key: RandomKey?) -> [Tensor] {
      let tape = Tape(), x = tape.variable(x)
      let y = tape.recording { graph.reduce(.source(x), by: cell, shuffled: key) }
      return [y.value, square(y).sum().gradients()[x].value]
    }
    for key in [nil, key] {
      let parted = withMessageBudget(24 * 4) { run(key) }
      #expect(zip(run(key), parted).allSatisfy { $0.isIdentical(to: $1) })
    }
  }

  @Test(arguments: AwkwardGraph.all) func `may be none or many`(_ kind: AwkwardGraph) throws {
    let graph = try kind.graph, cell = cell(4)
    let y = graph.reduce(.source(Variable(Tensor(ones: [kind.nodes, 3], dtype: .float64))), by: cell).value
    #expect(y.shape == [kind.nodes, 4] && y.scalars(as: Double.self).allSatisfy { $0.isFinite })
    for (node, degree) in graph.inDegrees.enumerated() where degree == 0 {
      #expect(y.rows(node..<node + 1) == Tensor(zeros: [1, 4], dtype: .float64))
    }
  }
}
