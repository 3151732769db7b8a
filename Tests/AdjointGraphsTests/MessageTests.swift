import AdjointGraphs
import Testing

/// A message that can only be materialised, whatever the wrapped one can.
private struct Materialised<Wrapped: Message>: Message {
  let wrapped: Wrapped
  func each(on graph: Graph) -> Variable { wrapped.each(on: graph) }
}

/// A message of a user's own: the distance between both ends.
private struct Distance: Message {
  let x: Variable
  func each(on graph: Graph) -> Variable { square(x.gatherRows(graph.sources) - x.gatherRows(graph.targets)) }
}

struct ReductionCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let apply: @Sendable (any Message, Graph) -> Variable

  static let all = [
    ReductionCase(testDescription: "sum") { $0.reduced(by: .sum, on: $1) },
    ReductionCase(testDescription: "mean") { $0.reduced(by: .mean, on: $1) },
    ReductionCase(testDescription: "max") { $0.reduced(by: .max, on: $1) },
    ReductionCase(testDescription: "min") { $0.reduced(by: .min, on: $1) },
  ]
}

@Suite struct `Messages` {
  /// A multigraph with a self-loop, an isolated node and one without incoming edges.
  let graph: Graph
  init() throws {
    graph = try Graph(nodeCount: 6, edges: [(0, 1), (1, 1), (2, 1), (2, 1), (3, 0), (1, 3), (0, 3), (4, 0), (2, 3)])
  }

