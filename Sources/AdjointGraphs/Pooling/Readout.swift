extension GraphBatch {
  /// One row for each graph, from the rows of its nodes: the readout of a graph network.
  ///
  ///     h[g] = □ { x[i] : i a node of g }
  ///
  /// A graph without nodes gets 0. No reduction depends on how the nodes are numbered.
  ///
  /// - Parameters:
  ///   - x: A row for each node of the batch.
  ///   - reduction: □: sum, mean, maximum, minimum or standard deviation.
  /// - Returns: `[count, ...]`.
  public func readout(_ x: Variable, by reduction: Reduction) -> Variable {
    requireNodeRows(x, "readout")
    return switch reduction {
    case .sum: x.scatterSum(to: graphOfNode, count: count)
    case .mean: x.scatterMean(to: graphOfNode, count: count)
    case .max: x.scatterMax(to: graphOfNode, count: count)
    case .min: x.scatterMin(to: graphOfNode, count: count)
    case .standardDeviation: x.scatterStandardDeviation(to: graphOfNode, count: count)
    }
  }

  /// The rows of each graph's nodes side by side: a readout for graphs whose nodes have an identity of their own.
  ///
  /// It depends on the order of the nodes. Smaller graphs are filled up with zeros.
  ///
  /// - Parameters:
  ///   - x: `[N, D]`.
  ///   - nodes: The number of nodes that a graph may have; one with more stops the program and is named.
  /// - Returns: `[count, nodes · D]`.
  public func concatenatedReadout(_ x: Variable, nodes: Int) -> Variable {
    requireNodeRows(x, "concatenatedReadout")
    require(x.rank == 2, "concatenatedReadout: rows of shape \(x.rowShape); they have one axis")
    var places: [Int] = []
    for g in 0..<count {
      let size = nodeOffsets[g + 1] - nodeOffsets[g]
      require(size <= nodes, "concatenatedReadout: graph \(g) has \(size) nodes, more than \(nodes)")
      places += (0..<size).map { g * nodes + $0 }
    }
    return x.scatterSum(to: IndexArray(places), count: count * nodes).reshaped(to: [count, nodes * x.shape[1]])
  }

  func requireNodeRows(_ x: Variable, _ operation: String) {
    require(
      x.rank >= 1 && x.shape[0] == graphOfNode.count,
      "\(operation): rows of shape \(x.shape) for \(graphOfNode.count) nodes")
  }
}
