/// How the values of edges that coincide become one.
public enum EdgeMerge: Sendable { case sum, mean, max, min }

/// A graph in which edges that coincide have become one.
public struct CoalescedGraph: Sendable {
  /// The graph; the sources of each target ascend.
  public let graph: Graph
  /// For every stored edge of the graph before, the stored edge that it has become.
  public let edges: IndexArray

  /// The values of the edges, merged.
  ///
  /// - Parameters:
  ///   - values: A row for every edge of the graph before, in its stored order. Gradients flow to them.
  ///   - merge: What becomes of several rows.
  /// - Returns: A row for every edge, in the stored order.
  public func merge(_ values: Variable, by merge: EdgeMerge = .sum) -> Variable {
    require(
      values.rank >= 1 && values.shape[0] == edges.count,
      "merge: values of shape \(values.shape) for \(edges.count) edges")
    return switch merge {
    case .sum: values.scatterSum(to: edges, count: graph.edgeCount)
    case .mean: values.scatterMean(to: edges, count: graph.edgeCount)
    case .max: values.scatterMax(to: edges, count: graph.edgeCount)
    case .min: values.scatterMin(to: edges, count: graph.edgeCount)
    }
  }
}

extension Graph {
  /// The graph with every edge once.
  ///
  ///     let merged = graph.coalesced()
  ///     let weights = merged.merge(weights)         // the weights of edges that coincide are added
  ///
  /// - Returns: The graph, and where each edge has gone.
  /// - Complexity: O(N + E): two counting sorts.
  public func coalesced() -> CoalescedGraph {
    let order = lexicographicOrder
    let (edge, source, target) = (order.pointer, sources.pointer, targets.pointer)
    var first: [Int32] = []
    let place = IndexArray(count: edgeCount) { place in
      for position in 0..<edgeCount {
        let current = Int(edge[position])
        let last = first.last.map(Int.init)
        if last == nil || source[last ?? 0] != source[current] || target[last ?? 0] != target[current] {
          first.append(Int32(current))
        }
        place[current] = Int32(first.count - 1)
      }
    }
    return CoalescedGraph(graph: keeping(edges: IndexArray(words: first)), edges: place)
  }

  /// The stored edges in the order of target, then source, then place.
  var lexicographicOrder: IndexArray {
    let bySource = RowGrouping(grouping: sources, into: sourceCount).columns ?? IndexArray(0..<edgeCount)
    let byTarget = RowGrouping(grouping: targets.gathered(bySource), into: nodeCount)
    return byTarget.columns.map { bySource.gathered($0) } ?? bySource
  }
}
