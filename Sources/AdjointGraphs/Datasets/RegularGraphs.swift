extension Graph {
  /// A ring: each node is joined to the next, the last to the first, in both directions.
  ///
  /// - Parameter nodeCount: The number of nodes; two make a single edge, one makes none.
  /// - Returns: The graph.
  public static func ring(_ nodeCount: Int) -> Graph {
    let last = nodeCount > 2 ? nodeCount : nodeCount - 1
    return known(nodeCount, (0..<Swift.max(0, last)).map { ($0, ($0 + 1) % nodeCount) })
  }

  /// A path: each node is joined to the next, in both directions.
  ///
  /// - Parameter nodeCount: The number of nodes.
  /// - Returns: The graph.
  public static func path(_ nodeCount: Int) -> Graph {
    known(nodeCount, (0..<Swift.max(0, nodeCount - 1)).map { ($0, $0 + 1) })
  }

  /// A grid: node `row * columns + column` is joined to those above, below, left and right of it.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  ///   - diagonals: Whether nodes that touch at a corner are joined as well.
  /// - Returns: The graph, in both directions.
  public static func grid(rows: Int, columns: Int, diagonals: Bool = false) -> Graph {
    require(rows >= 0 && columns >= 0, "grid: \(rows) rows of \(columns) nodes; there cannot be fewer than 0")
    let steps = [(0, 1), (1, 0)] + (diagonals ? [(1, 1), (1, -1)] : [])
    var edges: [(Int, Int)] = []
    for row in 0..<rows {
      for column in 0..<columns {
        for (down, right) in steps where row + down < rows && column + right < columns && column + right >= 0 {
          edges.append((row * columns + column, (row + down) * columns + column + right))
        }
      }
    }
    return known(rows * columns, edges)
  }

  /// A tree in which every node but the leaves has equally many children; node 0 is the root, levels follow one another.
  ///
  /// - Parameters:
  ///   - depth: The number of edges from the root to a leaf.
  ///   - branching: The number of children.
  /// - Returns: The graph, in both directions.
  public static func tree(depth: Int, branching: Int) -> Graph {
    require(
      depth >= 0 && branching >= 1,
      "tree: a depth of \(depth) with \(branching) children; there have to be at least 0 and 1")
    var edges: [(Int, Int)] = [], level = 0..<1
    for _ in 0..<depth {
      let next = level.upperBound..<level.upperBound + level.count * branching
      edges += next.map { (level.lowerBound + ($0 - next.lowerBound) / branching, $0) }
      level = next
    }
    return known(level.upperBound, edges)
  }

  /// An undirected graph of edges that are known to lie within it.
  static func known(_ nodeCount: Int, _ edges: [(Int, Int)]) -> Graph {
    require(nodeCount >= 0 && nodeCount <= Int(Int32.max), "\(GraphError.nodeCount(nodeCount))")
    let (low, high) = (IndexArray(edges.map(\.0)), IndexArray(edges.map(\.1)))
    return Graph(nodeCount: nodeCount, sources: .joined([low, high]), targets: .joined([high, low]))
  }
}
