import AdjointGraphs
import Testing

private let key = RandomKey(seed: 9)

private func near(_ a: Variable, _ b: Variable, _ tolerance: Double = 1e-12) -> Bool {
  a.shape == b.shape && abs((a - b).value).max().item() <= tolerance
}

@Suite struct `Message passing from two functions` {
  let graph: Graph
  let x = Variable(Tensor(normal: [4, 2], key: key, dtype: .float64))
  let e = Variable(Tensor(normal: [6, 1], key: key.stream(1), dtype: .float64))
  init() throws { graph = try Graph(nodeCount: 4, edges: [(0, 1), (2, 1), (1, 0), (3, 2), (3, 2), (2, 2)]) }

  // 003-41, 002-26
  @Test(arguments: [1, 2]) func `passes the gradient check for nodes and edges`(_ order: Int) {
    for reduction in [Reduction.sum, .mean, .max] {
      let report = checkGradients(
        of: { inputs in
          graph.passMessages(inputs[0], edges: inputs[1], by: reduction) { target, source, edge in
            tanh(target * source + edge)
          } update: { x, m in
            x * m
          }
        }, at: [x.value, e.value], order: order)
      #expect(report.passes, "\(report)")
    }
  }

  // 003-42
  @Test func `goes for edges too`() {
    let updated = graph.updateEdges(e, from: x) { target, source, edge in
      edge + (target * source).sum(along: 1, keepingAxes: true)
    }
    for edge in 0..<6 {
      let (s, t) = (graph.sources[edge], graph.targets[edge])
      let product = (x.rows(s..<s + 1) * x.rows(t..<t + 1)).sum() + e.rows(edge..<edge + 1).sum()
      #expect(Swift.abs(updated.value[edge, 0] - product.item()) <= 1e-12)
    }
    let report = checkGradients(
      of: { inputs in graph.updateEdges(inputs[1], from: inputs[0]) { $0 * $1 * $2 } }, at: [x.value, e.value])
    #expect(report.passes)
  }

  // 003-34, 003-36
  @Test func `sees a multiset of neighbours, with the node itself if wanted`() throws {
    func sum(_ graph: Graph, includesSelf: Bool) -> Variable {
      graph.passMessages(x, includesSelf: includesSelf) { _, source, _ in
        source
      } update: { _, m in
        m
      }
    }
    // Node 2 hears node 3 twice, and itself.
    let rows = sum(graph, includesSelf: false)
    #expect(near(rows.rows(2..<3), 2 * x.rows(3..<4) + x.rows(2..<3)))
    #expect(near(sum(graph, includesSelf: true), graph.addingSelfLoops().sum(.source(x))))
    #expect(near(sum(graph, includesSelf: true).rows(3..<4), x.rows(3..<4)))
  }

  // 003-35
  @Test func `is caught where it depends on the order of the neighbours`() throws {
    // The first neighbour in the order of their numbers, which renumbering changes.
    func first(_ x: Variable, _ graph: Graph) -> Variable {
      concatenate(
        (0..<graph.nodeCount).map { node -> Variable in
          let sources = (0..<graph.edgeCount).filter { graph.targets[$0] == node }.map { graph.sources[$0] }
          let row = sources.min() ?? node
          return x.rows(row..<row + 1)
        }, along: 0)
    }
    let report = checkEquivariance(of: first, on: graph, features: x.value)
    #expect(!report.passes && report.isExhaustive && report.permutations == 24)
    #expect(report.difference > 0 && report.description.contains("not equivariant under all 24"))
    // Nodes 1 and 2 hear two different ones; in the other graph, node 1 alone does, and is the row that is reported.
    #expect(report.worstNode == 1 || report.worstNode == 2)
    let other = try Graph(nodeCount: 4, edges: [(0, 1), (2, 1), (1, 0), (3, 2), (3, 2)])
    let ofOther = checkEquivariance(of: first, on: other, features: x.value)
    #expect(!ofOther.passes && ofOther.worstNode == 1 && ofOther.description.contains("row 1 differs"))
    #expect(ofOther.difference == abs((x.rows(0..<1) - x.rows(2..<3)).value).max().item())
    #expect(checkEquivariance(of: { $1.sum(.source($0)) }, on: graph, features: x.value).passes)
  }

