/// Several graphs side by side as one: their disjoint union.
///
///     let batch = GraphBatch(molecules)
///     let h = layer(Variable(batch.nodes.values("x")), on: batch.graph)
///     let perGraph = h.scatterSum(to: batch.graphOfNode, count: batch.count)
///
/// The nodes of graph g are numbers `nodeOffsets[g] ..< nodeOffsets[g + 1]`, its edges lie at `edgeOffsets[g] ..<
/// edgeOffsets[g + 1]` of the stored order. Graphs keep their order, and those without nodes their place. Since the edges of each
/// node stay in their order, a layer yields the same bits for a graph in a batch as for the graph alone.
public struct GraphBatch: Sendable {
  /// The union, with the joined columns.
  public var joined: AttributedGraph
  /// The first node of every graph, and the number of all nodes at the end.
  public let nodeOffsets: [Int]
  /// The first source of every graph, and the number of all sources; the node offsets, unless the graphs are bipartite.
  public let sourceOffsets: [Int]
  /// The first stored edge of every graph, and the number of all edges at the end.
  public let edgeOffsets: [Int]
  /// The graph that every node belongs to.
  public let graphOfNode: IndexArray
  private let globalOffsets: [String: [Int]]

  /// The union of graphs.
  ///
  /// - Parameter graphs: Graphs with the same columns: names, kinds and extents beyond the first. Others stop the program, which
  ///   names the graph and the column.
  /// - Complexity: O(N + E) and the size of the columns.
  public init(_ graphs: [AttributedGraph]) {
    let structures = graphs.map(\.graph)
    let isBipartite = structures.first?.isBipartite ?? false
    for (number, graph) in structures.enumerated() {
      require(
        graph.isBipartite == isBipartite,
        "GraphBatch: graph \(number) is \(graph.isBipartite ? "" : "not ")bipartite, unlike the first")
    }
    let nodeOffsets = offsets(structures.map(\.nodeCount))
    let sourceOffsets = isBipartite ? offsets(structures.map(\.sourceCount)) : nodeOffsets
    let edgeOffsets = offsets(structures.map(\.edgeCount))
    // One that is no part of a larger graph is its own whole.
    let areParts = structures.contains { $0.degreesInWhole != nil }
    joined = AttributedGraph(
      Graph(
        sources: .joined(structures.map(\.sources), adding: sourceOffsets),
        targets: .joined(structures.map(\.targets), adding: nodeOffsets),
        origin: .joined(structures.map(\.edgeOrder), adding: edgeOffsets), sourceCount: sourceOffsets.last ?? 0,
        targetCount: nodeOffsets.last ?? 0, isBipartite: isBipartite,
        degreesInWhole: areParts ? .joined(structures.map { $0.degreesInWhole ?? .own($0) }) : nil))
    (self.nodeOffsets, self.sourceOffsets, self.edgeOffsets) = (nodeOffsets, sourceOffsets, edgeOffsets)
    graphOfNode = IndexArray(count: nodeOffsets.last ?? 0) { result in
      for graph in graphs.indices {
        (result + nodeOffsets[graph]).initialize(
          repeating: Int32(graph), count: nodeOffsets[graph + 1] - nodeOffsets[graph])
      }
    }
    func join(_ columns: KeyPath<AttributedGraph, Columns>) -> Columns {
      joinedColumns(graphs.map { $0[keyPath: columns] }, joined[keyPath: columns], nodeOffsets, edgeOffsets)
    }
    globalOffsets = Dictionary(
      uniqueKeysWithValues: (graphs.first?.global.names ?? []).map { name in
        (name, offsets(graphs.map { $0.global[name]?.count ?? 0 }))
      })
    joined.nodes = join(\.nodes)
    joined.sourceNodes = join(\.sourceNodes)
    joined.edges = join(\.edges)
    joined.global = join(\.global)
  }

  /// The union of graphs without features.
  ///
  /// - Parameter graphs: The graphs: all bipartite, or none.
  public init(_ graphs: [Graph]) { self.init(graphs.map(AttributedGraph.init)) }

  /// A batch of a union that is there already: nodes by graph, no edge between two graphs.
  init(union: AttributedGraph, graphOfNode: IndexArray, count: Int) {
    let nodes = RowGrouping(grouping: graphOfNode, into: count).offsets.map { $0 }
    let rows = union.graph.adjacency.grouping.offsets
    joined = union
    nodeOffsets = nodes
    sourceOffsets = nodes
    edgeOffsets = nodes.map { rows[$0] }
    self.graphOfNode = graphOfNode
    globalOffsets = [:]
  }

  /// The number of graphs.
  public var count: Int { nodeOffsets.count - 1 }
  /// The union.
  public var graph: Graph { joined.graph }
  /// The columns of all nodes.
  public var nodes: Columns { joined.nodes }
  /// The columns of all edges.
  public var edges: Columns { joined.edges }
  /// The columns of the graphs: a row for each, if each had one.
  public var global: Columns { joined.global }

