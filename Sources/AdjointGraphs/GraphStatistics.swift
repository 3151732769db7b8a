extension Graph {
  /// How often edges join nodes of one class.
  public enum Homophily: Sendable {
    /// The part of the edges whose ends have the same label.
    case edge
    /// The mean over nodes of the part of the edges that reach it from nodes of its own label.
    case node
    /// The part of the edges within classes, less what chance alone would give, so that it is 0 for labels at random and 1 at
    /// most: (h − Σ D_c² / M²) / (1 − Σ D_c² / M²), D_c the number of edge ends in class c, M their total.
    ///
    /// Source: Platonov et al., *Characterizing Graph Datasets for Node Classification*, NeurIPS 2023, eq. 3.
    case adjusted
  }

  /// How often edges join nodes of one class.
  ///
  /// Edges with an end whose label is negative, which means unknown, do not count.
  ///
  /// - Parameters:
  ///   - labels: The class of every node.
  ///   - kind: What is counted.
  /// - Returns: The ratio; not a number if there is nothing to count.
  /// - Complexity: O(N + E).
  public func homophily(_ labels: IndexArray, _ kind: Homophily = .edge) -> Double {
    requireOneKind("homophily")
    require(labels.count == nodeCount, "homophily: \(labels.count) labels for \(nodeCount) nodes")
    var same = [Int](repeating: 0, count: nodeCount), all = same
    var ends = [Int](repeating: 0, count: (labels.max() ?? -1) + 1)
    for edge in 0..<edgeCount {
      let (source, target) = (labels[sources[edge]], labels[targets[edge]])
      guard source >= 0, target >= 0 else { continue }
      all[targets[edge]] += 1
      if source == target { same[targets[edge]] += 1 }
      ends[source] += 1
      ends[target] += 1
    }
    let edgeRatio = Double(same.reduce(0, +)) / Double(all.reduce(0, +))
    switch kind {
    case .edge: return edgeRatio
    case .node:
      let ratios = all.indices.filter { all[$0] > 0 }.map { Double(same[$0]) / Double(all[$0]) }
      return ratios.reduce(0, +) / Double(ratios.count)
    case .adjusted:
      let total = Double(ends.reduce(0, +))
      let chance = ends.reduce(0) { $0 + Double($1) * Double($1) } / (total * total)
      return (edgeRatio - chance) / (1 - chance)
    }
  }

  /// The number of triangles that each node is a corner of, edges taken as undirected and self-loops left out.
  ///
  /// - Complexity: O(Σ d²) over the degrees at most.
  public var triangles: [Int] {
    let simple = undirected().removingSelfLoops()
    let (offset, neighbour) = (simple.adjacency.grouping.offsets.pointer, simple.sources.pointer)
    var counts = [Int](repeating: 0, count: nodeCount)
    for edge in 0..<simple.edgeCount {
      let (a, b) = (simple.sources[edge], simple.targets[edge])
      guard a < b else { continue }
      // Neighbours ascend, so that common ones are met by walking both lists at once.
      var i = Int(offset[a]), j = Int(offset[b])
      while i < Int(offset[a + 1]), j < Int(offset[b + 1]) {
        let (c, d) = (Int(neighbour[i]), Int(neighbour[j]))
        if c == d, c > b { for corner in [a, b, c] { counts[corner] += 1 } }
        if c <= d { i += 1 }
        if d <= c { j += 1 }
      }
    }
    return counts
  }

  /// The part of the pairs of neighbours that are neighbours of each other, over all nodes: 3 · triangles / paths of two edges.
  ///
  /// Edges are taken as undirected; not a number where no node has two neighbours.
  public var transitivity: Double {
    let degrees = undirected().removingSelfLoops().inDegrees
    return Double(triangles.reduce(0, +)) / Double(degrees.reduce(0) { $0 + $1 * ($1 - 1) / 2 })
  }

  /// The nodes that no edge starts from or ends at.
  public var isolatedNodes: IndexArray {
    requireOneKind("isolatedNodes")
    let (incoming, outgoing) = (inDegrees, outDegrees)
    return IndexArray((0..<nodeCount).filter { incoming[$0] == 0 && outgoing[$0] == 0 })
  }

  /// The number of edges from a node to itself.
  public var selfLoopCount: Int {
    isBipartite ? 0 : (0..<edgeCount).count { sources.pointer[$0] == targets.pointer[$0] }
  }

  /// What is worth knowing of a graph before a model meets it, a line for each fact.
  ///
  /// - Returns: Text for people to read.
  /// - Complexity: O(N + E).
  public func summary() -> String {
    let degrees = inDegrees.sorted()
    let repeated = edgeCount - coalesced().graph.edgeCount
    var lines = ["\(self)"]
    if degrees.isEmpty {
      lines.append("in-degree: no nodes")
    } else {
      let mean = Double(edgeCount) / Double(degrees.count)
      lines.append(
        "in-degree: \(degrees[0]) to \(degrees[degrees.count - 1]), mean \((mean * 100).rounded() / 100), median \(degrees[degrees.count / 2])"
      )
    }
    lines.append("repeated edges: \(repeated)")
    if !isBipartite {
      lines.append("undirected: \(isUndirected ? "yes" : "no")")
      lines.append("self-loops: \(selfLoopCount)")
      lines.append("isolated nodes: \(isolatedNodes.count)")
      lines.append("connected components: \(componentCount)")
    }
    return lines.joined(separator: "\n")
  }
}
