import AdjointGraphs
import Testing

private let key = RandomKey(seed: 21)

@Suite struct `Readouts` {
  /// Graphs of three nodes, of none, and of two.
  let batch: GraphBatch
  init() throws {
    batch = GraphBatch([
      try Graph(nodeCount: 3, undirected: [(0, 1), (1, 2)]), try Graph(nodeCount: 0, edges: []),
      try Graph(nodeCount: 2, undirected: [(0, 1)]),
    ])
  }

  // 002-55
  @Test func `reduce the nodes of each graph, or put them side by side`() throws {
    let single = GraphBatch([try Graph(nodeCount: 3, edges: [])]), x: Variable = [[1, 5], [3, -2], [2, 0]]
    #expect(single.readout(x, by: .max).value == [[3, 5]] && single.readout(x, by: .mean).value == [[2, 1]])
    #expect(single.concatenatedReadout(x, nodes: 3).value == [[1, 5, 3, -2, 2, 0]])
    let graph = single.graph
    for reduction in Reduction.allCases {
      #expect(checkInvariance(of: { GraphBatch([$1]).readout($0, by: reduction) }, on: graph, features: x.value).passes)
    }
    let report = checkInvariance(
      of: { GraphBatch([$1]).concatenatedReadout($0, nodes: 3) }, on: graph, features: x.value)
    #expect(!report.passes && report.worstNode == nil)
  }

  @Test func `of a graph without nodes are zeros`() {
    let x = Variable(Tensor(normal: [5, 2], key: key))
    for reduction in Reduction.allCases {
      let y = batch.readout(x, by: reduction).value
      #expect(y.shape == [3, 2] && y.rows(1..<2) == [[0, 0]])
    }
    #expect(batch.concatenatedReadout(x, nodes: 3).value.rows(1..<2) == Tensor(zeros: [1, 6]))
  }

  @Test(arguments: [1, 2]) func `by attention pass the gradient check`(_ order: Int) {
    withDefaultDType(.float64) {
      let readout = AttentionReadout(
        gate: MLP([2, 3, 1], activation: { tanh($0) }, key: key), features: MLP([2, 2], key: key.stream(1)))
      let x = Tensor(normal: [5, 2], key: key)
      #expect(readout(Variable(x), on: batch).value.rows(1..<2) == [[0, 0]])
      #expect(checkGradients(of: { readout($0, on: batch) }, at: x, order: order).passes)
      #expect(checkGradients(for: readout.parameters, order: order) { readout(Variable(x), on: batch) }.passes)
      // Equal rows: the mean.
      let y = readout(Variable(Tensor(ones: [5, 2])), on: batch) - readout.features(Variable(Tensor(ones: [1, 2])))
      #expect(abs(y.value.rows(0..<1)).max().item() <= 1e-12)
    }
  }

  @Test func `of the best nodes keep them in their order, and their edges`() {
    withDefaultDType(.float64) {
      let pooling = TopKPooling(1, ratio: 0.5, key: key)
      pooling.$direction.value = [2]
      let x = Variable(Tensor([0.5, -1, 2, 3, 4], shape: [5, 1]))
      let (y, pooled, kept) = pooling(x, on: batch)
      #expect(Array(kept) == [0, 2, 4] && pooled.nodeOffsets == [0, 2, 2, 3])
      #expect(pooled.graph.edgeCount == 0)
      let expected = [0.5, 2, 4].map { $0 * tanh(Tensor($0)).item() }
      #expect(abs(y.value - Tensor(expected, shape: [3, 1])).max().item() <= 1e-12)
      #expect(checkGradients(of: { pooling($0, on: batch).nodes }, at: x.value).passes)
      #expect(checkGradients(for: pooling.parameters) { pooling(x, on: batch).nodes }.passes)
    }
  }

  @Test func `of the best nodes say which edges are left`() throws {
    let batch = GraphBatch([.ring(4), try Graph(nodeCount: 0, edges: []), .ring(100)])
    let x = Variable(Tensor(normal: [104, 2], key: key))
    let (_, pooled, kept) = TopKPooling(2, ratio: 0.75, key: key)(x, on: batch)
    #expect(pooled.nodeOffsets == [0, 3, 3, 78] && pooled.edgeOffsets[1] > 0)
    #expect(pooled.edgeOffsets[3] > pooled.edgeOffsets[2])
    for (edge, old) in pooled.graph.edgeOrder.enumerated() {
      #expect(kept[pooled.graph.sources[edge]] == batch.graph.sources[old])
      #expect(kept[pooled.graph.targets[edge]] == batch.graph.targets[old])
    }
    let few = TopKPooling(2, ratio: 0.07, key: key)(
      Variable(Tensor(normal: [100, 2], key: key)), on: GraphBatch([.ring(100)]))
    #expect(few.kept.count == 7)
  }

