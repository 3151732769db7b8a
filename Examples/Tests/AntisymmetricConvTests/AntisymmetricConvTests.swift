import Adjoint
import AntisymmetricConv
import Testing

private let key = RandomKey(seed: 9)

@Suite struct `A layer from another package` {
  /// A path with a node of its own beside it.
  private let graph: Graph
  private let x = Tensor(normal: [5, 3], key: key.stream(0), dtype: .float64)

  init() throws { graph = try Graph(nodeCount: 5, undirected: [(0, 1), (1, 2), (2, 3)]) }

  private func layer() -> AntisymmetricConv { withDefaultDType(.float64) { AntisymmetricConv(3, key: key.stream(1)) } }

  @Test(arguments: [1, 2]) func `has the right gradients`(order: Int) {
    let layer = layer()
    let features = checkGradients(of: { layer($0, on: graph) }, at: x, order: order)
    #expect(features.passes, "\(features)")
    let parameters = checkGradients(for: layer.parameters, order: order) { layer(Variable(x), on: graph) }
    #expect(parameters.passes, "\(parameters)")
  }

  @Test func `moves with its nodes, under all their permutations`() {
    let layer = layer()
    let report = checkEquivariance(of: { layer($0, on: $1) }, on: graph, features: x)
    #expect(report.passes && report.isExhaustive, "\(report)")
  }

  @Test func `runs fused, with the result of the plain form`() {
    let layer = layer(), x = Variable(x)
    let plan = layer.message(x, on: graph).explain(.sum, on: graph)
    #expect(!plan.isMaterialised && plan.kernel == "sparse product, weighted", "\(plan)")
    let difference = layer(x, on: graph).value - withMaterialisedMessages { layer(x, on: graph).value }
    #expect(abs(difference).max().item() <= 8 * DType.float64.ulpOfOne)
  }

  @Test func `takes a node without edges, and no nodes at all`() throws {
    let layer = layer()
    let apart = try Graph(nodeCount: 5, edges: []), empty = try Graph(nodeCount: 0, edges: [])
    #expect(layer(Variable(x), on: apart).value.scalars(as: Double.self).allSatisfy { $0.isFinite })
    let none = Variable(Tensor(zeros: [0, 3], dtype: .float64))
    #expect(layer(none, on: empty).shape == [0, 3])
  }

  @Test func `is stable in depth: a hundred steps keep features apart and finite`() {
    let layer = layer()
    let y = (0..<100).reduce(Variable(x)) { h, _ in layer(h, on: graph) }.value
    #expect(y.scalars(as: Double.self).allSatisfy { $0.isFinite })
    // The four nodes of the path would be alike if depth smoothed them.
    let rows = (0..<4).map { y.rows($0..<$0 + 1) }
    for (i, row) in rows.enumerated() {
      for other in rows[(i + 1)...] { #expect(abs(row - other).max().item() > 1e-3) }
    }
  }
}