  @Test func `run from source to target`() throws {
    let chain = try Graph(nodeCount: 3, edges: [(0, 1), (1, 2)])
    let x: Variable = [[1, 10], [2, 20], [3, 30]]
    #expect(chain.sum(.source(x)).value == [[0, 0], [1, 10], [2, 20]])
    #expect(chain.sum(.target(x)).value == [[0, 0], [2, 20], [3, 30]])
    #expect(
      chain.each(.source(x)).value == [[1, 10], [2, 20]] && chain.each(.target(x)).value == [[2, 20], [3, 30]])
    #expect(chain.sum(.source(x) - .target(x)).value == [[0, 0], [-1, -10], [-1, -10]])
    #expect(chain.sum(.edge([[5], [7]])).value == [[0], [5], [7]])
    #expect(chain.sum([2, 3] * .source(x)).value == [[0, 0], [2, 20], [6, 60]])
  }

  private func check(_ reduction: ReductionCase, _ name: String, _ shapes: [Shape], _ make: ([Variable]) -> any Message)
  {
    func materialised(_ message: some Message) -> any Message { Materialised(wrapped: message) }
    for dtype in DType.allCases {
      let tape = Tape()
      let inputs = shapes.enumerated().map { position, shape in
        tape.variable(Tensor(normal: shape, key: RandomKey(seed: 3).stream(position), dtype: dtype))
      }
      let message = make(inputs)
      let (fused, plain) = (reduction.apply(message, graph), reduction.apply(materialised(message), graph))
      #expect(fused.shape == plain.shape && fused.dtype == dtype)
      // Sums of at most four products of numbers below 4.
      let bound = 32 * dtype.ulpOfOne
      #expect(abs((fused - plain).value).max().item() <= bound, "\(name)")
      let seed = Variable(Tensor(normal: fused.shape, key: RandomKey(seed: 8), dtype: dtype))
      let (first, second) = (fused.gradients(seed: seed), plain.gradients(seed: seed))
      for input in inputs { #expect(abs(first[input].value - second[input].value).max().item() <= bound, "\(name)") }
    }
  }

  @Test(arguments: ReductionCase.all)
  func `give the same fused and materialised, with the same gradients`(_ reduction: ReductionCase) {
    let nodes: Shape = [6, 3], edges = Shape([graph.edgeCount]), wide = Shape([graph.edgeCount, 3])
    check(reduction, "source", [nodes]) { .source($0[0]) }
    check(reduction, "target", [nodes]) { .target($0[0]) }
    check(reduction, "source of rank 1", [[6]]) { .source($0[0]) }
    check(reduction, "target of rank 3", [[6, 2, 2]]) { .target($0[0]) }
    check(reduction, "edge", [wide]) { .edge($0[0]) }
    check(reduction, "weighted source", [edges, nodes]) { $0[0] * .source($0[1]) }
    check(reduction, "weighted source of rank 3", [edges, [6, 2, 2]]) { $0[0] * .source($0[1]) }
    check(reduction, "weighted target", [edges, nodes]) { $0[0] * .target($0[1]) }
    check(reduction, "normalised source", [nodes]) { graph.symmetricWeights * .source($0[0]) }
    check(reduction, "normalised edge", [wide]) { graph.randomWalkWeights * .edge($0[0]) }
    check(reduction, "sum of both ends", [nodes, nodes]) { .source($0[0]) + .target($0[1]) }
    check(reduction, "difference and edge", [nodes, wide]) { (.source($0[0]) - .target($0[0])) * .edge($0[1]) }
    check(reduction, "a message of one's own", [nodes]) { Distance(x: $0[0]) }
    check(reduction, "difference of both ends", [nodes, nodes]) { .source($0[0]) - .target($0[1]) }
    check(reduction, "difference the other way", [nodes, nodes]) { .target($0[0]) - .source($0[1]) }
    check(reduction, "a constant", [[3]]) { .constant($0[0]) }
    let heads: Shape = [6, 2, 3], scores: Shape = [6, 2], ofEdges = Shape([graph.edgeCount, 2])
    check(reduction, "a weight for each head", [ofEdges, heads]) { $0[0] * .source($0[1]) }
    check(reduction, "a weight for each head, as a message", [ofEdges, heads]) { .edge($0[0]) * .source($0[1]) }
    check(reduction, "attention", [scores, scores, heads]) {
      softmax(leakyReLU(.source($0[0]) + .target($0[1]), slope: 0.2)) * .source($0[2])
    }
    check(reduction, "attention with scores of edges", [scores, scores, heads, ofEdges]) {
      softmax(.target($0[1]) + .source($0[0]) + .edge($0[3])) * .source($0[2])
    }
    check(reduction, "attention of a single head", [[6], [6], nodes]) {
      softmax(leakyReLU(.source($0[0]) + .target($0[1]), slope: 0.2)) * .source($0[2])
    }
    let key = RandomKey(seed: 6), half = Dropout(0.5)
    check(reduction, "attention with dropout", [scores, scores, heads]) {
      softmax(leakyReLU(.source($0[0]) + .target($0[1]), slope: 0.2)).dropping(half, key: key) * .source($0[2])
    }
    check(reduction, "attention of a single head with dropout", [[6], [6], nodes]) {
      softmax(leakyReLU(.source($0[0]) + .target($0[1]), slope: 0.2)).dropping(half, key: key) * .source($0[2])
    }
    check(reduction, "attention by products with dropout", [heads, heads, heads]) {
      softmax(dot(.target($0[0]), .source($0[1]))).dropping(half, key: key) * .source($0[2])
    }
    check(reduction, "attention by products", [heads, heads, heads]) {
      softmax(dot(.target($0[0]), .source($0[1]))) * .source($0[2])
    }
    check(reduction, "attention by products of a single head", [nodes, nodes, nodes]) {
      softmax(dot(.target($0[0]), .source($0[1]))) * .source($0[2])
    }
    check(reduction, "weights as edge features", [edges, nodes]) { .edge($0[0]) * .source($0[1]) }
    let column = Shape([graph.edgeCount, 1])
    check(reduction, "a column of weights", [column, nodes]) { $0[0] * .source($0[1]) }
    check(reduction, "a column of weights as a message", [column, nodes]) {
      .edge($0[0]).map { tanh($0) } * .source($0[1])
    }
    check(reduction, "attention with a column of scores", [[6, 1], [6, 1], nodes]) {
      softmax(leakyReLU(.source($0[0]) + .target($0[1]), slope: 0.2)) * .source($0[2])
    }
    check(reduction, "weights on the right", [nodes]) { .source($0[0]) * graph.symmetricWeights }
    check(reduction, "twice the source", [nodes]) { 2 * .source($0[0]) }
    check(reduction, "less than the source", [nodes]) { -0.3 * .source($0[0]) }
    check(reduction, "a trained number", [[], nodes]) { $0[0] * .target($0[1]) }
    check(reduction, "a trained number of differences", [[], nodes]) { $0[0] * (.source($0[1]) - .target($0[1])) }
    check(reduction, "attention with a column and a vector of scores", [[6, 1], [6], nodes, edges]) {
      softmax(leakyReLU(.source($0[0]) + .target($0[1]) + .edge($0[3]), slope: 0.2)) * .source($0[2])
    }
    check(reduction, "half of a gated source", [nodes, nodes]) {
      0.5 * (Endpoint.source($0[0]).map { sigmoid($0) } * .source($0[1]))
    }
    check(reduction, "a trained number of edges", [[], wide]) { EdgeWeights($0[0]) * .edge($0[1]) }
    check(reduction, "minus a difference", [nodes]) { -(.source($0[0]) - .target($0[0])) }
    check(reduction, "half of a weighted source", [edges, nodes]) { ($0[0] * .source($0[1])) / 2 }
  }

  @Test func `say which kernel a scaled message runs`() {
    let x = Variable(Tensor(normal: [6, 3], key: RandomKey(seed: 1))), score = x.slice(0..<1, along: 1)
    let attention = softmax(leakyReLU(.source(score) + .target(score))) * .source(x)
    #expect(attention.explain(.sum, on: graph).kernel == "fused attention: scores, softmax and sum row by row")
    let column = Endpoint.source(score).map { tanh($0) }
    #expect((column * .source(x)).explain(.sum, on: graph).kernel == "sparse product, weighted")
    #expect((2 * .source(x)).explain(.mean, on: graph).kernel == "sparse mean")
    #expect((-1.5 * .source(x)).explain(.max, on: graph).kernel == "sparse maximum")
    #expect((Variable(0.5) * .source(x)).explain(.sum, on: graph).kernel == "sparse product, unweighted")
    #expect(
      (0.5 * (.source(x) - .target(x))).explain(.sum, on: graph).kernel
        == "sparse product, unweighted, and rows scaled by their in-degrees, times a number")
    let wide = Endpoint.source(x) + .target(x)
    #expect(
      (wide * .source(x)).explain(.sum, on: graph).kernel
        == "materialised, then reduced (sum), because factors of shape [3] for each edge are not weights of rows of shape [3]"
    )
    let tape = Tape(), weights = tape.variable(Tensor(ones: [graph.edgeCount]))
    #expect(
      (weights * .source(x)).explain(.max, on: graph).kernel
        == "materialised, then reduced (max), because there is no kernel for the max of weighted rows of sources with trained weights"
    )
    for reduction in [Reduction.sum, .mean, .max, .min] {
      #expect((2 * .target(x)).explain(reduction, on: graph).kernel.hasPrefix("rows "))
      #expect((-0.5 * .target(x)).explain(reduction, on: graph).kernel.hasPrefix("rows "))
    }
    #expect(
      (graph.symmetricWeights * .target(x)).explain(.min, on: graph).kernel
        == "materialised, then reduced (min), because there is no kernel for the min of weighted rows of targets")
    #expect(
      (wide * .source(x)).explain(.standardDeviation, on: graph).kernel
        == "materialised, then reduced (standardDeviation)")
  }

  @Test func `leave nothing on the tape when they are explained`() {
    let tape = Tape(), x = tape.variable(Tensor(normal: [6, 3], key: RandomKey(seed: 1)))
    let score = tape.variable(Tensor(normal: [6], key: RandomKey(seed: 2)))
    let count = tape.recording {
      let before = tape.count
      for width in [1, 3] {
        let factor = Endpoint.source(Variable(Tensor(ones: [6, width]))).map {
          tanh($0 * x.slice(0..<1, along: 1).sum())
        }
        for reduction in Reduction.allCases {
          _ = (factor * .source(x)).explain(reduction, on: graph)
          _ = (softmax(.source(score) + .target(score)) * .source(x)).explain(reduction, on: graph)
        }
      }
      return tape.count - before
    }
    #expect(count == 0)
  }

  @Test(arguments: [1, 3]) func `make a factor once, whatever they run as`(_ width: Int) {
    let x = Variable(Tensor(normal: [6, 3], key: RandomKey(seed: 1)))
    var calls = 0
    let factor = Endpoint.source(x.slice(0..<width, along: 1)).map {
      calls += 1
      return tanh($0)
    }
    for reduction in Reduction.allCases {
      for message in [factor * .source(x), -(factor * .source(x)), factor * .target(x)] as [any Message] {
        calls = 0
        _ = message.reduced(by: reduction, on: graph)
        #expect(calls == 1, "\(reduction)")
      }
    }
    calls = 0
    _ = graph.reduce(factor * .source(x), by: Reduction.allCases)
    _ = graph.reduce(factor * .source(x), by: [.sum, .mean])
    #expect(calls == 2)
  }

  @Test func `of one number for each edge scale whole rows, also when there are as many columns as edges`() throws {
    let chain = try Graph(nodeCount: 3, edges: [(0, 1), (1, 2)])
    let x: Variable = [[1, 10], [2, 20], [3, 30]], expected: Tensor = [[0, 0], [2, 20], [6, 60]]
    #expect(chain.sum(EdgeWeights([2, 3]) * .source(x)).value == expected)
    #expect(chain.sum(EdgeWeights([2, 3]) * .edge([[1, 10], [2, 20]])).value == expected)
    #expect(chain.sum(.edge([2, 3]) * .source(x)).value == expected)
    #expect(chain.sum(.source(x) * .edge([2, 3])).value == expected)
  }

  @Test func `that are not finite reach only the nodes they are sent to`() {
    let x = Tensor([1, 1, 1, 1, 1, -.infinity] as [Double], shape: [6, 1])
    let y = Tensor([1, 1, .nan, 1, 1, 1] as [Double], shape: [6, 1])
    for reduction in ReductionCase.all {
      for message in [.source(Variable(x)) as Endpoint, .target(Variable(x))] {
        let result = reduction.apply(message, graph).scalars(as: Double.self)
        // Node 5 has no edge; 2 and 4 have no incoming one.
        #expect(result.allSatisfy { $0.isFinite } && result[5] == 0 && result[2] == 0, "\(reduction.testDescription)")
      }
      let result = reduction.apply(.source(Variable(y)) as Endpoint, graph).scalars(as: Double.self)
      #expect(result.enumerated().allSatisfy { $1.isNaN == [1, 3].contains($0) }, "\(reduction.testDescription)")
    }
  }

  @Test func `are weighed against each other by a softmax at each target`() {
    let score = Variable(Tensor(normal: [graph.edgeCount, 2], key: RandomKey(seed: 1), dtype: .float64))
    let weights = graph.softmax(score)
    let totals = graph.sum(.edge(weights)).value
    for node in 0..<6 {
      let total = totals.rows(node..<node + 1).scalars(as: Double.self)
      #expect(total.allSatisfy { Swift.abs($0 - (graph.inDegrees[node] > 0 ? 1 : 0)) <= 4 * Double.ulpOfOne })
    }
    #expect(graph.softmax(.edge(score)).value.isIdentical(to: weights.value))
    #expect(abs((graph.softmax(score + 1e3) - weights).value).max().item() <= 1e3 * 16 * Double.ulpOfOne)
  }

  @Test(arguments: [1, 2]) func `attend with gradients of any order`(_ order: Int) {
    let shapes: [Shape] = [[6, 2, 3], [6, 2], [6, 2], [graph.edgeCount, 2]]
    let point = shapes.enumerated().map { Tensor(normal: $1, key: RandomKey(seed: 4).stream($0), dtype: .float64) }
    let report = checkGradients(
      of: { inputs in
        let score = leakyReLU(.source(inputs[1]) + .target(inputs[2]) + .edge(inputs[3]), slope: 0.2)
        return graph.sum(softmax(score) * .source(inputs[0]))
      }, at: point, order: order)
    #expect(report.passes, "\(report)")
    let weights = checkGradients(
      of: { graph.each(softmax(leakyReLU(.source($0[0]) + .target($0[1]), slope: 0.2))) }, at: Array(point[1...2]),
      order: order)
    #expect(weights.passes, "\(weights)")
  }

  @Test func `attend: scores of both ends, softmax, weighted sum`() {
    let h = Tensor(normal: [6, 3], key: RandomKey(seed: 2)), a = Tensor(normal: [6], key: RandomKey(seed: 3))
    for order in [1, 2] {
      let report = checkGradients(
        of: { inputs in
          let score = graph.each(.source(inputs[1]) + .target(inputs[1] * 0.5))
          return graph.sum(graph.softmax(tanh(score)) * .source(inputs[0]))
        }, at: [h, a], order: order)
      #expect(report.passes, "\(report)")
    }
  }
}
