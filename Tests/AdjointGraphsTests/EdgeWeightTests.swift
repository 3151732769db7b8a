import AdjointGraphs
import Testing

@Suite struct `Edge weights` {
  /// Five nodes: 0 → 1, 0 → 2, 1 → 2, 2 → 0, 3 → 2; node 4 is isolated, node 3 has no incoming edge.
  let graph: Graph
  init() throws { graph = try Graph(nodeCount: 5, edges: [(0, 1), (0, 2), (1, 2), (2, 0), (3, 2)]) }

  private func byEdge(_ weights: EdgeWeights, on graph: Graph) -> [[Int]: Double] {
    let values = withDefaultDType(.float64) { weights.each(on: graph) }.scalars(as: Double.self)
    return Dictionary(uniqueKeysWithValues: zip(zip(graph.sources, graph.targets).map { [$0, $1] }, values))
  }

  @Test func `of the symmetric normalisation are 1/√(d d′), and 0 where a degree is 0`() throws {
    // In-degrees: 1, 1, 3, 0, 0.
    let third = 1 / 3.0.squareRoot()
    #expect(
      byEdge(graph.symmetricWeights, on: graph) == [
        [0, 1]: 1, [0, 2]: third, [1, 2]: third, [2, 0]: third, [3, 2]: 0,
      ])
    let looped = graph.addingSelfLoops()
    // In-degrees: 2, 2, 4, 1, 1.
    let (r2, r8) = (1 / 2.0.squareRoot(), 1 / 8.0.squareRoot())
    let expected: [[Int]: Double] = [
      [0, 0]: 0.5, [1, 1]: 0.5, [2, 2]: 0.25, [3, 3]: 1, [4, 4]: 1, [0, 1]: 0.5, [0, 2]: r8, [1, 2]: r8, [2, 0]: r8,
      [3, 2]: 0.5,
    ]
    let found = byEdge(looped.symmetricWeights, on: looped)
    #expect(found.keys == expected.keys && r2 > 0)
    for (edge, weight) in expected { #expect(Swift.abs((found[edge] ?? .nan) - weight) <= 2 * weight.ulp, "\(edge)") }
  }

  @Test func `of the random walk are 1/d of the target`() {
    let third = 1 / 3.0
    #expect(
      byEdge(graph.randomWalkWeights, on: graph) == [
        [0, 1]: 1, [0, 2]: third, [1, 2]: third, [2, 0]: 1, [3, 2]: third,
      ])
    let x = Variable(Tensor(normal: [5, 3], key: RandomKey(seed: 1), dtype: .float64))
    let gap = abs((graph.sum(graph.randomWalkWeights * .source(x)) - graph.mean(.source(x))).value).max()
    #expect(gap.item() <= 4 * Double.ulpOfOne)
  }

  @Test(arguments: DType.allCases) func `adopt the element type of what they scale`(_ dtype: DType) {
    let x = Variable(Tensor(ones: [5, 2], dtype: dtype))
    #expect(graph.sum(graph.symmetricWeights * .source(x)).dtype == dtype)
    #expect(graph.max(graph.symmetricWeights * .target(x)).dtype == dtype)
    #expect(graph.sum(graph.randomWalkWeights * (.source(x) - .target(x))).dtype == dtype)
    #expect(graph.each(graph.randomWalkWeights * .edge(Variable(Tensor(ones: [5, 5], dtype: dtype)))).dtype == dtype)
  }

  @Test func `of one are those of the unweighted graph`() throws {
    let looped = graph.addingSelfLoops()
    let ones = Variable(Tensor(ones: [looped.edgeCount], dtype: .float64))
    let weighted = byEdge(looped.symmetricWeights(ones), on: looped),
      plain = byEdge(looped.symmetricWeights, on: looped)
    for (edge, weight) in plain { #expect(Swift.abs((weighted[edge] ?? .nan) - weight) <= 2 * weight.ulp) }
  }

  @Test func `of any size follow w/√(d d′) with weighted degrees`() {
    let weights = Variable(Tensor([2, 4, 1, 3, 5], dtype: .float64))
    // Stored by target: 2→0, 0→1, 0→2, 1→2, 3→2. Degrees: 2, 4, 9, 0, 0.
    let found = byEdge(graph.symmetricWeights(weights), on: graph)
    let expected: [[Int]: Double] = [
      [2, 0]: 2 / 18.0.squareRoot(), [0, 1]: 4 / 8.0.squareRoot(), [0, 2]: 1 / 18.0.squareRoot(), [1, 2]: 3 / 6.0,
      [3, 2]: 0,
    ]
    for (edge, weight) in expected { #expect(Swift.abs((found[edge] ?? .nan) - weight) <= 4 * weight.ulp, "\(edge)") }
  }

  @Test(arguments: [1, 2]) func `pass gradients through their degrees`(_ order: Int) throws {
    let looped = graph.addingSelfLoops()
    let x = Tensor(normal: [5, 2], key: RandomKey(seed: 1))
    let weights = Tensor(uniform: [looped.edgeCount], low: 0.5, high: 2, key: RandomKey(seed: 2))
    let report = checkGradients(
      of: { looped.sum(looped.symmetricWeights($0[1]) * .source($0[0])) }, at: [x, weights], order: order)
    #expect(report.passes, "\(report)")
  }

  @Test func `of 0 around a node give 0, and finite gradients`() {
    let tape = Tape()
    let weights = tape.variable(Tensor([0, 0, 1, 1, 1], dtype: .float64))
    let y = graph.sum(graph.symmetricWeights(weights) * .source(Variable(Tensor(ones: [5, 1], dtype: .float64))))
    #expect(y.value.rows(0..<2) == Tensor([0, 0], shape: [2, 1], dtype: .float64))
    let gradient = y.sum().gradients()[weights].scalars(as: Double.self)
    #expect(gradient.allSatisfy { $0.isFinite })
  }
}