  // 003-44
  @Test func `contains attention, which contains convolution`() {
    func psi(_ h: Variable) -> Variable { tanh(h) }
    // c[i, j] ψ(x[j]), a(x[i], x[j]) ψ(x[j]) and ψ(x[i], x[j]).
    func attentional(_ a: (Variable, Variable) -> Variable) -> Variable {
      graph.sum(a(graph.each(.target(x)), graph.each(.source(x))) * .source(psi(x)))
    }
    func general(_ m: @escaping (Variable, Variable) -> Variable) -> Variable {
      graph.passMessages(x) { target, source, _ in
        m(target, source)
      } update: { _, m in
        m
      }
    }
    let weights = graph.each(graph.symmetricWeights).value.converted(to: .float64)
    let convolutional = graph.sum(graph.symmetricWeights * .source(psi(x)))
    #expect(near(attentional { _, _ in Variable(weights) }, convolutional, 1e-6))
    #expect(
      near(attentional { ($0 * $1).sum(along: 1) }, general { ($0 * $1).sum(along: 1, keepingAxes: true) * psi($1) }))
  }

  @Test func `by several reductions puts them side by side`() {
    let all = graph.reduce(.source(x), by: Reduction.allCases)
    #expect(all.shape == [4, 10])
    let parts = all.chunked(by: 2)
    #expect(near(parts[0], graph.sum(.source(x))) && near(parts[1], graph.mean(.source(x))))
    #expect(near(parts[2], graph.max(.source(x))) && near(parts[3], graph.min(.source(x))))
    #expect(near(parts[4], graph.standardDeviation(.source(x))))
  }

  @Test func `by a softmax goes from the mean to the maximum`() {
    #expect(near(graph.softmaxSum(.source(x), inverseTemperature: 0), graph.mean(.source(x))))
    #expect(near(graph.softmaxSum(.source(x), inverseTemperature: 1e4), graph.max(.source(x)), 1e-3))
    let report = checkGradients(
      of: { graph.softmaxSum(.source($0[0]), inverseTemperature: $0[1]) }, at: [x.value, Tensor(0.7, dtype: .float64)])
    #expect(report.passes, "\(report)")
  }
}

@Suite struct `The plan of a message` {
  @Test func `names the kernel that runs, and what it allocates`() throws {
    let graph = try Graph(nodeCount: 3, edges: [(0, 1), (2, 1), (1, 0), (0, 2)])
    let x = Variable(Tensor(ones: [3, 2, 4])), s = Variable(Tensor(ones: [3, 2])), w = Variable(Tensor(ones: [4]))
    #expect(
      Endpoint.source(x).explain(.sum, on: graph).description == "sparse product, unweighted; 0 bytes for the edges")
    #expect((w * .source(x)).explain(.sum, on: graph).edgeBytes == 4 * 4)
    let attention = softmax(leakyReLU(.source(s) + .target(s), slope: 0.2)) * .source(x)
    let plan = attention.explain(.sum, on: graph)
    #expect(plan.kernel == "fused attention: scores, softmax and sum row by row" && plan.edgeBytes == 4 * 2 * 4)
    #expect(
      (softmax(dot(.target(x), .source(x))) * .source(x)).explain(.sum, on: graph).kernel
        == "sparse product, a weight for each head")
    #expect((.source(x) - .target(x)).explain(.max, on: graph).edgeBytes == 0)
    let mapped = (.source(x) - .target(x)).map { square($0) }.explain(.max, on: graph)
    #expect(mapped.isMaterialised && mapped.edgeBytes == 4 * 8 * 4)
  }
}
