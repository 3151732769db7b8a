import AdjointGraphs
import Testing

private let key = RandomKey(seed: 3)

/// GCNConv computed with dense matrices: D^(−1/2) (A + I) D^(−1/2) X W + b, self-loops not doubled.
private func dense(_ layer: GCNConv, _ x: Tensor, _ graph: Graph) -> Tensor {
  let n = graph.nodeCount
  var a = Tensor(zeros: [n, n], dtype: .float64)
  for (source, target) in zip(graph.sources, graph.targets) { a[target, source] += 1 }
  for node in 0..<n where a[node, node] == 0 { a[node, node] = 1 }
  let roots = 1 / sqrt(a.sum(along: [1], keepingAxes: true))
  return matmul(a * roots * roots.transposed(), matmul(x, layer.weight.value)) + layer.bias.value
}

@Suite struct `The graph convolution` {
  /// Graphs of every awkward kind.
  static let graphs: [(name: String, nodes: Int, edges: [(Int, Int)])] = [
    ("undirected", 5, [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (0, 2), (2, 0)]),
    ("directed", 5, [(0, 1), (0, 2), (1, 2), (2, 0), (3, 2)]), ("without edges", 3, []), ("one node", 1, []),
    ("one node with a loop", 1, [(0, 0)]), ("with loops", 3, [(0, 0), (0, 1), (1, 0), (2, 2)]),
    ("with duplicates", 3, [(0, 1), (0, 1), (1, 0), (2, 1)]),
  ]

  @Test(arguments: graphs.map(\.name), [(2, 4), (4, 2), (3, 3)])
  func `is D^(−1/2) (A + I) D^(−1/2) X W + b`(_ name: String, _ widths: (Int, Int)) throws {
    let entry = try #require(Self.graphs.first { $0.name == name })
    let graph = try Graph(nodeCount: entry.nodes, edges: entry.edges)
    withDefaultDType(.float64) {
      let layer = GCNConv(widths.0, widths.1, key: key)
      layer.$bias.value = Tensor(normal: [widths.1], key: key.stream(1))
      let x = Tensor(normal: [entry.nodes, widths.0], key: key.stream(2))
      let y = layer(Variable(x), on: graph).value
      #expect(y.shape == [entry.nodes, widths.1])
      #expect(abs(y - dense(layer, x, graph)).max().item() <= 64 * Double.ulpOfOne)
      let rectified = layer.rectified(Variable(x), on: graph).value
      #expect(abs(rectified - max(dense(layer, x, graph), 0)).max().item() <= 64 * Double.ulpOfOne)
      let sparse = layer(SparseMatrix(x), on: graph).value
      #expect(abs(y - sparse).max().item() <= 64 * Double.ulpOfOne)
      let weighted = layer(Variable(x), on: graph, weights: Variable(Tensor(ones: [graph.edgeCount]))).value
      #expect(abs(y - weighted).max().item() <= 64 * Double.ulpOfOne)
    }
  }

  @Test func `of no nodes is empty`() throws {
    let graph = try Graph(nodeCount: 0, edges: [])
    #expect(GCNConv(3, 2, key: key)(Variable(Tensor(zeros: [0, 3])), on: graph).shape == [0, 2])
    #expect(GCNConv(2, 3, key: key)(Variable(Tensor(zeros: [0, 2])), on: graph).shape == [0, 3])
  }

  @Test func `leaves an isolated node its own features`() throws {
    let graph = try Graph(nodeCount: 3, undirected: [(0, 1)])
    let layer = GCNConv(2, 2, key: key)
    layer.$weight.value = .eye(2)
    #expect(layer([[1, 2], [3, 4], [5, 6]], on: graph).value.rows(2..<3) == [[5, 6]])
  }

  @Test func `does not care how the nodes are numbered`() throws {
    let n = 40
    let draws = RandomKey(seed: 7).bits(count: 240).map { Int($0 % 40) }
    let edges = (0..<120).map { (draws[2 * $0], draws[2 * $0 + 1]) }
    let order = RandomKey(seed: 8).permutation(n)
    var position = [Int](repeating: 0, count: n)
    for (new, old) in order.enumerated() { position[old] = new }
    let graph = try Graph(nodeCount: n, edges: edges)
    let renumbered = try Graph(nodeCount: n, edges: edges.map { (position[$0], position[$1]) })
    withDefaultDType(.float64) {
      let x = Tensor(normal: [n, 5], key: key)
      let model = GCN(5, hidden: 7, classes: 3, dropout: 0, key: key)
      let y = model(Variable(x), on: graph).value.gatherRows(IndexArray(order))
      let z = model(Variable(x.gatherRows(IndexArray(order))), on: renumbered).value
      #expect(abs(y - z).max().item() <= 64 * Double.ulpOfOne)
    }
  }

  @Test(arguments: [1, 2], [(2, 3), (3, 2)])
  func `passes the gradient check with respect to parameters, features and edge weights`(
    _ order: Int, _ widths: (Int, Int)
  ) throws {
    let graph = try Graph(nodeCount: 5, edges: [(0, 1), (0, 2), (1, 2), (2, 0), (3, 2), (2, 2)])
    withDefaultDType(.float64) {
      let layer = GCNConv(widths.0, widths.1, key: key)
      let x = Tensor(normal: [5, widths.0], key: key.stream(1)),
        weights = Tensor(uniform: [6], low: 0.5, high: 2, key: key)
      let parameters = checkGradients(for: layer.parameters, order: order) { tanh(layer(Variable(x), on: graph)) }
      #expect(parameters.passes, "\(parameters)")
      #expect(Set(parameters.elements.map(\.name)) == ["weight", "bias"])
      #expect(checkGradients(of: { tanh(layer($0, on: graph)) }, at: x, order: order).passes)
      let rectified = checkGradients(for: layer.parameters, order: order) {
        tanh(layer.rectified(Variable(x), on: graph))
      }
      #expect(rectified.passes, "\(rectified)")
      let weighted = checkGradients(
        of: { tanh(layer($0[0], on: graph, weights: $0[1], loopWeight: 2)) }, at: [x, weights], order: order)
      #expect(weighted.passes, "\(weighted)")
      let both = checkGradients(for: layer.parameters, order: order) {
        tanh(layer(Variable(x), on: graph, weights: Variable(weights)))
      }
      #expect(both.passes, "\(both)")
    }
  }

  @Test func `has its parameters at their paths within a GCN`() {
    let model = GCN(4, hidden: 3, classes: 2, key: key)
    #expect(model.parameters.map(\.path) == ["hidden.weight", "hidden.bias", "output.weight", "output.bias"])
    #expect(model.parameterCount == 4 * 3 + 3 + 3 * 2 + 2)
  }

  @Test func `within a GCN drops nothing without a key`() {
    let model = GCN(34, hidden: 4, classes: 2, dropout: 0.9, key: key), graph = KarateClub.graph
    let x = Variable(Tensor.eye(34))
    let first = model(x, on: graph).value
    #expect(first.isIdentical(to: model(x, on: graph, key: nil).value))
    #expect(first != model(x, on: graph, key: key).value)
    #expect(model(x, on: graph, key: key).value.isIdentical(to: model(x, on: graph, key: key).value))
    #expect(
      abs(first - model(SparseMatrix(Tensor.eye(34)), on: graph).value).max().item() <= 16 * Double(Float.ulpOfOne))
  }
}
