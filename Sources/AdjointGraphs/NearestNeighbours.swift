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
  /// - Complexity: O(M² D) for groups of M points, and O(count) for each candidate that is nearer than those found before it.
  public init(nearest count: Int, among points: Tensor, groups: IndexArray? = nil, selfLoops: Bool = false) {
    require(points.rank == 2, "nearest: points of shape \(points.shape); they are [N, D]")
    require(count >= 0, "nearest: \(count) neighbours; there cannot be fewer than 0")
    let (n, width) = (points.shape[0], points.shape[1]), x = points.scalars(as: Double.self)
    require(groups.map { $0.count == n } ?? true, "nearest: \(groups?.count ?? 0) groups for \(n) points")
    var members: [Int: [Int]] = [:]
    for point in 0..<n { members[groups?[point] ?? 0, default: []].append(point) }
    var nearest = [[Int]](repeating: [], count: n)
    for group in members.values {
      let search = NearestSearch(count: count, axes: (0..<width).map { axis in group.map { x[$0 * width + axis] } })
      for (place, point) in group.enumerated() {
        nearest[point] = search.neighbours(of: place, in: group.count, selfLoops: selfLoops).map { group[$0] }
      }
    }
    self.init(
      nodeCount: n, sources: IndexArray(nearest.flatMap { $0 }),
      targets: IndexArray(nearest.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element.count) }))
  }
}

/// The search for nearest neighbours among the points of one group.
private struct NearestSearch {
  let count: Int
  /// The coordinates, axis by axis.
  let axes: [[Double]]

  /// The nearest points of one, the nearest first, among as many as there are.
  func neighbours(of point: Int, in total: Int, selfLoops: Bool) -> [Int] {
    guard count > 0 else { return [] }
    var distances = [Double](repeating: 0, count: total)
    for coordinates in axes {
      let own = coordinates[point]
      for other in 0..<total {
        let difference = coordinates[other] - own
        distances[other] += difference * difference
      }
    }
    var near: [Int] = [], farthest = Double.infinity
    for other in 0..<total where selfLoops || other != point {
      let square = distances[other]
      distances[other] = other == point ? -1 : square.isNaN ? .infinity : square
      guard near.count < count || distances[other] < farthest else { continue }
      if near.count == count { near.removeLast() }
      // Points come in the order of their numbers, so that a new one goes behind those that are as near.
      var place = near.count
      while place > 0 && distances[near[place - 1]] > distances[other] { place -= 1 }
      near.insert(other, at: place)
      farthest = distances[near[near.count - 1]]
    }
    return near
  }
}
