extension Graph {
  /// The values of all nodes after several layers, computed layer by layer for a few nodes at a time.
  ///
  ///     let logits = graph.inferring(from: x, nodesPerStep: 4096, layers: [{ relu(first($0, on: $1)) }, { second($0, on: $1) }])
  ///
  /// Each layer is finished for all nodes before the next begins, so that no value is computed twice, as neighbours of neighbours
  /// would be. Nothing is recorded; memory holds the values of two layers and the surroundings of one step.
  ///
  /// Source: Hamilton, Ying & Leskovec, NeurIPS 2017, algorithm 1.
  ///
  /// - Parameters:
  ///   - x: The features of all nodes, `[N, ...]`.
  ///   - nodesPerStep: How many nodes are dealt with at a time, at least 1.
  ///   - hops: How many steps one layer reaches.
  ///   - layers: The layers; each takes features and a graph and returns a row for each node. A layer that reaches further than its
  ///     neighbours needs `hops`.
  /// - Returns: A row for each node: what the layers give one after the other on the whole graph.
  public func inferring(
    from x: Tensor, nodesPerStep: Int = 4096, hops: Int = 1, layers: [(Variable, Graph) -> Variable]
  ) -> Tensor {
    require(nodesPerStep >= 1, "inferring: \(nodesPerStep) nodes per step; there has to be at least 1")
    require(hops >= 0, "inferring: \(hops) hops; there have to be at least 0")
    require(
      x.rank >= 1 && x.shape[0] == nodeCount, "inferring: features of shape \(x.shape) for \(nodeCount) nodes")
    let sampler = NeighbourSampler(self, fanOuts: [Int?](repeating: nil, count: hops))
    return layers.reduce(x) { h, layer in
      var parts: [Tensor] = []
      var start = 0
      repeat {
        let end = Swift.min(nodeCount, start + nodesPerStep)
        let part = sampler.sample(IndexArray(start..<end), key: RandomKey(seed: 0))
        let rows = layer(Variable(h.gatherRows(part.nodes)), part.graph)
        require(
          rows.rank >= 1 && rows.shape[0] == part.nodes.count,
          "inferring: a layer made \(rows.shape) of \(part.nodes.count) nodes; it has to make a row for each")
        parts.append(rows.value.rows(0..<end - start))
        start = end
      } while start < nodeCount
      return concatenate(parts, along: 0)
    }
  }
}
