/// Clusters of points: each point belongs to the nearest of k centres, each centre is the mean of its points.
///
///     minimise Σᵢ ‖xᵢ − c_{a(i)}‖²
///
/// Centres start apart (k-means++), then Lloyd's iteration moves them until no point changes its cluster. The best of several
/// starts is kept. A cluster that loses its last point takes the point farthest from its centre.
///
/// Source: Lloyd, *Least squares quantization in PCM*, IEEE Transactions on Information Theory 28 (1982); Arthur &
/// Vassilvitskii, *k-means++: The Advantages of Careful Seeding*, SODA 2007.
public struct KMeans: Sendable {
  /// The centres, `[k, D]`, in double precision.
  public let centres: Tensor
  /// The cluster of every point.
  public let assignments: IndexArray
  /// The sum of the squared distances to the centres.
  public let inertia: Double

  /// Clusters points.
  ///
  /// - Parameters:
  ///   - points: `[N, D]`.
  ///   - clusters: The number k of clusters, from 1 to N.
  ///   - starts: How many times to begin anew.
  ///   - iterations: The most rounds of each start.
  ///   - key: The place in the random sequence.
  /// - Complexity: O(N k D) a round.
  public init(_ points: Tensor, clusters: Int, starts: Int = 8, iterations: Int = 300, key: RandomKey) {
    require(points.rank == 2, "KMeans: points of shape \(points.shape); they are [N, D]")
    require(
      clusters >= 1 && clusters <= points.shape[0], "KMeans: \(clusters) clusters of \(points.shape[0]) points")
    require(starts >= 1, "KMeans: \(starts) starts; at least one is needed")
    // Squared distances come from squares, which far from the origin would leave nothing of the distances.
    let all = points.converted(to: .float64)
    let middle = all.sum(along: [0]) / Tensor(Double(all.shape[0]), dtype: .float64), x = all - middle
    var best: KMeans?
    for start in 0..<starts {
      let found = KMeans(x, from: KMeans.apart(x, clusters, key.stream(start)), iterations: iterations)
      if best.map({ found.inertia < $0.inertia }) ?? true { best = found }
    }
    let found = best.unsafelyUnwrapped
    (centres, assignments, inertia) = (found.centres + middle, found.assignments, found.inertia)
  }

  /// Lloyd's iteration from given centres.
  private init(_ x: Tensor, from start: Tensor, iterations: Int) {
    let clusters = start.shape[0]
    var centres = start
    var (assignments, distances) = KMeans.nearest(x, centres)
    for _ in 0..<iterations {
      let sums = Variable(x).scatterSum(to: assignments, count: clusters).value
      var sizes = [Double](repeating: 0, count: clusters)
      for cluster in assignments { sizes[cluster] += 1 }
      centres = sums / max(Tensor(sizes, dtype: .float64).reshaped(to: [clusters, 1]), 1)
      var far = distances
      for cluster in 0..<clusters where sizes[cluster] == 0 {
        let farthest = far.indices.max { far[$0] < far[$1] } ?? 0
        centres = Variable(centres).setting(rows: Variable(x.rows(farthest..<farthest + 1)), at: [cluster]).value
        far[farthest] = -1
      }
      let (next, nextDistances) = KMeans.nearest(x, centres)
      distances = nextDistances
      if next == assignments { break }
      assignments = next
    }
    (self.centres, self.assignments, inertia) = (centres, assignments, distances.reduce(0, +))
  }

  /// Centres among the points, each drawn with the probability of its squared distance from those before it.
  private static func apart(_ x: Tensor, _ clusters: Int, _ key: RandomKey) -> Tensor {
    let draws = Tensor(uniform: [clusters], key: key, dtype: .float64).scalars(as: Double.self)
    func distances(to point: Int) -> [Double] { nearest(x, x.gatherRows([point])).1 }
    var chosen = [Swift.min(Int(draws[0] * Double(x.shape[0])), x.shape[0] - 1)]
    var toNearest = distances(to: chosen[0])
    while chosen.count < clusters {
      var left = draws[chosen.count] * toNearest.reduce(0, +)
      var next = toNearest.lastIndex { $0 > 0 } ?? (0..<x.shape[0]).first { !chosen.contains($0) } ?? 0
      for (point, distance) in toNearest.enumerated() where distance > 0 {
        left -= distance
        if left < 0 {
          next = point
          break
        }
      }
      chosen.append(next)
      if chosen.count < clusters { toNearest = zip(toNearest, distances(to: next)).map(Swift.min) }
    }
    return x.gatherRows(IndexArray(chosen))
  }

  /// The nearest centre of every point, the first of equally near ones, and the squared distance.
  private static func nearest(_ x: Tensor, _ centres: Tensor) -> (IndexArray, [Double]) {
    let squares = { (points: Tensor) in square(points).sum(along: [1]) }
    let cross = matmul(x, centres, transposingRight: true)
    let distances = max(squares(x).reshaped(to: [x.shape[0], 1]) - 2 * cross + squares(centres), 0)
    return (distances.argmin(along: 1), distances.min(along: [1]).scalars(as: Double.self))
  }
}
