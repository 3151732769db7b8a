import AdjointGraphs
import Testing

private let key = RandomKey(seed: 21)

/// One of the three things that a block updates.
private enum Output: String, CaseIterable, CustomTestStringConvertible, Sendable {
  case nodes, edges, global

  var testDescription: String { rawValue }

  func of(_ result: (nodes: Variable, edges: Variable, global: Variable)) -> Variable {
    switch self {
    case .nodes: result.nodes
    case .edges: result.edges
    case .global: result.global
    }
  }

  /// The networks that it comes from.
  func networks(_ block: GraphNetBlock) -> [MLP] {
    switch self {
    case .nodes: [block.edge, block.node]
    case .edges: [block.edge]
    case .global: [block.edge, block.node, block.global]
    }
  }
}

private func makeBlock() -> GraphNetBlock {
  GraphNetBlock(edges: (2, 3), nodes: (3, 2), globals: (2, 4), hidden: 5, key: key)
}

/// Features for nodes, edges and graphs.
private func features(_ graph: Graph, count: Int, _ number: Int, _ dtype: DType = .float64) -> [Tensor] {
  zip([[graph.nodeCount, 3], [graph.edgeCount, 2], [count, 2]] as [Shape], 0...).map { shape, column in
    Tensor(normal: shape, key: key.stream(10 + 3 * number + column), dtype: dtype)
  }
}

@Suite struct `A block of a graph network` {
  // 003-21
  @Test(arguments: Output.allCases, [1, 2])
  fileprivate func `passes the gradient check for nodes, edges, graphs and parameters`(_ output: Output, _ order: Int)
    throws
  {
    let batch = GraphBatch([try AwkwardGraph.small.graph, try AwkwardGraph.isolated.graph])
    let point = features(batch.graph, count: 2, 0)
    withDefaultDType(.float64) {
      let block = makeBlock()
      func apply(_ inputs: [Variable]) -> Variable {
        sigmoid(
          output.of(
            block(inputs[0], edges: inputs[1], global: inputs[2], on: batch.graph, graphOfNode: batch.graphOfNode)))
      }
      let ofFeatures = checkGradients(of: apply, at: point, order: order)
      #expect(ofFeatures.passes, "\(ofFeatures)")
      for network in output.networks(block) {
        let ofParameters = checkGradients(for: network.parameters, order: order) { apply(point.map { Variable($0) }) }
        #expect(ofParameters.passes, "\(ofParameters)")
      }
    }
  }

  @Test func `gives the same bits for graphs in a batch and alone, in nodes, edges and graphs`() throws {
    let kinds = AwkwardGraph.few + [.small]
    let graphs = try kinds.map { try $0.graph }, batch = GraphBatch(graphs), block = makeBlock()
    let inputs = graphs.enumerated().map { features($1, count: 1, $0, .float32) }
    let whole = (0..<3).map { column in Variable(concatenate(inputs.map { $0[column] }, along: 0)) }
    let joined = block(whole[0], edges: whole[1], global: whole[2], on: batch.graph, graphOfNode: batch.graphOfNode)
    #expect(joined.global.shape == [graphs.count, 4])
    for (g, graph) in graphs.enumerated() {
      let one = inputs[g].map { Variable($0) }, alone = block(one[0], edges: one[1], global: one[2], on: graph)
      let nodes = joined.nodes.value.rows(batch.nodeOffsets[g]..<batch.nodeOffsets[g + 1])
      let edges = joined.edges.value.rows(batch.edgeOffsets[g]..<batch.edgeOffsets[g + 1])
      #expect(nodes.isIdentical(to: alone.nodes.value), "nodes of graph \(g)")
      #expect(edges.isIdentical(to: alone.edges.value), "edges of graph \(g)")
      #expect(joined.global.value.rows(g..<g + 1).isIdentical(to: alone.global.value), "graph \(g)")
    }
  }

  @Test func `agrees with loops over edges, nodes and graphs`() throws {
    let graphs = [try AwkwardGraph.small.graph, try AwkwardGraph.isolated.graph]
    let batch = GraphBatch(graphs), graph = batch.graph, point = features(graph, count: 2, 0)
    let block = withDefaultDType(.float64) { makeBlock() }
    // Biases start at 0, where one that is left out would not be seen.
    for (position, entry) in block.parameters.enumerated() {
      entry.parameter.value = Tensor(
        normal: entry.parameter.value.shape, key: key.stream(50 + position), dtype: .float64)
    }

    func row(_ tensor: Tensor, _ i: Int) -> [Double] { tensor.rows(i..<i + 1).scalars(as: Double.self) }
    func sum(_ rows: [[Double]], width: Int) -> [Double] {
      rows.reduce([Double](repeating: 0, count: width)) { total, row in zip(total, row).map { $0 + $1 } }
    }
    func phi(_ mlp: MLP, _ parts: [Double]...) throws -> [Double] {
      var h = parts.flatMap { $0 }
      for (position, layer) in mlp.layers.enumerated() {
        var y = try #require(layer.bias).value.scalars(as: Double.self)
        for (input, value) in h.enumerated() {
          for (output, weight) in row(layer.weight.value, input).enumerated() { y[output] += value * weight }
        }
        h = position < mlp.layers.count - 1 ? y.map { Swift.max($0, 0) } : y
      }
      return h
    }

    let (x, e, u) = (point[0], point[1], point[2]), of = batch.graphOfNode
    let edges: [[Double]] = try (0..<graph.edgeCount).map { edge in
      let (j, i) = (graph.sources[edge], graph.targets[edge])
      return try phi(block.edge, row(e, edge), row(x, j), row(x, i), row(u, of[i]))
    }
    let nodes: [[Double]] = try (0..<graph.nodeCount).map { i in
      let reaching = edges.indices.filter { graph.targets[$0] == i }.map { edges[$0] }
      return try phi(block.node, sum(reaching, width: 3), row(x, i), row(u, of[i]))
    }
    let globals: [[Double]] = try graphs.indices.map { g in
      let itsEdges = edges.indices.filter { of[graph.targets[$0]] == g }.map { edges[$0] }
      let itsNodes = nodes.indices.filter { of[$0] == g }.map { nodes[$0] }
      return try phi(block.global, sum(itsEdges, width: 3), sum(itsNodes, width: 2), row(u, g))
    }
    let result = block(Variable(x), edges: Variable(e), global: Variable(u), on: graph, graphOfNode: of)
    let all: [[[Double]]] = [nodes, edges, globals]
    for (output, expected) in zip(Output.allCases, all) {
      let found = output.of(result).scalars(as: Double.self), numbers = expected.flatMap { $0 }
      try #require(found.count == numbers.count)
      for (a, b) in zip(found, numbers) { #expect(Swift.abs(a - b) <= 1e-12 * Swift.max(1, Swift.abs(b)), "\(output)") }
    }
  }
}
