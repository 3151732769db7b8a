extension Graph {
  /// The number of edges on a shortest path from a node to every other.
  ///
  /// - Parameter start: The node where paths start.
  /// - Returns: A number for each node; −1 where no path leads.
  /// - Complexity: O(N + E).
  public func hopDistances(from start: Int) -> [Int] {
    requireOneKind("hopDistances")
    require(start >= 0 && start < nodeCount, "hopDistances: node \(start) is outside 0 ..< \(nodeCount)")
    let forward = adjacency.transposedGrouping
    return breadthFirst(start, offsets: forward.offsets, neighbours: forward.columns ?? targets)
  }

  /// The number of edges on a shortest path from every node to a given one.
  ///
  /// - Parameter end: The node where paths end: the one that messages reach.
  /// - Returns: A number for each node; −1 where no path leads.
  /// - Complexity: O(N + E).
  public func hopDistances(to end: Int) -> [Int] {
    requireOneKind("hopDistances")
    require(end >= 0 && end < nodeCount, "hopDistances: node \(end) is outside 0 ..< \(nodeCount)")
    return breadthFirst(end, offsets: adjacency.grouping.offsets, neighbours: sources)
  }

  private func breadthFirst(_ start: Int, offsets: IndexArray, neighbours: IndexArray) -> [Int] {
    var distance = [Int](repeating: -1, count: nodeCount)
    var queue = [start], place = 0
    let (offset, neighbour) = (offsets.pointer, neighbours.pointer)
    distance[start] = 0
    while place < queue.count {
      let node = queue[place]
      place += 1
      for entry in Int(offset[node])..<Int(offset[node + 1]) where distance[Int(neighbour[entry])] < 0 {
        distance[Int(neighbour[entry])] = distance[node] + 1
        queue.append(Int(neighbour[entry]))
      }
    }
    return distance
  }

  /// The connected component of every node, edges taken in both directions.
  ///
  /// - Returns: Numbers from 0, in the order of the components' smallest nodes.
  /// - Complexity: O(N + E).
  public var components: IndexArray {
    requireOneKind("components")
    var component = [Int32](repeating: -1, count: nodeCount)
    var count: Int32 = 0
    let forward = adjacency.transposedGrouping
    let outgoing = (forward.columns ?? targets).pointer, outgoingOffset = forward.offsets.pointer
    let (incoming, incomingOffset) = (sources.pointer, adjacency.grouping.offsets.pointer)
    var stack: [Int] = []
    for start in 0..<nodeCount where component[start] < 0 {
      component[start] = count
      stack.append(start)
      while let node = stack.popLast() {
        func visit(_ neighbours: UnsafePointer<Int32>, _ offset: UnsafePointer<Int32>) {
          for entry in Int(offset[node])..<Int(offset[node + 1]) where component[Int(neighbours[entry])] < 0 {
            component[Int(neighbours[entry])] = count
            stack.append(Int(neighbours[entry]))
          }
        }
        visit(outgoing, outgoingOffset)
        visit(incoming, incomingOffset)
      }
      count += 1
    }
    return IndexArray(words: component)
  }

  /// The number of connected components.
  public var componentCount: Int { (components.max() ?? -1) + 1 }

  /// For every node, the greatest number of edges on a shortest path from it; nil where it does not reach every node.
  ///
  /// - Complexity: O(N (N + E)).
  public var eccentricities: [Int?] {
    (0..<nodeCount).map { node in
      let distances = hopDistances(from: node)
      return distances.contains(-1) ? nil : distances.max()
    }
  }

  /// The greatest number of edges on a shortest path between two nodes; nil if some node does not reach another, or there is none.
  ///
  /// - Complexity: O(N (N + E)).
  public var diameter: Int? {
    let all = eccentricities
    return all.contains(nil) ? nil : all.compactMap { $0 }.max()
  }
}
