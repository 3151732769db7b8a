import AdjointGraphs
import Testing

private let key = RandomKey(seed: 6)

/// 0 – 1 – 2 with two features for each node, and weights of two inputs and two outputs.
private struct Path {
  let graph: Graph
  let x: Tensor = .init([1, 0, 0, 1, 1, 1], shape: [3, 2], dtype: .float64)
  let w: Tensor = .init([1, 2, -1, 1], shape: [2, 2], dtype: .float64)
  init() throws { graph = try Graph(nodeCount: 3, undirected: [(0, 1), (1, 2)]) }

  /// D⁻¹ A and D⁻¹ (A + I), dense.
  var mean: Tensor { .init([0, 1, 0, 0.5, 0, 0.5, 0, 1, 0], shape: [3, 3], dtype: .float64) }
  var selfMean: Tensor {
    Tensor([3, 3, 0, 2, 2, 2, 0, 3, 3], shape: [3, 3], dtype: .float64) / Tensor(6, dtype: .float64)
  }
}

private func line(_ n: Int) throws -> Graph { try Graph(nodeCount: n, undirected: (1..<n).map { ($0 - 1, $0) }) }

private func near(_ a: Tensor, _ b: Tensor, _ tolerance: Double = 1e-12) -> Bool {
  a.shape == b.shape && (a.count == 0 || abs(a - b).max().item() <= tolerance)
}

