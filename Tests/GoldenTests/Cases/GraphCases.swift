import Adjoint

extension CaseTable {
  /// What graphs are made into, and what is known of them.
  static let graphs: [CaseRow] = [
    .outputs("batch") { run in
      let counts = try run.integers("nodes")
      let parts = try counts.indices.map { try run.graph(nodeCount: counts[$0], "edge_index_\($0)") }
      let batch = GraphBatch(parts)
      return [
        "edge_index": batch.graph.edgeIndex(inOrder: batch.graph.edgeOrder),
        "batch": .integers(Array(batch.graphOfNode), shape: [batch.graph.nodeCount]),
        "pointer": .integers(batch.nodeOffsets, shape: [batch.nodeOffsets.count]),
      ]
    },
    .outputs("coalesce_sum") { run in
      let graph = try run.graph(), weights = try run["weight"].gatherRows(graph.edgeOrder)
      let merged = graph.coalesced(), reversed = merged.graph.reversed()
      // The transpose's stored order is that of source, then target.
      return [
        "edge_index": merged.graph.edgeIndexBySource,
        "weight": .values(merged.merge(weights).gatherRows(reversed.edgeOrder)),
      ]
    },
    .outputs("connected_components") { run in
      let graph = try run.graph()
      return ["component": .integers(Array(graph.components), shape: [graph.nodeCount])]
    },
    .outputs("dense_adjacency") { run in
      let graph = try run.graph(), adjacency = graph.denseAdjacency().transposed()
      return [
        "adjacency": .integers(
          adjacency.scalars(as: Double.self).map { Int($0) }, shape: [graph.nodeCount, graph.nodeCount]),
        "out_degree": .integers(graph.outDegrees, shape: [graph.nodeCount]),
        "in_degree": .integers(graph.inDegrees, shape: [graph.nodeCount]),
      ]
    },
    .outputs("gcn_matrix") { ["matrix": .values(try $0.graph().shift(.convolution).dense())] },
    .outputs("hop_distances") { run in
      let graph = try run.graph(), count = graph.nodeCount
      return ["distance": .integers((0..<count).flatMap { graph.hopDistances(from: $0) }, shape: [count, count])]
    },
    .outputs("incoming_1_hop", "incoming_2_hop") { run in
      let graph = try run.graph(), center = IndexArray([try run.integer("center")])
      let nodes = graph.neighbourhood(of: center, hops: try run.integer("hops")).sorted()
      return ["nodes": .integers(nodes, shape: [nodes.count])]
    },
    .outputs("induced_subgraph") { run in
      let graph = try run.graph()
      let part = graph.subgraph(of: try run.indices("nodes_kept", below: graph.nodeCount))
      return ["edge_index": part.edgeIndex(inOrder: graph.edgeOrder.gathered(part))]
    },
    laplacian("laplacian_plain", .laplacian), laplacian("laplacian_sym", .symmetricLaplacian),
    laplacian("laplacian_rw", .randomWalkLaplacian),
    .outputs("relabel") { run in
      let graph = try run.graph(), newNumbers = try run.indices("new_number", below: graph.nodeCount)
      var attributed = AttributedGraph(graph)
      attributed.nodes["x"] = .values(try run["x"].value)
      let moved = attributed.permuted(newNumbers)
      return [
        "edge_index": moved.graph.edgeIndex(inOrder: graph.edgeOrder.gathered(moved.graph)),
        "x": .values(Variable(moved.nodes.values("x"))),
      ]
    },
    .outputs("remove_self_loops") { run in
      let graph = try run.graph(), without = graph.removingSelfLoops()
      return ["edge_index": without.edgeIndex(inOrder: graph.edgeOrder.gathered(without))]
    },
    .outputs("to_undirected") { ["edge_index": try $0.graph().undirected().edgeIndexBySource] },
  ]

  /// A Laplacian and its eigenvalues, those of the symmetric form for the random walk's, which is similar to it.
  private static func laplacian(_ name: String, _ kind: GraphShift) -> CaseRow {
    .outputs(name) { run in
      let graph = try run.graph(), matrix = graph.shift(kind).dense()
      let similar = kind == .randomWalkLaplacian ? .symmetricLaplacian : kind
      let values = eigenvalues(graph.shift(similar, dtype: .float64).dense().value)
      return [
        "laplacian": .values(matrix), "eigenvalues_ascending": .values(Variable(Tensor(values, dtype: matrix.dtype))),
      ]
    }
  }

  /// The eigenvalues of a symmetric matrix in ascending order, by Jacobi's rotations.
  private static func eigenvalues(_ matrix: Tensor) -> [Double] {
    let n = matrix.shape[0]
    var a = matrix.scalars(as: Double.self)
    for _ in 0..<30 {
      for p in 0..<n {
        for q in p + 1..<Swift.max(n, p + 1) where a[p * n + q] != 0 {
          let theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
          let t = (theta < 0 ? -1.0 : 1.0) / (theta.magnitude + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot(), s = t * c
          for k in 0..<n {
            (a[k * n + p], a[k * n + q]) = (c * a[k * n + p] - s * a[k * n + q], s * a[k * n + p] + c * a[k * n + q])
          }
          for k in 0..<n {
            (a[p * n + k], a[q * n + k]) = (c * a[p * n + k] - s * a[q * n + k], s * a[p * n + k] + c * a[q * n + k])
          }
        }
      }
    }
    return (0..<n).map { a[$0 * n + $0] }.sorted()
  }
}

extension CaseRun {
  /// The graph that `edge_index` describes, of as many nodes as `nodes` says.
  fileprivate func graph() throws -> Graph { try graph(nodeCount: integer("nodes")) }
}

extension Graph {
  /// Sources, then targets, sorted by the position that each edge was given at.
  fileprivate func edgeIndex(inOrder given: IndexArray) -> CaseOutput {
    let order = (0..<edgeCount).sorted { given[$0] < given[$1] }
    return .integers(order.map { sources[$0] } + order.map { targets[$0] }, shape: [2, edgeCount])
  }

  /// Sources, then targets, sorted by source, then target.
  fileprivate var edgeIndexBySource: CaseOutput {
    let reversed = reversed()
    return .integers(Array(reversed.targets) + Array(reversed.sources), shape: [2, edgeCount])
  }
}

extension IndexArray {
  /// The position that each edge of a derived graph was given at, this being the order of the graph that it comes from.
  fileprivate func gathered(_ derived: Graph) -> IndexArray { IndexArray(derived.edgeOrder.map { self[$0] }) }
}
