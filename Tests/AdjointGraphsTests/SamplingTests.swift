import AdjointGraphs
import Testing

@Suite struct `A sampled neighbourhood` {
  private let graph: Graph
  private let x = Tensor(normal: [60, 5], key: RandomKey(seed: 1), dtype: .float64)
  init() throws { graph = try randomGraph(60, 200, seed: 4).addingSelfLoops().coalesced().graph }

  private func layers() -> [GCNConv] {
    withDefaultDType(.float64) { [GCNConv(5, 7, key: RandomKey(seed: 2)), GCNConv(7, 3, key: RandomKey(seed: 3))] }
  }

  // 001-38
  @Test func `of all neighbours gives the seeds the rows that the whole graph gives`() throws {
    let layers = layers()
    let whole = layers.reduce(Variable(x)) { tanh($1($0, on: graph)) }.value
    let sampler = NeighbourSampler(graph, fanOuts: [nil, nil])
    for seeds in [[3], [59, 0, 17], [], IndexArray(0..<60)] as [IndexArray] {
      let part = sampler.sample(seeds, key: RandomKey(seed: 5))
      #expect(part.nodes.prefix(seeds.count).elementsEqual(seeds) && part.seedCount == seeds.count)
      let rows = layers.reduce(Variable(x.gatherRows(part.nodes))) { tanh($1($0, on: part.graph)) }.value
      let expected = whole.gatherRows(seeds)
      #expect(rows.rows(0..<seeds.count).shape == expected.shape)
      if !seeds.isEmpty { #expect(abs(rows.rows(0..<seeds.count) - expected).max().item() < 1e-12) }
    }
  }

  @Test(arguments: ConvolutionCase.all.filter { !$0.findsNeighbours })
  func `of all neighbours gives every convolution the rows that the whole graph gives`(_ convolution: ConvolutionCase)
    throws
  {
    let key = RandomKey(seed: 6), graph = try AwkwardGraph.random("", nodes: 300, edges: 400).graph
    let part = NeighbourSampler(graph, fanOuts: [Int?](repeating: nil, count: 12)).sample([3, 290, 41], key: key)
    #expect(part.graph.nodeCount > 20 && part.graph.nodeCount < 290)
    withDefaultDType(.float64) {
      let (_, apply) = convolution.make(key)
      let x = Tensor(normal: [300, ConvolutionCase.inputs], key: key.stream(1))
      let e = Tensor(uniform: convolution.edgeShape(graph), low: 0.5, high: 1.5, key: key.stream(2))
      let whole = apply(Variable(x), Variable(e), graph).value.gatherRows([3, 290, 41])
      let rows = apply(
        Variable(x.gatherRows(part.nodes)), Variable(e.gatherRows(part.graph.edgeOrder)), part.graph
      ).value.rows(0..<3)
      #expect(abs(rows - whole).max().item() <= 1e-12)
    }
  }

  @Test func `keeps its degrees in a batch and under other numbers`() {
    let layer = withDefaultDType(.float64) { GCNConv(5, 3, key: RandomKey(seed: 2)) }
    let part = NeighbourSampler(graph, fanOuts: [nil]).sample([3, 17], key: RandomKey(seed: 1))
    let alone = layer(Variable(x.gatherRows(part.nodes)), on: part.graph).value
    let batch = GraphBatch([part.graph, .ring(4)])
    let joined = layer(Variable(concatenate([x.gatherRows(part.nodes), x.rows(0..<4)], along: 0)), on: batch.graph)
      .value
    #expect(joined.rows(0..<part.graph.nodeCount).isIdentical(to: alone))
    let ring = layer(Variable(x.rows(0..<4)), on: .ring(4)).value
    #expect(joined.rows(part.graph.nodeCount..<part.graph.nodeCount + 4).isIdentical(to: ring))
    let report = checkEquivariance(of: { layer($0, on: $1) }, on: part.graph, features: x.gatherRows(part.nodes))
    #expect(report.passes, "\(report)")
  }

  @Test func `of all neighbours gives mean and maximum the same bits`() {
    let part = NeighbourSampler(graph, fanOuts: [nil]).sample([8, 30], key: RandomKey(seed: 1))
    let inner = Variable(x.gatherRows(part.nodes)), outer = Variable(x)
    #expect(
      part.graph.mean(.source(inner)).value.rows(0..<2).isIdentical(
        to: graph.mean(.source(outer)).value.gatherRows([8, 30])))
    #expect(
      part.graph.max(.source(inner)).value.rows(0..<2).isIdentical(
        to: graph.max(.source(outer)).value.gatherRows([8, 30])))
  }

  @Test func `holds edges of the graph, as many as its fan-outs allow, each once`() {
    let sampler = NeighbourSampler(graph, fanOuts: [3, 2])
    let part = sampler.sample([5, 40, 9], key: RandomKey(seed: 6))
    #expect(Set(part.nodes).count == part.nodes.count && part.nodesAfterHop[0] == 3 && part.nodesAfterHop.count == 3)
    #expect(Set(part.graph.edgeOrder).count == part.graph.edgeCount)
    for (edge, old) in part.graph.edgeOrder.enumerated() {
      #expect(part.nodes[part.graph.sources[edge]] == graph.sources[old])
      #expect(part.nodes[part.graph.targets[edge]] == graph.targets[old])
    }
    for (node, degree) in part.graph.inDegrees.enumerated() {
      let all = graph.inDegrees[part.nodes[node]]
      let wanted = node < 3 ? Swift.min(3, all) : node < part.nodesAfterHop[1] ? Swift.min(2, all) : 0
      #expect(degree == wanted)
    }
    let again = sampler.sample([5, 40, 9], key: RandomKey(seed: 6)),
      other = sampler.sample([5, 40, 9], key: RandomKey(seed: 7))
    #expect(again.graph.edgeOrder == part.graph.edgeOrder && again.nodes == part.nodes)
    #expect(other.graph.edgeOrder != part.graph.edgeOrder)
  }

  @Test func `draws every neighbour equally often`() throws {
    let star = try Graph(nodeCount: 7, edges: (1..<7).map { ($0, 0) })
    let sampler = NeighbourSampler(star, fanOuts: [2])
    var counts = [Int](repeating: 0, count: 7)
    for seed in 0..<600 {
      for node in sampler.sample([0], key: RandomKey(seed: UInt64(seed))).nodes { counts[node] += 1 }
    }
    // 600 · 2 / 6 = 200 each, with a deviation of √(600 · 1/3 · 2/3) ≈ 12.
    #expect(counts[0] == 600 && counts.dropFirst().allSatisfy { (150...250).contains($0) }, "\(counts)")
  }

  @Test func `is gone through by a loader, every seed once in an epoch`() {
    var data = AttributedGraph(graph)
    data.nodes["x"] = .values(x)
    data.nodes["y"] = .labels(IndexArray(0..<60))
    data.edges["w"] = .values(Tensor((0..<graph.edgeCount).map(Double.init)))
    let loader = NeighbourLoader(
      data, seeds: IndexArray(10..<33), batchSize: 5, fanOuts: [4, nil], key: RandomKey(seed: 1))
    let epoch = loader.epoch(0)
    #expect(loader.batchCount == 5 && epoch.map(\.seedCount) == [5, 5, 5, 5, 3])
    #expect(epoch.flatMap { Array($0.seeds) }.sorted() == Array(10..<33))
    for batch in epoch {
      #expect(batch.part.nodes.indices("y") == batch.nodes)
      #expect(batch.part.nodes.values("x") == x.gatherRows(batch.nodes))
      #expect(batch.part.edges.values("w") == Tensor(batch.graph.edgeOrder.map(Double.init)))
      #expect(batch.blocks.last?.nodeCount == batch.seedCount && batch.blocks[0].sourceCount == batch.nodes.count)
    }
    #expect(loader.epoch(0).flatMap { Array($0.nodes) } == epoch.flatMap { Array($0.nodes) })
    #expect(loader.epoch(1).flatMap { Array($0.seeds) } != epoch.flatMap { Array($0.seeds) })
    let plain = NeighbourLoader(data, batchSize: 60, fanOuts: [nil], isShuffled: false, key: RandomKey(seed: 1))
    #expect(plain.epoch(3)[0].seeds == IndexArray(0..<60))
  }

  @Test(arguments: [1, 7, 60, 100]) func `layer by layer gives the whole graph what the model gives at once`(
    _ step: Int
  ) {
    let layers = layers()
    let whole = layers.reduce(Variable(x)) { tanh($1($0, on: graph)) }.value
    let inferred = graph.inferring(
      from: x, nodesPerStep: step, layers: layers.map { layer in { tanh(layer($0, on: $1)) } })
    #expect(abs(inferred - whole).max().item() < 1e-12)
  }

  @Test(arguments: [[nil, nil, nil], [4, 2, 3]] as [[Int?]])
  func `in blocks gives the seeds the rows and the parameters the gradients of the whole part`(_ fanOuts: [Int?]) {
    let model = withDefaultDType(.float64) { GraphSAGE([5, 6, 4, 3], dropout: 0, key: RandomKey(seed: 2)) }
    let part = NeighbourSampler(graph, fanOuts: fanOuts).sample([3, 50, 21], key: RandomKey(seed: 8))
    let x = Variable(x.gatherRows(part.nodes)), blocks = part.blocks
    #expect(blocks.map(\.nodeCount) == part.nodesAfterHop.dropLast().reversed())
    #expect(blocks.map(\.sourceCount) == part.nodesAfterHop.dropFirst().reversed())
    let (whole, first) = valueWithGradients { square(model(x, on: part.graph).rows(0..<3)).sum() }
    let (cut, second) = valueWithGradients { square(model(x, on: blocks)).sum() }
    #expect(abs((whole - cut).value).item() <= 1e-12)
    // Any other function goes the same way, by a pass of its own.
    let other = withDefaultDType(.float64) {
      GraphSAGE([5, 6, 4, 3], dropout: 0, activation: { relu($0) }, key: RandomKey(seed: 2))
    }
    #expect(abs((square(other(x, on: blocks)).sum() - cut).value).item() <= 1e-12)
    #expect(abs((square(other(x, on: part.graph).rows(0..<3)).sum() - whole).value).item() <= 1e-12)
    let sparse = other(SparseMatrix(x.value), on: part.graph).rows(0..<3)
    #expect(abs((square(sparse).sum() - whole).value).item() <= 1e-12)
    for (name, parameter) in model.parameters {
      #expect(abs(first[parameter].value - second[parameter].value).max().item() <= 1e-11, "\(name)")
    }
  }

  @Test func `in blocks trains a memory whose order of reading depends on the key alone`() {
    let part = NeighbourSampler(graph, fanOuts: [5, 4]).sample([3, 50, 21], key: RandomKey(seed: 8))
    let x = Variable(x.gatherRows(part.nodes))
    /// The losses of three steps from the same weights, and the weights after them.
    func train(_ key: RandomKey?) -> (losses: [Double], weights: [Tensor]) {
      let model = withDefaultDType(.float64) {
        GraphSAGE([5, 6, 3], aggregation: .lstm, dropout: 0, key: RandomKey(seed: 2))
      }
      let optimizer = Adam(learningRate: 0.05)
      let losses = (0..<3).map { step in
        let (loss, gradients) = valueWithGradients {
          square(model(x, on: part.blocks, key: key?.stream(step))).sum()
        }
        optimizer.update(model, with: gradients)
        return loss.item()
      }
      return (losses, model.parameters.map(\.parameter.value))
    }
    let first = train(RandomKey(seed: 1)), again = train(RandomKey(seed: 1))
    #expect(first.losses == again.losses && first.losses[2] < first.losses[0])
    #expect(zip(first.weights, again.weights).allSatisfy { $0.isIdentical(to: $1) })
    #expect(train(RandomKey(seed: 3)).losses != first.losses)
    #expect(train(nil).losses != first.losses)
  }

  @Test func `of a graph without nodes is empty`() throws {
    let none = try Graph(nodeCount: 0, edges: [])
    #expect(NeighbourSampler(none, fanOuts: [2]).sample([], key: RandomKey(seed: 1)).graph.nodeCount == 0)
    #expect(none.inferring(from: Tensor(zeros: [0, 2]), layers: [{ h, _ in h }]).shape == [0, 2])
  }
}

