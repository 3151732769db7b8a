/// What has been found about a model and renumbered nodes.
public struct EquivarianceReport: CustomStringConvertible {
  /// Whether every row agreed.
  public let passes: Bool
  /// The number of permutations that were tried.
  public let permutations: Int
  /// Whether those are all there are.
  public let isExhaustive: Bool
  /// The largest difference, and what it may be.
  public let difference: Double, tolerance: Double
  /// The node of the graph whose row differs most.
  public let worstNode: Int?
  /// The permutation under which it does: node v becomes `worstPermutation[v]`.
  public let worstPermutation: [Int]

  /// One line.
  public var description: String {
    let tried = "\(isExhaustive ? "all " : "")\(permutations) permutations"
    guard !passes else { return "equivariant under \(tried): the largest difference is \(difference)" }
    let place = worstNode.map { "row \($0)" } ?? "the result"
    return "not equivariant under \(tried): \(place) differs by \(difference), more than \(tolerance), with edges "
      + "shuffled and nodes renumbered to \(worstPermutation)"
  }
}

/// Checks that a model's result moves with the nodes when they are renumbered: f(P X, P A Pᵀ) = P f(X, A).
///
///     #expect(checkEquivariance(of: { layer($0, on: $1) }, on: graph, features: x).passes)
///
/// All permutations are tried where there are at most 120 of them, else some random ones. The edges are stored in another
/// order each time, so that a model is found out that depends on the order of a node's neighbours.
///
/// - Parameters:
///   - model: The model: features of the nodes and a graph in, a row for each node out.
///   - graph: The graph.
///   - features: A row for each node.
///   - permutations: How many permutations of more than five nodes are tried.
///   - key: The place in the random sequence.
/// - Returns: A report; `passes` is what a test expects. Rows may differ by the rounding of sums in another order.
public func checkEquivariance(
  of model: (Variable, Graph) -> Variable, on graph: Graph, features: Tensor, permutations: Int = 24,
  key: RandomKey = RandomKey(seed: 0)
) -> EquivarianceReport {
  checkEquivariance(
    of: { x, _, graph in model(x, graph) }, on: graph, features: features, edges: Tensor(zeros: [graph.edgeCount]),
    permutations: permutations, key: key)
}

/// Checks that a model with features of edges moves with the nodes when they are renumbered.
///
/// - Parameters:
///   - model: The model: features of the nodes, those of the edges and a graph in, a row for each node out.
///   - graph: The graph.
///   - features: A row for each node.
///   - edges: A row for each edge, in the graph's stored order.
///   - permutations: How many permutations of more than five nodes are tried.
///   - key: The place in the random sequence.
/// - Returns: A report; `passes` is what a test expects.
public func checkEquivariance(
  of model: (Variable, Variable, Graph) -> Variable, on graph: Graph, features: Tensor, edges: Tensor,
  permutations: Int = 24, key: RandomKey = RandomKey(seed: 0)
) -> EquivarianceReport {
  check("checkEquivariance", graph, features, edges, permutations, key) { x, e, graph, old in
    let y = model(x, e, graph).value
    require(
      y.rank >= 1 && y.shape[0] == graph.nodeCount,
      "checkEquivariance: the model yields \(y.shape) for \(graph.nodeCount) nodes; it has to yield a row for each")
    // Row newNumbers[v] belongs to node v.
    return old.map { y.gatherRows($0) } ?? y
  }
}

/// Checks that a model's result stays the same when the nodes are renumbered: f(P X, P A Pᵀ) = f(X, A).
///
/// - Parameters:
///   - model: The model: features of the nodes and a graph in, a result without an axis for the nodes out.
///   - graph: The graph.
///   - features: A row for each node.
///   - permutations: How many permutations of more than five nodes are tried.
///   - key: The place in the random sequence.
/// - Returns: A report; `passes` is what a test expects.
public func checkInvariance(
  of model: (Variable, Graph) -> Variable, on graph: Graph, features: Tensor, permutations: Int = 24,
  key: RandomKey = RandomKey(seed: 0)
) -> EquivarianceReport {
  check("checkInvariance", graph, features, Tensor(zeros: [graph.edgeCount]), permutations, key) { x, _, graph, _ in
    model(x, graph).value.expandedRow
  }
}

private func check(
  _ operation: String, _ graph: Graph, _ features: Tensor, _ edges: Tensor, _ most: Int, _ key: RandomKey,
  evaluate: (Variable, Variable, Graph, _ newNumbers: IndexArray?) -> Tensor
) -> EquivarianceReport {
  let n = graph.nodeCount
  require(
    features.rank >= 1 && features.shape[0] == n, "\(operation): features of shape \(features.shape) for \(n) nodes")
  require(most > 0, "\(operation): \(most) permutations; there has to be one")
  let (permutations, isExhaustive) = candidates(n, most, key)
  return withoutRecording {
    let plain = evaluate(Variable(features), Variable(edges), graph, nil)
    let scale = Swift.max(1, plain.count == 0 ? 0 : abs(plain).max().item())
    let tolerance = (scale.isFinite ? scale : 1) * 256 * plain.dtype.ulpOfOne
    var (worst, node, place): (Double, Int?, [Int]) = (0, nil, [])
    for (number, newNumbers) in permutations.enumerated() {
      let order = key.stream(permutations.count + number).permutation(graph.edgeCount)
      let shuffled = graph.keeping(edges: IndexArray(order), degreesInWhole: graph.degreesInWhole),
        renumbered = shuffled.permuted(newNumbers)
      let edgesOfShuffled = edges.gatherRows(shuffled.edgeOrder)
      var old = [Int](repeating: 0, count: n)
      for (v, new) in newNumbers.enumerated() { old[new] = v }
      let moved = evaluate(
        Variable(features.gatherRows(IndexArray(old))), Variable(edgesOfShuffled.gatherRows(renumbered.edgeOrder)),
        renumbered,
        newNumbers)
      require(
        moved.shape == plain.shape,
        "\(operation): a result of shape \(plain.shape) becomes one of \(moved.shape) with other numbers")
      let differences = (moved - plain).scalars(as: Double.self),
        width = Swift.max(1, plain.shape.dropFirst().reduce(1, *))
      for (i, difference) in differences.enumerated() {
        let size = difference.isNaN ? .infinity : Swift.abs(difference)
        if size > worst { (worst, node, place) = (size, plain.shape.first == n ? i / width : nil, Array(newNumbers)) }
      }
    }
    return EquivarianceReport(
      passes: worst <= tolerance, permutations: permutations.count, isExhaustive: isExhaustive, difference: worst,
      tolerance: tolerance, worstNode: node, worstPermutation: place)
  }
}

/// All permutations of a few nodes, or some of many.
private func candidates(_ n: Int, _ most: Int, _ key: RandomKey) -> ([IndexArray], isExhaustive: Bool) {
  guard n <= 5 else { return ((0..<most).map { IndexArray(key.stream($0).permutation(n)) }, false) }
  var all: [[Int]] = [[]]
  for _ in 0..<n {
    all = all.flatMap { begun in (0..<n).filter { !begun.contains($0) }.map { begun + [$0] } }
  }
  return (all.map { IndexArray($0) }, true)
}

extension Tensor {
  /// The tensor as a single row.
  fileprivate var expandedRow: Tensor { reshaped(to: [1] + Array(shape)) }
}
