import AdjointGraphs
import Testing

@Suite struct `A batch of graphs` {
  /// Graphs of 3, 0, 1 and 2 nodes; the second is empty, the third has no edges.
  private func graphs() throws -> [Graph] {
    [
      try Graph(nodeCount: 3, edges: [(1, 2), (0, 1), (1, 0)]), try Graph(nodeCount: 0, edges: []),
      try Graph(nodeCount: 1, edges: []), try Graph(nodeCount: 2, edges: [(1, 0), (0, 0), (1, 0)]),
    ]
  }

  /// The graphs with a column of every kind for every owner.
  private func attributed() throws -> [AttributedGraph] {
    try graphs().enumerated().map { number, graph in
      var result = AttributedGraph(graph)
      let key = RandomKey(seed: 7).stream(number)
      result.nodes["x"] = .values(Tensor(normal: [graph.nodeCount, 2], key: key))
      result.nodes["label"] = .labels(IndexArray((0..<graph.nodeCount).map { $0 % 2 }))
      result.nodes["next"] = .nodeIndices(IndexArray((0..<graph.nodeCount).map { $0 - 1 }))
      result.edges["w"] = .values(Tensor(uniform: [graph.edgeCount], key: key))
      // Not called anything like an index, yet it is one; and the other way round.
      result.edges["twin"] = .edgeIndices(IndexArray((0..<graph.edgeCount).reversed()))
      result.edges["edge_index"] = .labels(IndexArray(0..<graph.edgeCount))
      result.global["y"] = .values(Tensor(normal: [1, 3], key: key))
      result.global["ends"] = .nodeIndices(IndexArray(0..<graph.nodeCount))
      return result
    }
  }

  @Test func `is their disjoint union, in their order, with empty ones`() throws {
    let batch = GraphBatch(try graphs())
    #expect(batch.count == 4 && batch.graph.nodeCount == 6 && batch.graph.edgeCount == 6)
    #expect(batch.nodeOffsets == [0, 3, 3, 4, 6] && batch.edgeOffsets == [0, 3, 3, 3, 6])
    #expect(batch.graphOfNode == [0, 0, 0, 2, 3, 3] && batch.graphOfEdge == [0, 0, 0, 3, 3, 3])
    #expect(batch.graph.targets == [0, 1, 2, 4, 4, 4] && batch.graph.sources == [1, 0, 1, 5, 4, 5])
    #expect(batch.graph.edgeOrder == [2, 1, 0, 3, 4, 5])
  }

  @Test func `moves indices by the kind of their column, never by its name`() throws {
    let batch = GraphBatch(try attributed())
    #expect(batch.nodes.indices("next") == [-1, 0, 1, -1, -1, 4])
    #expect(batch.nodes.indices("label") == [0, 1, 0, 0, 0, 1])
    #expect(batch.edges.indices("twin") == [2, 1, 0, 5, 4, 3])
    #expect(batch.edges.indices("edge_index") == [0, 1, 2, 0, 1, 2])
    #expect(batch.global.values("y").shape == [4, 3])
    #expect(batch.global.indices("ends") == [0, 1, 2, 3, 4, 5])
  }

  @Test func `comes apart bit for bit`() throws {
    let originals = try attributed()
    let parts = GraphBatch(originals).unbatched()
    #expect(parts.count == originals.count)
    for (part, original) in zip(parts, originals) { expectIdentical(part, original) }
    // A batch of batches comes apart as well.
    let batches = [GraphBatch(originals), GraphBatch(Array(originals.reversed()))].map(\.joined)
    for (part, original) in zip(GraphBatch(batches).unbatched(), batches) { expectIdentical(part, original) }
  }

  @Test func `of nothing has no nodes`() {
    let batch = GraphBatch([Graph]())
    #expect(batch.count == 0 && batch.graph.nodeCount == 0 && batch.unbatched().isEmpty)
  }

  @Test func `splits what is computed on it, too`() throws {
    var batch = GraphBatch(try attributed())
    batch.joined.nodes["h"] = .values(batch.graph.sum(.source(Variable(batch.nodes.values("x")))).value)
    batch.joined.global["score"] = .values(Tensor([1, 2, 3, 4]))
    for (number, original) in try attributed().enumerated() {
      let alone = original.graph.sum(.source(Variable(original.nodes.values("x")))).value
      #expect(batch[number].nodes.values("h").isIdentical(to: alone))
      #expect(batch[number].global.values("score") == Tensor([Double(number + 1)]))
    }
  }

  @Test(arguments: DType.allCases) func `gives a layer the same bits as each graph alone`(_ dtype: DType) throws {
    try withDefaultDType(dtype) {
      let originals = try attributed()
      let batch = GraphBatch(originals)
      let layer = GCNConv(2, 3, key: RandomKey(seed: 1))
      let together = layer(Variable(batch.nodes.values("x")), on: batch.graph).value
      for (number, original) in originals.enumerated() {
        let alone = layer(Variable(original.nodes.values("x")), on: original.graph).value
        #expect(together.rows(batch.nodeOffsets[number]..<batch.nodeOffsets[number + 1]).isIdentical(to: alone))
      }
    }
  }

  @Test func `of bipartite graphs moves sources and targets apart`() throws {
    let graphs = [
      try Graph(sourceCount: 1, targetCount: 3, edges: [(0, 2), (0, 0)]),
      try Graph(sourceCount: 2, targetCount: 0, edges: []), try Graph(sourceCount: 2, targetCount: 1, edges: [(1, 0)]),
    ]
    let batch = GraphBatch(graphs)
    #expect(batch.graph.isBipartite && batch.graph.sourceCount == 5 && batch.graph.nodeCount == 4)
    #expect(batch.graph.sources == [0, 0, 4] && batch.graph.targets == [0, 2, 3])
    for (part, original) in zip(batch.unbatched(), graphs) {
      expectIdentical(part, AttributedGraph(original))
    }
  }
}

/// Expects the same structure, the same columns and the same bits.
func expectIdentical(_ a: AttributedGraph, _ b: AttributedGraph) {
  #expect(a.graph.nodeCount == b.graph.nodeCount && a.graph.sourceCount == b.graph.sourceCount)
  #expect(a.graph.isBipartite == b.graph.isBipartite)
  #expect(a.graph.sources == b.graph.sources && a.graph.targets == b.graph.targets)
  #expect(a.graph.edgeOrder == b.graph.edgeOrder)
  for columns in [\AttributedGraph.nodes, \.sourceNodes, \.edges, \.global] {
    let (first, second) = (a[keyPath: columns], b[keyPath: columns])
    #expect(first.names == second.names)
    for name in first.names {
      switch (first[name], second[name]) {
      case (.values(let x), .values(let y)): #expect(x.isIdentical(to: y))
      case (.labels(let x), .labels(let y)), (.nodeIndices(let x), .nodeIndices(let y)),
        (.edgeIndices(let x), .edgeIndices(let y)):
        #expect(x == y)
      default: Issue.record("column \(name) has changed its kind")
      }
    }
  }
}