  @Test func `of clusters are those of the paper`() {
    let a = Tensor([0, 1, 0, 1, 0, 1, 0, 1, 0], shape: [3, 3], dtype: .float64)
    let s = Tensor([0.8, 0.2, 0.5, 0.5, 0.1, 0.9], shape: [3, 2], dtype: .float64)
    let z = Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2], dtype: .float64)
    let pooled = diffPool(Variable(z), adjacency: Variable(a), assignment: Variable(s))
    func near(_ x: Variable, _ values: [Double], _ tolerance: Double) -> Bool {
      zip(x.scalars(as: Double.self), values).allSatisfy { Swift.abs($0 - $1) <= tolerance }
    }
    #expect(near(pooled.features, [0.9, 0.6, 1.1, 1.4], 1e-12) && near(pooled.adjacency, [0.9, 1, 1, 1.1], 1e-12))
    #expect(near(pooled.linkLoss, [1.587451], 1e-6) && near(pooled.entropy, [0.506211], 1e-6))
    let report = checkGradients(
      of: { inputs in
        let pooled = diffPool(inputs[0], adjacency: inputs[1], assignment: softmax(inputs[2]))
        return pooled.features.sum() + pooled.adjacency.sum() * pooled.linkLoss + pooled.entropy
      }, at: [z, a, s])
    #expect(report.passes, "\(report)")
  }

  @Test(arguments: [1, 2]) func `of normalised graphs have mean 0 and variance 1 in each`(_ order: Int) {
    withDefaultDType(.float64) {
      let norm = GraphNorm(2, epsilon: 1e-9), x = Tensor(normal: [5, 2], key: key)
      let y = norm(Variable(x), on: batch)
      #expect(abs(batch.readout(y, by: .mean).value).max().item() <= 1e-6)
      #expect(abs(batch.readout(y, by: .standardDeviation).value.rows(0..<1) - 1).max().item() <= 1e-6)
      let smooth = GraphNorm(2, epsilon: 0.1)
      #expect(checkGradients(of: { smooth($0, on: batch) }, at: x, order: order).passes)
      #expect(checkGradients(for: smooth.parameters, order: order) { tanh(smooth(Variable(x), on: batch)) }.passes)
    }
  }
}

@Suite struct `Nearest neighbours` {
  let points = Tensor([0, 1, 3, 10, 11], shape: [5, 1], dtype: .float64)

  @Test func `are the nearest of the same group`() {
    let graph = Graph(nearest: 2, among: points)
    let expected = [[1, 2], [0, 2], [1, 0], [4, 2], [3, 2]]
    for node in 0..<5 {
      let sources = (0..<graph.edgeCount).filter { graph.targets[$0] == node }.map { graph.sources[$0] }
      #expect(sources == expected[node])
    }
    #expect(Graph(nearest: 2, among: points, groups: [0, 0, 1, 1, 0]).inDegrees == [2, 2, 1, 1, 2])
    #expect(Graph(nearest: 1, among: points, selfLoops: true).sources.elementsEqual(0..<5))
    #expect(Graph(nearest: 3, among: Tensor(zeros: [0, 2])).nodeCount == 0)
  }

  // 002-35
  @Test func `feed dynamic and gravitational layers, which pass the gradient check`() {
    withDefaultDType(.float64) {
      let x = Tensor(normal: [6, 2], key: key), groups: IndexArray = [0, 0, 0, 1, 1, 1]
      let dynamic = DynamicEdgeConv(MLP([4, 3, 2], activation: { tanh($0) }, key: key), neighbours: 2)
      let gravity = GravNetConv(2, 3, space: 2, features: 2, neighbours: 2, key: key)
      for order in [1, 2] {
        #expect(checkGradients(of: { dynamic($0, groups: groups) }, at: x, order: order).passes)
        #expect(checkGradients(for: dynamic.parameters, order: order) { tanh(dynamic(Variable(x))) }.passes)
        let ofPoints = checkGradients(of: { gravity($0) }, at: x, order: order)
        #expect(ofPoints.passes, "\(ofPoints)")
        #expect(checkGradients(for: gravity.parameters, order: order) { tanh(gravity(Variable(x))) }.passes)
      }
      // A cloud alone gives what it gives among others.
      let first = gravity(Variable(x.rows(0..<3))).value
      #expect(abs(gravity(Variable(x), groups: groups).value.rows(0..<3) - first).max().item() <= 1e-12)
      let graph = Graph(nearest: 2, among: x)
      #expect(checkEquivariance(of: { x, _ in gravity(x) }, on: graph, features: x).passes)
      #expect(checkEquivariance(of: { x, _ in dynamic(x) }, on: graph, features: x).passes)
    }
  }
}

@Suite struct `A report by depth` {
  @Test func `shows how features become alike and gradients fade`() {
    let graph = KarateClub.graph, x = Tensor(normal: [34, 4], key: key, dtype: .float64)
    let step = { (h: Variable) in graph.mean(.source(h)) }
    let report = DepthReport(x, through: [_](repeating: step, count: 12)) { square($0).sum() }
    #expect(report.levels.count == 13 && report.levels[12].similarity > 0.99 && report.levels[0].similarity < 0.5)
    #expect(report.description.split(separator: "\n").count == 13)
    #expect(report.levels.allSatisfy { $0.gradientNorm.isFinite && $0.gradientNorm > 0 })
    #expect(DepthReport.similarity(of: Tensor([1, 0, 0, 1, -1, 0], shape: [3, 2])) == -1.0 / 3)
  }
}
