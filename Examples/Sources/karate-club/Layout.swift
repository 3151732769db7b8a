import Adjoint
import Foundation

/// A point of the plane.
typealias Point = SIMD2<Double>

extension Graph {
  /// Places for the nodes, in which distances are close to the numbers of edges between them.
  ///
  /// Minimises the stress Σ (‖p(i) − p(j)‖ − d(i, j))² / d(i, j)² by majorisation: every node moves to the weighted mean of
  /// where the others want it. The start is a circle, so the result is the same every time.
  ///
  /// Source: Gansner, Koren & North, *Graph Drawing by Stress Majorization*, Graph Drawing 2004, eq. 7.
  ///
  /// - Returns: A point for each node, one edge about 1 long; the longest direction lies horizontally, node 0 to the left.
  func layout() -> [Point] {
    let distances = (0..<nodeCount).map(steps(from:))
    var points = (0..<nodeCount).map { node in
      let angle = 2 * Double.pi * Double(node) / Double(nodeCount)
      return 3 * Point(cos(angle), sin(angle))
    }
    for _ in 0..<500 {
      for i in points.indices {
        var sum = Point.zero
        var total = 0.0
        for j in points.indices where j != i {
          let offset = points[i] - points[j], distance = distances[i][j], weight = 1 / (distance * distance)
          sum += weight * (points[j] + offset * (distance / Swift.max(offset.length, 1e-9)))
          total += weight
        }
        points[i] = sum / total
      }
    }
    return turned(points)
  }

  /// The number of edges on a shortest path from a node to every node; `nodeCount` where there is none.
  private func steps(from start: Int) -> [Double] {
    var steps = [Double](repeating: Double(nodeCount), count: nodeCount)
    steps[start] = 0
    var front = [start]
    while !front.isEmpty {
      var next: [Int] = []
      for edge in 0..<edgeCount where front.contains(sources[edge]) && steps[targets[edge]] == Double(nodeCount) {
        steps[targets[edge]] = steps[sources[edge]] + 1
        next.append(targets[edge])
      }
      front = next
    }
    return steps
  }

  /// The points about their mean, turned until they spread most along the first coordinate.
  private func turned(_ points: [Point]) -> [Point] {
    let mean = points.reduce(.zero, +) / Double(points.count)
    let centred = points.map { $0 - mean }
    let xx = centred.reduce(0) { $0 + $1.x * $1.x }, yy = centred.reduce(0) { $0 + $1.y * $1.y }
    let xy = centred.reduce(0) { $0 + $1.x * $1.y }
    let angle = atan2(2 * xy, xx - yy) / 2
    var axis = Point(cos(angle), sin(angle))
    if (centred[0] * axis).sum() > 0 { axis = -axis }
    return centred.map { Point(($0 * axis).sum(), $0.y * axis.x - $0.x * axis.y) }
  }
}

extension SIMD2<Double> {
  /// The distance from the origin.
  var length: Double { (self * self).sum().squareRoot() }
}