@Suite struct `The mean layer and the layer that counts itself` {
  // 000-01, 001-29, 003-43
  @Test(arguments: [0, 1, 2, 3, 5]) func `see exactly the ball of as many hops as there are layers`(_ layers: Int)
    throws
  {
    let graph = try line(6)
    withDefaultDType(.float64) {
      let layer = MeanConv(1, 1, initializer: .ones, key: key)
      for node in 0..<6 {
        let tape = Tape(), x = tape.variable(Tensor(ones: [6, 1]))
        let y = (0..<layers).reduce(x) { h, _ in layer(h, on: graph) }
        let gradient = y.rows(node..<node + 1).sum().gradients()[x].scalars(as: Double.self)
        for other in 0..<6 { #expect((gradient[other] != 0) == (Swift.abs(node - other) <= layers)) }
      }
    }
  }

  // 000-02
  @Test func `without a term of its own, a node does not see itself after one step on a bipartite graph`() throws {
    let graph = try line(4), layer = MeanConv(1, 1, initializer: .ones, key: key)
    for hasOwn in [false, true] {
      let tape = Tape(), x = tape.variable(Tensor(ones: [4, 1]))
      let y = hasOwn ? layer(x, on: graph) : graph.mean(.source(x))
      for node in 0..<4 {
        let own = y.rows(node..<node + 1).sum().gradients()[x].scalars(as: Double.self)[node]
        #expect((own != 0) == hasOwn)
      }
    }
  }

  // 000-04, 000-05, 000-06, 001-31, 004-09
  @Test func `take all nodes at the same time`() throws {
    let path = try Path()
    withDefaultDType(.float64) {
      let layer = MeanConv(2, 2, key: key)
      layer.$neighbourWeight.value = path.w.transposed()
      layer.$ownWeight.value = .eye(2)
      let expected = Tensor([3, 1, 2, 0.5, 3, 2], shape: [3, 2])
      #expect(near(layer(Variable(path.x), on: path.graph).value, expected))
      #expect(near(matmul(matmul(path.mean, path.x), path.w.transposed()) + path.x, expected))
      // Updating one node after the other in place is another computation.
      var h = path.x
      for node in 0..<3 {
        let y = layer(Variable(h), on: path.graph).value
        h = concatenate([h.rows(0..<node), y.rows(node..<node + 1), h.rows(node + 1..<3)], along: 0)
      }
      #expect(!near(h, expected, 0.1))
    }
  }

  // 000-07
  @Test func `mix features with weights on the right; weights on the left would mix nodes and never features`() throws {
    let weight = Tensor(normal: [3, 3], key: key, dtype: .float64)
    for isRight in [true, false] {
      let tape = Tape(), x = tape.variable(Tensor(normal: [3, 3], key: key.stream(1), dtype: .float64))
      let y = isRight ? matmul(x, Variable(weight)) : matmul(Variable(weight), x)
      let gradient = y.slice(0..<1, along: 1).sum().gradients()[x].value
      let others = abs(gradient.slice(1..<3, along: 1)).sum().item()
      #expect((others != 0) == isRight)
    }
  }

  // 000-08, 000-09, 000-10
  @Test func `with loops, average rows that sum to one`() throws {
    let path = try Path(), looped = path.graph.addingSelfLoops()
    #expect(near(looped.shift(.randomWalk, dtype: .float64).dense().value, path.selfMean))
    #expect(near(path.selfMean.sum(along: [1]), Tensor(ones: [3], dtype: .float64)))
    let h = looped.mean(.source(Variable(path.x)))
    let activated = matmul(h, Variable(path.w), transposingRight: true)
    #expect(near(activated.value, Tensor([1.5, 0, 2, 0, 2.5, 0.5], shape: [3, 2], dtype: .float64)))
    let y = sigmoid(activated).value
    let expected = [0.817574, 0.5, 0.880797, 0.5, 0.924142, 0.622459]
    #expect(near(y, Tensor(expected, shape: [3, 2], dtype: .float64), 1e-6))
    #expect(Swift.abs(y.sum().item() - 4.244973) <= 1e-6)
    // n × n · n × n · n × f · f × f, and a rectangular matrix as well.
    #expect(h.shape == [3, 2] && activated.shape == [3, 2])
    #expect(matmul(h, Variable(Tensor(ones: [2, 5], dtype: .float64))).shape == [3, 5])
  }

  // 000-11
  @Test func `have the gradients of a linear map`() throws {
    let x = Tensor(normal: [4, 3], key: key, dtype: .float64),
      w = Tensor(normal: [3, 2], key: key.stream(1), dtype: .float64)
    let g = Tensor(normal: [4, 2], key: key.stream(2), dtype: .float64)
    let tape = Tape(), (vx, vw) = (tape.variable(x), tape.variable(w))
    let gradients = matmul(vx, vw).gradients(seed: Variable(g))
    #expect(near(gradients[vw].value, matmul(x.transposed(), g)) && gradients[vw].shape == [3, 2])
    #expect(near(gradients[vx].value, matmul(g, w.transposed())) && gradients[vx].shape == [4, 3])
    #expect(checkGradients(of: { matmul($0[0], $0[1]) }, at: [x, w]).passes)
  }

  // 000-12, 000-13, 000-14, 000-15, 000-16
  @Test func `go backward as derived by hand`() throws {
    let path = try Path(), looped = path.graph.addingSelfLoops()
    let tape = Tape(), (x, w) = (tape.variable(path.x), tape.variable(path.w))
    let product = matmul(x, w, transposingRight: true)
    let activated = looped.mean(.source(product)), y = sigmoid(activated)
    let gradients = y.sum().gradients()
    let g = y.value * (1 - y.value)
    #expect(near(gradients[activated].value, g) && g.shape == [3, 2])
    let ofProduct = matmul(path.selfMean.transposed(), g)
    #expect(near(gradients[product].value, ofProduct))
    #expect(near(gradients[x].value, matmul(ofProduct, path.w)))
    // In the layout with a row for each output the slide's dW is the transpose of what reaches Wᵀ.
    #expect(near(gradients[w].value, matmul(path.x.transposed(), ofProduct).transposed()))
    let dx = [-0.098762, 0.427476, -0.181212, 0.615081, -0.130785, 0.340935]
    #expect(near(gradients[x].value, Tensor(dx, shape: [3, 2], dtype: .float64), 1e-6))
    let dw = [0.179621, 0.214673, 0.409169, 0.526670]
    #expect(near(gradients[w].value, Tensor(dw, shape: [2, 2], dtype: .float64), 1e-6))
    for variable in [x, w, product, activated, y] { #expect(gradients[variable].shape == variable.shape) }
  }

  // 000-18
  @Test func `agree only if the weights are the same and the degree counts the loop`() throws {
    let path = try Path(), looped = path.graph.addingSelfLoops()
    withDefaultDType(.float64) {
      let layer = MeanConv(2, 2, key: key), x = Variable(path.x), w = path.w.transposed()
      (layer.$neighbourWeight.value, layer.$ownWeight.value) = (w, w)
      let merged = matmul(looped.mean(.source(x)), Variable(w)).value
      let separate = matmul(path.graph.sum(.source(x)) + x, Variable(w)).value
      let degrees = Tensor([2, 3, 2], shape: [3, 1])
      #expect(near(separate / degrees, merged))
      #expect(!near(layer(x, on: path.graph).value, merged, 0.1))
    }
  }

  // 001-30, 001-32, 001-33
  @Test func `are a sum over neighbours, a sparse product, and a dense one`() throws {
    let graph = try Graph(nodeCount: 5, edges: [(0, 1), (2, 1), (3, 1), (1, 0), (0, 3), (3, 3)])
    let a = graph.denseAdjacency(dtype: .float64)
    let inverse = Tensor(graph.inDegrees.map { $0 == 0 ? 0 : 1 / Double($0) }, shape: [5, 1], dtype: .float64)
    let layer = withDefaultDType(.float64) { MeanConv(3, 2, key: key.stream(1)) }
    let input = Tensor(normal: [5, 3], key: key, dtype: .float64)
    func run(_ mean: (Variable) -> Variable) -> [Tensor] {
      let tape = Tape(), x = tape.variable(input)
      let w = tape.variable(layer.neighbourWeight.value), b = tape.variable(layer.ownWeight.value)
      let y = tanh(matmul(mean(x), w) + matmul(x, b)), gradients = y.sum().gradients()
      return [y.value] + [x, w, b].map { gradients[$0].value }
    }
    let fused = run { graph.mean(.source($0)) }
    let dense = run { matmul(Variable(inverse * a), $0) }
    let scattered = run { $0.gatherRows(graph.sources).scatterMean(to: graph.targets, count: 5) }
    let looped = run { x in
      concatenate(
        (0..<5).map { node -> Variable in
          let rows = (0..<graph.edgeCount).filter { graph.targets[$0] == node }.map { graph.sources[$0] }
          let sum = x.gatherRows(IndexArray(rows)).sum(along: 0, keepingAxes: true)
          return Variable(inverse.rows(node..<node + 1)) * sum
        }, along: 0)
    }
    let tape = Tape(), x = tape.variable(input)
    let y = tape.recording { tanh(layer(x, on: graph)) }, gradients = y.sum().gradients()
    let ofLayer = [y, gradients[x], gradients[layer.$neighbourWeight], gradients[layer.$ownWeight]].map(\.value)
    for other in [dense, scattered, looped, ofLayer] { for (p, q) in zip(fused, other) { #expect(near(p, q)) } }
    // Nodes 2 and 4 have no neighbours: there is their own term alone.
    let own = tanh(matmul(input, layer.ownWeight.value))
    #expect(near(fused[0].gatherRows([2, 4]), own.gatherRows([2, 4])))
  }

  // 001-35
  @Test func `learn real numbers and categories`() throws {
    let graph = KarateClub.graph, x = Variable(Tensor.eye(34))
    let degrees = Variable(Tensor(graph.inDegrees.map { Double($0) / 10 }, shape: [34, 1]))
    let regression = MeanConv(34, 1, key: key), classification = MeanConv(34, 2, key: key)
    func falls(_ layer: MeanConv, _ loss: () -> Variable) -> Bool {
      let optimizer = Adam(learningRate: 0.05), before = loss().item()
      for _ in 0..<40 {
        let (_, gradients) = valueWithGradients(loss)
        optimizer.update(layer, with: gradients)
      }
      return loss().item() < before / 4
    }
    #expect(falls(regression) { squaredErrorLoss(regression(x, on: graph), degrees) })
    #expect(falls(classification) { softmaxCrossEntropy(logits: classification(x, on: graph), KarateClub.labels) })
  }

  // 003-46
  @Test func `stay finite on a star where a sum overflows`() throws {
    #if DEBUG
    let (leaves, layers, large) = (1000, 26, 0x1p90)
    #else
    let (leaves, layers, large) = (1_000_000, 14, 0x1p50)
    #endif
    let graph = try Graph(nodeCount: leaves + 1, undirected: (1...leaves).map { (0, $0) })
    // Two layers multiply a leaf's sum by the number of leaves, so that ones need more than eight layers for infinity.
    for (layers, start) in [(layers, 1), (8, large)] {
      let x = Variable(Tensor(repeating: start, shape: [leaves + 1, 1]))
      func after(_ step: (Variable) -> Variable) -> Tensor { (0..<layers).reduce(x) { h, _ in step(h) }.value }
      #expect(after { graph.sum(.source($0)) }.max().item() == .infinity)
      #expect(after { graph.mean(.source($0)) }.isIdentical(to: x.value))
      // Sums of a million float32 lose some digits in each layer.
      let symmetric = after { graph.sum(graph.symmetricWeights * .source($0)) }.max().item()
      #expect(Swift.abs(symmetric / start - 1) < 0.05)
    }
  }
}

@Suite struct `The layer of GraphSAGE` {
  let graph: Graph
  let x = Variable(Tensor(normal: [5, 3], key: key, dtype: .float64))
  init() throws { graph = try Graph(nodeCount: 5, edges: [(0, 1), (2, 1), (3, 1), (1, 0), (0, 3), (3, 3), (3, 4)]) }

  // 004-10
  @Test func `as a sum is its concatenation times two identities, one above the other`() {
    withDefaultDType(.float64) {
      let sum = SAGEConv(3, 2, key: key), both = SAGEConv(3, 2, concatenates: true, key: key)
      let blocks = concatenate([Tensor.eye(2), Tensor.eye(2)], along: 0)
      #expect(near(sum(x, on: graph).value, matmul(both(x, on: graph).value, blocks)))
      // The paper's W [AGG, x] with W cut into two blocks.
      let joint = concatenate([sum.neighbours.weight, sum.own.weight], along: 0)
      #expect(near(sum(x, on: graph).value, matmul(concatenate(graph.mean(.source(x)), x), joint).value))
    }
  }

  // 004-11, 001-34
  @Test func `pools by the maximum of what a map makes of the neighbours`() {
    withDefaultDType(.float64) {
      let layer = SAGEConv(3, 2, aggregation: .maxPooling, key: key)
      let mapped = layer.pool.map { relu($0(x)) } ?? x
      let expected = layer.neighbours(graph.max(.source(mapped))) + layer.own(x)
      #expect(near(layer(x, on: graph).value, expected.value))
      // Tied maxima share the gradient.
      let tape = Tape(), tied = tape.variable(Tensor([1, 2, 1, 1, 0], shape: [5, 1]))
      let gradient = graph.max(.source(tied)).rows(1..<2).sum().gradients()[tied].value
      #expect(near(gradient, Tensor([1 / 3, 0, 1 / 3, 1 / 3, 0], shape: [5, 1])))
    }
  }

  @Test func `rectifies every form as relu does, and makes of two sides what it makes of one graph`() throws {
    let edges = [(0, 1), (2, 1), (4, 1)], targets = x.rows(3..<5)
    let ratings = try Graph(sourceCount: 5, targetCount: 2, edges: edges)
    let together = try Graph(nodeCount: 7, edges: edges.map { ($0.0, 5 + $0.1) })
    withDefaultDType(.float64) {
      for aggregation in [SAGEConv.Aggregation.mean, .sum, .max, .maxPooling, .lstm] {
        for (width, concatenates, normalizes) in [
          (2, false, false), (4, false, false), (4, true, false), (4, false, true),
        ] {
          let layer = SAGEConv(
            3, width, aggregation: aggregation, concatenates: concatenates, normalizes: normalizes, key: key)
          #expect(near(layer.rectified(x, on: graph).value, relu(layer(x, on: graph)).value))
          let y = layer(sources: x, targets: targets, on: ratings)
          let expected = layer(concatenate([x, targets], along: 0), on: together).rows(5..<7)
          #expect(y.shape == [2, concatenates ? 2 * width : width] && near(y.value, expected.value))
        }
      }
    }
  }

  @Test func `has the bits of its two parts added, for isolated nodes and no nodes too`() throws {
    for (nodes, edges) in [(0, []), (1, []), (4, [(0, 1), (2, 1), (1, 0)])] as [(Int, [(Int, Int)])] {
      let graph = try Graph(nodeCount: nodes, edges: edges)
      let x = Variable(Tensor(normal: [nodes, 3], key: key)), layer = SAGEConv(3, 5, key: key)
      let parts = layer.neighbours(graph.mean(.source(x))) + layer.own(x)
      #expect(layer(x, on: graph).value == parts.value)
    }
  }

  @Test func `multiplies sparse and dense features alike`() {
    withDefaultDType(.float64) {
      for aggregation in [SAGEConv.Aggregation.mean, .sum] {
        for width in [2, 4] {
          let layer = SAGEConv(3, width, aggregation: aggregation, key: key)
          #expect(near(layer(SparseMatrix(x.value), on: graph).value, layer(x, on: graph).value))
        }
      }
    }
  }

  @Test func `runs on both sides of a bipartite graph`() throws {
    let ratings = try Graph(sourceCount: 3, targetCount: 2, edges: [(0, 1), (2, 1)])
    withDefaultDType(.float64) {
      let layer = SAGEConv(2, 3, key: key)
      let users = Tensor(normal: [3, 2], key: key), films = Tensor(normal: [2, 2], key: key.stream(1))
      let y = layer(sources: Variable(users), targets: Variable(films), on: ratings)
      let mean = (users.rows(0..<1) + users.rows(2..<3)) / 2
      let expected =
        layer.neighbours(Variable(concatenate([Tensor(zeros: [1, 2]), mean], along: 0))) + layer.own(Variable(films))
      #expect(near(y.value, expected.value))
    }
  }
}