@Suite struct `Random walks` {
  @Test func `follow the edges from where they start, and end where none leads on`() throws {
    let graph = try Graph(nodeCount: 4, edges: [(0, 1), (1, 2), (1, 0)])
    let walks = graph.randomWalks(from: [0, 3, 2, 0], length: 6, key: RandomKey(seed: 1))
    #expect(walks.count == 4 * 7)
    #expect(Array(walks[7..<14]) == [3] + [Int](repeating: -1, count: 6))
    for walk in 0..<4 {
      let path = walks[walk * 7..<walk * 7 + 7]
      for (a, b) in zip(path, path.dropFirst()) where b >= 0 {
        #expect(zip(graph.sources, graph.targets).contains { $0 == a && $1 == b })
      }
    }
    #expect(graph.randomWalks(from: [0, 3, 2, 0], length: 6, key: RandomKey(seed: 1)) == walks)
    #expect(graph.randomWalks(from: [2], length: 0, key: RandomKey(seed: 1)) == [2])
    #expect(graph.randomWalks(from: [], length: 5, key: RandomKey(seed: 1)) == [])
  }

  /// How often a step from 0 by way of 1 leads to each neighbour of 1, which are 0, 2 (a neighbour of 0) and 3 (none).
  private func steps(p: Double, q: Double) throws -> [Double] {
    let graph = try Graph(nodeCount: 4, undirected: [(0, 1), (1, 2), (1, 3), (0, 2)])
    let walks = graph.randomWalks(
      from: IndexArray([Int](repeating: 0, count: 4000)), length: 2, p: p, q: q, key: RandomKey(seed: 3))
    var counts = [0.0, 0, 0, 0]
    for walk in 0..<4000 where walks[walk * 3 + 1] == 1 { counts[walks[walk * 3 + 2]] += 1 }
    return counts.map { $0 / counts.reduce(0, +) }
  }

  @Test(arguments: [(1.0, 1.0), (0.25, 4.0), (4.0, 0.25), (50.0, 50.0)])
  func `are biased by p and q as node2vec says`(_ p: Double, _ q: Double) throws {
    let weights = [1 / p, 0, 1, 1 / q], sum = weights.reduce(0, +)
    // About 2000 steps: a deviation of 0.011 at most.
    for (found, weight) in zip(try steps(p: p, q: q), weights) { #expect(Swift.abs(found - weight / sum) < 0.05) }
  }
}
