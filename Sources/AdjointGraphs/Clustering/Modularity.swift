extension Graph {
  /// How many more edges lie within communities than chance would put there.
  ///
  ///     Q = 1/m Σ_{s→t} [c_s = c_t] − Σ_c (k_c^out k_c^in) / m²            m: directed edges
  ///
  /// From −1 to 1; 0 for one community, and for a graph without edges. On an undirected graph it is Newman's modularity.
  ///
  /// - Parameter communities: The community of every node, from 0.
  /// - Returns: The modularity Q.
  /// - Complexity: O(N + E).
  ///
  /// Source: Newman & Girvan, *Finding and evaluating community structure in networks*, Physical Review E 69 (2004), eq. 5;
  /// Leicht & Newman, *Community structure in directed networks*, Physical Review Letters 100 (2008), eq. 3.
  public func modularity(of communities: IndexArray) -> Double {
    require(
      communities.count == nodeCount && !isBipartite,
      "modularity: \(communities.count) communities for the nodes of \(self); there is one for each node of one kind")
    let count = (communities.max() ?? -1) + 1
    communities.check(within: count, operation: "modularity", noun: "community")
    var (outward, inward) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    var within = 0.0
    for (source, target) in zip(sources, targets) {
      outward[communities[source]] += 1
      inward[communities[target]] += 1
      if communities[source] == communities[target] { within += 1 }
    }
    let edges = Double(edgeCount)
    if edges == 0 { return 0 }
    return within / edges - zip(outward, inward).reduce(0) { $0 + $1.0 * $1.1 } / (edges * edges)
  }
}