  /// The graph that every stored edge belongs to.
  public var graphOfEdge: IndexArray {
    IndexArray(count: graph.edgeCount) { result in
      for number in 0..<count {
        (result + edgeOffsets[number]).initialize(
          repeating: Int32(number), count: edgeOffsets[number + 1] - edgeOffsets[number])
      }
    }
  }

  /// One of the graphs, bit for bit as it was.
  ///
  /// - Parameter number: Its position in the batch.
  /// - Returns: The graph, with its part of every column that the batch has now.
  public subscript(number: Int) -> AttributedGraph {
    require(number >= 0 && number < count, "GraphBatch: graph \(number) is outside 0 ..< \(count)")
    let nodes = nodeOffsets[number]..<nodeOffsets[number + 1]
    let sources = sourceOffsets[number]..<sourceOffsets[number + 1]
    let edges = edgeOffsets[number]..<edgeOffsets[number + 1]
    var result = AttributedGraph(
      Graph(
        sources: graph.sources.part(edges, subtracting: sources.lowerBound),
        targets: graph.targets.part(edges, subtracting: nodes.lowerBound),
        origin: graph.edgeOrder.part(edges, subtracting: edges.lowerBound), sourceCount: sources.count,
        targetCount: nodes.count, isBipartite: graph.isBipartite,
        degreesInWhole: graph.degreesInWhole?.part(nodes)))
    func part(_ column: Column, _ rows: Range<Int>) -> Column {
      column.map({ $0.rows(rows).copied() }, { $0.part(rows) }).renumbered(
        nodes: { $0 - Int32(nodes.lowerBound) }, edges: { $0 - Int32(edges.lowerBound) })
    }
    result.nodes = joined.nodes.mapColumns(rowCount: nodes.count) { part($1, nodes) }
    result.sourceNodes = joined.sourceNodes.mapColumns(rowCount: graph.isBipartite ? sources.count : 0) {
      part($1, sources)
    }
    result.edges = joined.edges.mapColumns(rowCount: edges.count) { part($1, edges) }
    result.global = joined.global.mapColumns(rowCount: nil) { name, column in
      if let known = globalOffsets[name], known.last == column.count {
        return part(column, known[number]..<known[number + 1])
      }
      require(
        column.count == count, "GraphBatch: global column \(name) has \(column.count) rows for \(count) graphs")
      return part(column, number..<number + 1)
    }
    return result
  }

  /// All graphs, bit for bit as they were, in their order.
  ///
  /// - Returns: The graphs, each with its part of every column.
  public func unbatched() -> [AttributedGraph] { (0..<count).map { self[$0] } }
}

/// The running sums of counts, from 0.
private func offsets(_ counts: [Int]) -> [Int] {
  var result = [0]
  for count in counts { result.append(result[result.count - 1] + count) }
  require(
    result[result.count - 1] <= Int(Int32.max), "GraphBatch: \(result[result.count - 1]) rows exceed 31 bits")
  return result
}

/// One column after the other, with node and edge indices moved.
private func joinedColumns(
  _ parts: [Columns], _ empty: Columns, _ nodeOffsets: [Int], _ edgeOffsets: [Int]
) -> Columns {
  guard let first = parts.first else { return empty }
  for (number, part) in parts.enumerated() where part.names != first.names {
    stop("GraphBatch: graph \(number) has the \(part.owner) columns \(part.names), the first has \(first.names)")
  }
  return first.mapColumns(rowCount: empty.rowCount) { name, model in
    var tensors: [Tensor] = []
    var arrays: [IndexArray] = []
    for (number, part) in parts.enumerated() {
      guard let column = part[name], column.kind == model.kind else {
        stop(
          "GraphBatch: \(part.owner) column \(name) of graph \(number) holds \(part[name]?.kind ?? "nothing"), not \(model.kind)"
        )
      }
      let (node, edge) = (Int32(nodeOffsets[number]), Int32(edgeOffsets[number]))
      switch column.renumbered(nodes: { $0 + node }, edges: { $0 + edge }) {
      case .values(let tensor):
        if let expected = tensors.first?.shape.dropFirst(), !tensor.shape.dropFirst().elementsEqual(expected) {
          stop(
            "GraphBatch: \(part.owner) column \(name) of graph \(number) has the shape \(tensor.shape), the first \(tensors[0].shape)"
          )
        }
        tensors.append(tensor)
      case .labels(let array), .nodeIndices(let array), .edgeIndices(let array): arrays.append(array)
      }
    }
    return model.map({ _ in concatenate(tensors, along: 0) }, { _ in .joined(arrays) })
  }
}
