/// A graph whose edges are of several kinds, taken apart by kind: what relational layers run on.
public struct RelationalGraph: Sendable {
  /// The edges of every kind, each a graph of all nodes.
  public let relations: [Graph]

  /// Takes a graph apart.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - kinds: The kind of every edge, in the graph's stored order; one outside `0 ..< count` stops the program and is named.
  ///   - count: The number of kinds.
  public init(_ graph: Graph, kinds: IndexArray, count: Int) {
    require(kinds.count == graph.edgeCount, "RelationalGraph: \(kinds.count) kinds for \(graph.edgeCount) edges")
    require(count >= 0, "RelationalGraph: \(count) kinds; there cannot be fewer than 0")
    var edges = [[Int]](repeating: [], count: count)
    for (edge, kind) in kinds.enumerated() {
      require(kind >= 0 && kind < count, "RelationalGraph: kind \(kind) of edge \(edge) is outside 0 ..< \(count)")
      edges[kind].append(edge)
    }
    relations = edges.map { graph.keeping(edges: IndexArray($0)) }
  }

  /// The pixels of a picture, numbered row by row, with a kind of edge for each place in a window around a pixel.
  ///
  /// Kind 0 comes from the pixel at the window's upper left. Pixels at the border have fewer edges, as if zeros lay around the
  /// picture.
  ///
  /// - Parameters:
  ///   - height: The number of rows.
  ///   - width: The number of columns.
  ///   - window: The window's height and width, an odd number.
  /// - Returns: window² relations.
  public static func pixels(height: Int, width: Int, window: Int = 3) -> RelationalGraph {
    require(height >= 0 && width >= 0, "pixels: \(height) × \(width) is not a picture")
    require(window >= 1 && window % 2 == 1, "pixels: the window is \(window) wide; it has to be odd")
    let reach = -(window / 2)...(window / 2)
    return RelationalGraph(
      reach.flatMap { down in
        reach.map { right in
          var (sources, targets): ([Int], [Int]) = ([], [])
          for row in 0..<height where (0..<height).contains(row + down) {
            for column in 0..<width where (0..<width).contains(column + right) {
              sources.append((row + down) * width + column + right)
              targets.append(row * width + column)
            }
          }
          return Graph(nodeCount: height * width, sources: IndexArray(sources), targets: IndexArray(targets))
        }
      })
  }

  private init(_ relations: [Graph]) { self.relations = relations }
}
