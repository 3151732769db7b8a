import Adjoint

/// A random graph with the numbers of nodes and edges of ogbn-arxiv and hubs like its own.
public enum ArxivGraph {
  /// The number of nodes.
  public static let nodeCount = 169_343
  private static let citations = 1_166_243

  /// The edges in both directions, without self-loops and repeats, ordered by target, then source.
  ///
  /// - Returns: The source and the target of every edge.
  public static func edges() -> (sources: [Int], targets: [Int]) {
    let sources = integers(11, citations, below: nodeCount)
    var keys: [Int] = []
    keys.reserveCapacity(2 * citations)
    for (position, source) in sources.enumerated() {
      let unit = Double(randomBits(12, position) >> 11) * 0x1p-53
      let target = Int(unit * unit * unit * Double(nodeCount)) * 48271 % nodeCount
      if source == target { continue }
      keys.append(target * nodeCount + source)
      keys.append(source * nodeCount + target)
    }
    keys.sort()
    var unique: [Int] = []
    unique.reserveCapacity(keys.count)
    for key in keys where key != unique.last { unique.append(key) }
    return (unique.map { $0 % nodeCount }, unique.map { $0 / nodeCount })
  }

  /// The graph.
  ///
  /// - Returns: The graph, made anew at every call.
  public static func make() -> Graph {
    let (sources, targets) = edges()
    do {
      return try Graph(nodeCount: nodeCount, from: IndexArray(sources), to: IndexArray(targets))
    } catch {
      stop("ArxivGraph: \(error)")
    }
  }
}
