/// Pairs of nodes, such as the edges to predict: the first node of every pair, and the second.
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
      "NodePairs: \(sources.count) first nodes, but \(targets.count) second nodes of pairs")
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
}
