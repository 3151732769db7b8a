import AdjointGraphs
import Testing

private let key = RandomKey(seed: 44)

@Suite struct `The choice of an aggregation` {
  /// Node 0 hears 1 and 2, node 3 hears 1, 2 and 2 again.
  private let edges = [(1, 0), (2, 0), (1, 3), (2, 3), (2, 3)]
  private let x: Variable = [[9], [1], [4], [9]]

  // 004-06
  @Test(
    arguments: [
      (.sum, [5, 9]), (.mean, [2.5, 3]), (.max, [4, 4]), (.min, [1, 1]),
      (.standardDeviation, [1.5, 2.0.squareRoot()]),
    ] as [(Reduction, [Double])])
  func `is a sum, an average or another function of a multiset, followed by a neural network`(
    _ reduction: Reduction, _ expected: [Double]
  ) throws {
    let network = MLP([1, 4, 2], key: key)
    func layer(_ x: Variable, _ graph: Graph) -> Variable {
      network(Endpoint.source(x).reduced(by: reduction, on: graph))
    }
    let graph = try Graph(nodeCount: 4, edges: edges), y = layer(x, graph).value
    for (node, value) in zip([0, 3], expected) {
      let alone = network(Variable(Tensor([value], shape: [1, 1]))).value
      #expect(abs(y.rows(node..<node + 1) - alone).max().item() < 1e-6, "node \(node) under \(reduction)")
    }
    // The order of the neighbours is lost, and names of nodes do not matter.
    for shift in 1..<edges.count {
      let turned = try Graph(nodeCount: 4, edges: Array(edges[shift...] + edges[..<shift]))
      #expect(abs(layer(x, turned).value - y).max().item() < 1e-6)
    }
    let report = checkEquivariance(of: layer, on: graph, features: x.value)
    #expect(report.passes && report.isExhaustive, "\(report)")
  }

  @Test func `scaled by the degree is finite where the training graph had no edges`() throws {
    let layer = PNAConv(2, 3, degrees: [0, 0], key: key)
    let y = layer(Variable(Tensor(normal: [3, 2], key: key)), on: try Graph(nodeCount: 3, edges: [(0, 1)]))
    #expect(layer.meanLogDegree == 1 && y.scalars(as: Double.self).allSatisfy { $0.isFinite })
  }

  // 004-06
  @Test(arguments: [SAGEConv.Aggregation.mean, .sum, .max, .min, .maxPooling])
  func `is free in a layer, which never depends on the order`(_ aggregation: SAGEConv.Aggregation) throws {
    let graph = try Graph(nodeCount: 4, edges: edges), layer = SAGEConv(2, 3, aggregation: aggregation, key: key)
    let report = checkEquivariance(
      of: { layer($0, on: $1) }, on: graph, features: Tensor(normal: [4, 2], key: key.stream(1)))
    #expect(report.passes, "\(report)")
  }
}
