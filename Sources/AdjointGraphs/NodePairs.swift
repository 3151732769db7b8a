/// Pairs of nodes: ends of edges, of edges that are not there, of nodes that walks visit together.
public struct NodePairs: Sendable, Equatable {
  /// The first node of every pair.
  public let sources: IndexArray
  /// The second node of every pair.
  public let targets: IndexArray

  /// Creates pairs.
  ///
  /// - Parameters:
  ///   - sources: The first node of every pair.
  ///   - targets: The second node of every pair; another number of them stops the program.
  public init(sources: IndexArray, targets: IndexArray) {
    require(
      sources.count == targets.count,
      "NodePairs: \(sources.count) sources do not match \(targets.count) targets")
    (self.sources, self.targets) = (sources, targets)
  }

  /// Creates pairs.
  ///
  /// - Parameter pairs: The pairs.
  public init(_ pairs: [(Int, Int)]) {
    self.init(sources: IndexArray(pairs.lazy.map(\.0)), targets: IndexArray(pairs.lazy.map(\.1)))
  }

  /// The number of pairs.
  public var count: Int { sources.count }

  /// Whether there are none.
  public var isEmpty: Bool { count == 0 }

  /// A pair.
  public subscript(position: Int) -> (source: Int, target: Int) { (sources[position], targets[position]) }

  /// Some of the pairs.
  func gathered(_ places: IndexArray) -> NodePairs {
    NodePairs(sources: sources.gathered(places), targets: targets.gathered(places))
  }

  /// These pairs and others.
  static func + (a: NodePairs, b: NodePairs) -> NodePairs {
    NodePairs(sources: .joined([a.sources, b.sources]), targets: .joined([a.targets, b.targets]))
  }
}
