extension Graph {
  /// The graph in which every point is reached by its nearest neighbours, the nearest first.
  ///
  /// Distances are Euclidean; of equally near points the one with the lower number comes first. A coordinate that is not a number
  /// makes a point farther than any other.
  ///
  /// - Parameters:
  ///   - count: How many neighbours reach each point; all others of its group, where there are no more.
  ///   - points: `[N, D]`.
  ///   - groups: The group of every point, from which its neighbours are taken; nil for a single group.
  ///   - selfLoops: Whether a point is its own first neighbour, which counts as one.
  /// - Complexity: O(M² (D + log M)) for groups of M points.
  public init(nearest count: Int, among points: Tensor, groups: IndexArray? = nil, selfLoops: Bool = false) {
    require(points.rank == 2, "nearest: points of shape \(points.shape); they have two axes")
    require(count >= 0, "nearest: \(count) is not a number of neighbours")
    let (n, width) = (points.shape[0], points.shape[1]), x = points.scalars(as: Double.self)
    require(groups.map { $0.count == n } ?? true, "nearest: \(groups?.count ?? 0) groups for \(n) points")
    var members: [Int: [Int]] = [:]
    for point in 0..<n { members[groups?[point] ?? 0, default: []].append(point) }
    var (sources, targets): ([Int], [Int]) = ([], [])
    for point in 0..<n {
      let candidates = (members[groups?[point] ?? 0] ?? []).filter { selfLoops || $0 != point }
      let near = candidates.map { other -> (distance: Double, point: Int) in
        if other == point { return (-1, other) }
        var square = 0.0
        for axis in 0..<width {
          let difference = x[point * width + axis] - x[other * width + axis]
          square += difference * difference
        }
        return (square.isNaN ? .infinity : square, other)
      }.sorted()
      for entry in near.prefix(count) {
        sources.append(entry.point)
        targets.append(point)
      }
    }
    self.init(nodeCount: n, sources: IndexArray(sources), targets: IndexArray(targets))
  }
}

private func < (a: (distance: Double, point: Int), b: (distance: Double, point: Int)) -> Bool {
  a.distance != b.distance ? a.distance < b.distance : a.point < b.point
}

extension [(distance: Double, point: Int)] {
  fileprivate func sorted() -> Self { sorted { $0 < $1 } }
}
