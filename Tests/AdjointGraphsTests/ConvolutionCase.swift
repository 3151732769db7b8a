import AdjointGraphs
import Testing

/// A convolution with its weights, for the tests that all of them go through.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  /// What a convolution reads of the edges besides where they are.
  enum Edges: Sendable { case nothing, weights, features, relations }
  /// A convolution as a function of nodes' features, edges' values and a graph.
  typealias Function = (Variable, Variable, Graph) -> Variable

  let name: String
  let edges: Edges
  let outputs: Int
  /// Whether the layer reads the neighbours in their stored order, so that it is not equivariant.
  let isOrdered: Bool
  /// Whether the layer makes a graph of its own from the features, as many edges as it likes, in O(N²).
  let findsNeighbours: Bool
  let make: @Sendable (RandomKey) -> (layer: any Layer, apply: Function)
  /// The layer, with the same weights, on the graphs of a batch.
  let applyToBatch: @Sendable (RandomKey, Variable, Variable, GraphBatch) -> Variable
  var testDescription: String { name }

  static let inputs = 3, edgeInputs = 2

  init<L: Layer & SendableMetatype>(
    _ name: String, _ edges: Edges = .nothing, outputs: Int = 2, isOrdered: Bool = false,
    _ make: @escaping @Sendable (RandomKey) -> L,
    apply: @escaping @Sendable (L, Variable, Variable, Graph) -> Variable
  ) {
    (self.name, self.edges, self.outputs, self.isOrdered) = (name, edges, outputs, isOrdered)
    findsNeighbours = false
    self.make = { key in
      let layer = make(key)
      return (layer, { apply(layer, $0, $1, $2) })
    }
    applyToBatch = { key, x, e, batch in apply(make(key), x, e, batch.graph) }
  }

  /// A layer of points, which takes the group of each in place of a graph.
  init<L: Layer & SendableMetatype>(
    points name: String, _ make: @escaping @Sendable (RandomKey) -> L,
    apply: @escaping @Sendable (L, Variable, IndexArray?) -> Variable
  ) {
    (self.name, edges, outputs, isOrdered, findsNeighbours) = (name, .nothing, 2, false, true)
    self.make = { key in
      let layer = make(key)
      return (layer, { x, _, _ in apply(layer, x, nil) })
    }
    applyToBatch = { key, x, _, batch in apply(make(key), x, batch.graphOfNode) }
  }

  /// The awkward graphs that it can be tried on: a layer that finds neighbours reads no star, and would take O(N²) for its nodes.
  func graphs(_ kinds: [AwkwardGraph]) -> [AwkwardGraph] { kinds.filter { !(findsNeighbours && $0.isStar) } }

  func edgeShape(_ graph: Graph) -> Shape {
    edges == .features ? [graph.edgeCount, Self.edgeInputs] : [graph.edgeCount]
  }

  /// The graph with the relations that the edges' values stand for, which lie from 0.5 to 1.5.
  private static func relational(_ graph: Graph, _ values: Variable, _ count: Int) -> RelationalGraph {
    let kinds = values.scalars(as: Double.self).map { Int(($0 - 0.5) * Double(count)) }
    return RelationalGraph(graph, kinds: IndexArray(kinds), count: count)
  }

  /// The generic step, with a perceptron for each of its functions.
  private struct TwoFunctions: Layer {
    let message: MLP, update: MLP

    func callAsFunction(_ x: Variable, _ edges: Variable, on graph: Graph) -> Variable {
      graph.passMessages(x, edges: edges, by: .mean, includesSelf: true) { target, source, edge in
        message(concatenate(target, source, edge))
      } update: { x, sum in
        update(concatenate(x, sum))
      }
    }
  }

  static let all: [ConvolutionCase] = [
    .init("GCNConv") {
      GCNConv(3, 2, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GCNConv, weighted", .weights) {
      GCNConv(3, 2, key: $0)
    } apply: {
      $0($1, on: $3, weights: $2)
    },
    .init("SAGEConv, mean") {
      SAGEConv(3, 2, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("SAGEConv, sum, widening", outputs: 4) {
      SAGEConv(3, 4, aggregation: .sum, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("SAGEConv, rectified", outputs: 4) {
      SAGEConv(3, 4, key: $0)
    } apply: { layer, x, _, graph in
      layer.rectified(x, on: graph)
    },
    .init("SAGEConv, maximum, normalized") {
      SAGEConv(3, 2, aggregation: .max, normalizes: true, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("SAGEConv, pooled, side by side", outputs: 4) {
      SAGEConv(3, 2, aggregation: .maxPooling, concatenates: true, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("SAGEConv, memory", isOrdered: true) {
      SAGEConv(3, 2, aggregation: .lstm, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GATConv") {
      GATConv(3, 2, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GATConv, heads side by side", outputs: 6) {
      GATConv(3, 3, heads: 2, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GATConv, heads averaged") {
      GATConv(3, 2, heads: 3, concatenates: false, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GATv2Conv", outputs: 4) {
      GATv2Conv(3, 2, heads: 2, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GINConv") {
      GINConv(MLP([3, 2, 2], key: $0), epsilon: 0.1)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GINConv, trained ε") {
      GINConv(MLP([3, 4, 2], key: $0), epsilon: 0.3, trainsEpsilon: true)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GINEConv", .features) {
      GINEConv(MLP([3, 2], key: $0), edgeInputs: 2, epsilon: 0.1, key: $0.stream(9))
    } apply: {
      $0($1, edges: $2, on: $3)
    },
    .init("ChebConv, narrowing") {
      ChebConv(3, 2, taps: 4, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("ChebConv, widening", outputs: 4) {
      ChebConv(3, 4, taps: 3, largestEigenvalue: 1.7, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("SGConv") {
      SGConv(3, 2, hops: 2, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("MeanConv") {
      MeanConv(3, 2, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GraphConv, sum", .weights) {
      GraphConv(3, 2, key: $0)
    } apply: {
      $0($1, on: $3, weights: $2)
    },
    .init("GraphConv, mean", .weights) {
      GraphConv(3, 2, reduction: .mean, key: $0)
    } apply: {
      $0($1, on: $3, weights: $2)
    },
    .init("GraphConv, maximum", .weights) {
      GraphConv(3, 2, reduction: .max, key: $0)
    } apply: {
      $0($1, on: $3, weights: $2)
    },
    .init("TAGConv") {
      TAGConv(3, 2, hops: 2, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("APPNP", outputs: 3) { _ in
      APPNP(hops: 3)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GatedGraphConv", outputs: 4) {
      GatedGraphConv(4, steps: 2, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("ResGatedGraphConv") {
      ResGatedGraphConv(3, 2, key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("EdgeConv, one map") {
      EdgeConv(MLP([6, 2], key: $0))
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("EdgeConv, a perceptron") {
      EdgeConv(MLP([6, 3, 2], activation: { tanh($0) }, key: $0), reduction: .sum)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("NNConv", .features) {
      NNConv(3, 2, network: MLP([2, 6], key: $0), key: $0.stream(9))
    } apply: {
      $0($1, edges: $2, on: $3)
    },
    .init("TransformerConv", outputs: 4) {
      TransformerConv(3, 2, heads: 2, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("TransformerConv, edges", .features) {
      TransformerConv(3, 2, heads: 2, concatenates: false, edgeInputs: 2, key: $0)
    } apply: {
      $0($1, edges: $2, on: $3)
    },
    .init("PNAConv") {
      PNAConv(3, 2, degrees: [1, 2, 3], key: $0)
    } apply: { layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("RGCNConv", .relations) {
      RGCNConv(3, 2, relations: 2, key: $0)
    } apply: {
      $0($1, on: relational($3, $2, 2))
    },
    .init("RGCNConv, a basis", .relations) {
      RGCNConv(3, 2, relations: 2, bases: 1, reduction: .sum, key: $0)
    } apply: {
      $0($1, on: relational($3, $2, 2))
    },
    .init("GraphNetBlock", .features) {
      GraphNetBlock(edges: (2, 2), nodes: (3, 2), globals: (1, 1), hidden: 3, key: $0)
    } apply: { layer, x, edges, graph in
      layer(x, edges: edges, global: Variable(Tensor(ones: [1, 1], dtype: x.dtype)), on: graph).nodes
    },
    .init("GraphFilter") {
      GraphFilter(3, 2, taps: 3, shift: .convolution, bias: true, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("GraphFilter, weighted Laplacian", .weights) {
      GraphFilter(3, 2, taps: 3, shift: .laplacian, key: $0)
    } apply: {
      $0($1, on: $3, weights: $2)
    },
    .init("DiffusionConv", outputs: 9) {
      DiffusionConv(3, steps: 3, key: $0)
    } apply: {
      layer, x, _, graph in
      layer(x, on: graph)
    },
    .init("PixelConv", .relations) {
      PixelConv(3, 2, key: $0)
    } apply: {
      $0($1, on: relational($3, $2, 9))
    },
    .init("passMessages", .features) {
      TwoFunctions(message: MLP([8, 3, 2], key: $0), update: MLP([5, 2], key: $0.stream(9)))
    } apply: {
      $0($1, $2, on: $3)
    },
    .init(points: "DynamicEdgeConv") {
      DynamicEdgeConv(MLP([6, 3, 2], activation: { tanh($0) }, key: $0), neighbours: 3)
    } apply: {
      $0($1, groups: $2)
    },
    .init(points: "GravNetConv") {
      GravNetConv(3, 2, space: 2, features: 2, neighbours: 3, key: $0)
    } apply: {
      $0($1, groups: $2)
    },
  ]
}

/// Graphs of every awkward kind.
struct AwkwardGraph: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let nodes: Int
  let edges: [(Int, Int)]
  var isStar: Bool { nodes == Self.leaves + 1 }
  var graph: Graph { get throws { try Graph(nodeCount: nodes, edges: edges) } }

  #if DEBUG
  static let leaves = 200
  #else
  static let leaves = 100_000
  #endif

  static let small = random("a small one", nodes: 4, edges: 6)

  static func random(_ name: String, nodes: Int, edges: Int) -> AwkwardGraph {
    let draws = RandomKey(seed: 5).bits(count: 2 * edges).map { Int($0) % nodes }
    return AwkwardGraph(
      testDescription: name, nodes: nodes, edges: (0..<edges).map { (draws[2 * $0], draws[2 * $0 + 1]) })
  }

  static let isolated = AwkwardGraph(
    testDescription: "with an isolated node", nodes: 4, edges: [(0, 1), (1, 0), (1, 2), (2, 1)])

  /// All but the star.
  static let few = [
    random("random", nodes: 9, edges: 24), isolated,
    AwkwardGraph(testDescription: "without edges", nodes: 3, edges: []),
    AwkwardGraph(testDescription: "without nodes", nodes: 0, edges: []),
    AwkwardGraph(testDescription: "one node", nodes: 1, edges: []),
    AwkwardGraph(testDescription: "one node with a loop", nodes: 1, edges: [(0, 0)]),
    AwkwardGraph(testDescription: "with repeated edges", nodes: 3, edges: [(0, 1), (0, 1), (1, 0), (2, 1), (2, 1)]),
  ]

  static let all = few + [star]

  static let star = star(leaves: leaves)

  static func star(leaves: Int) -> AwkwardGraph {
    AwkwardGraph(testDescription: "a star", nodes: leaves + 1, edges: (1...leaves).map { ($0, 0) })
  }
}
