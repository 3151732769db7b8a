/// Why pairs without an edge cannot be drawn.
public enum NegativeSamplingError: Error, Equatable, CustomStringConvertible {
  /// More are wanted than there are.
  case tooMany(wanted: Int, feasible: Int)
  /// A node is joined to every other, so that no end is left for it.
  case noTargets(source: Int)

  /// A sentence with the numbers.
  public var description: String {
    switch self {
    case .tooMany(let wanted, let feasible):
      "negative sampling: \(wanted) pairs are wanted, but only \(feasible) have no edge"
    case .noTargets(let source): "negative sampling: node \(source) has an edge to every other node"
    }
  }
}

extension Graph {
  /// The pairs of different nodes that no edge joins, of which negatives are drawn.
  ///
  /// They are counted, never listed: the number of pairs less the number of distinct edges, and the pair of a rank is found by
  /// bisection among the edges.
  public struct NonEdges: Sendable {
    /// The number of pairs.
    public let count: Int
    private let nodeCount: Int
    private let isUndirected: Bool
    // The numbers of the pairs that have an edge, ascending; number i less i is how many pairs without one come before it.
    private let taken: [Int]

    /// Counts the pairs.
    ///
    /// - Parameters:
    ///   - graph: The graph.
    ///   - isUndirected: Whether (u, v) and (v, u) are one pair, which an edge in either direction joins.
    ///   - others: Further pairs to leave out.
    public init(of graph: Graph, isUndirected: Bool, excluding others: NodePairs? = nil) {
      graph.requireOneKind("NonEdges")
      nodeCount = graph.nodeCount
      self.isUndirected = isUndirected
      let all = NodePairs(sources: graph.sources, targets: graph.targets)
      let pairs = others.map { all + $0 } ?? all
      var numbers: [Int] = []
      numbers.reserveCapacity(pairs.count)
      for place in 0..<pairs.count {
        let (source, target) = (Int(pairs.sources.pointer[place]), Int(pairs.targets.pointer[place]))
        require(
          source >= 0 && source < nodeCount && target >= 0 && target < nodeCount,
          "NonEdges: the pair \(source) → \(target) to leave out has a node outside 0 ..< \(nodeCount)")
        if source != target { numbers.append(Self.number(source, target, graph.nodeCount, isUndirected)) }
      }
      numbers.sort()
      var last = -1
      taken = numbers.filter { number in
        defer { last = number }
        return number != last
      }
      let total = nodeCount * Swift.max(0, nodeCount - 1)
      count = (isUndirected ? total / 2 : total) - taken.count
    }

    /// The number of a pair when all pairs are counted.
    private static func number(_ source: Int, _ target: Int, _ nodeCount: Int, _ isUndirected: Bool) -> Int {
      if isUndirected {
        let (low, high) = (Swift.min(source, target), Swift.max(source, target))
        return high * (high - 1) / 2 + low
      }
      return source * (nodeCount - 1) + (target < source ? target : target - 1)
    }

    /// The pair of a rank.
    ///
    /// - Parameter rank: A number in `0 ..< count`; another one stops the program.
    /// - Complexity: O(log E).
    public subscript(rank: Int) -> (source: Int, target: Int) {
      require(rank >= 0 && rank < count, "NonEdges: rank \(rank) is outside 0 ..< \(count)")
      // How many taken pairs come before the one of this rank.
      var low = 0, high = taken.count
      while low < high {
        let middle = (low + high) / 2
        if taken[middle] - middle <= rank { low = middle + 1 } else { high = middle }
      }
      let number = rank + low
      if isUndirected { return { ($0.low, $0.high) }(pair(number)) }
      let (source, place) = number.quotientAndRemainder(dividingBy: nodeCount - 1)
      return (source, place < source ? place : place + 1)
    }

    /// Different pairs, each as likely as any other.
    ///
    /// What is feasible is known beforehand, so that drawing always ends, in dense graphs too.
    ///
    /// - Parameters:
    ///   - wanted: The number of pairs.
    ///   - key: The place in the random sequence.
    /// - Returns: The pairs, in a random order.
    /// - Throws: ``NegativeSamplingError/tooMany(wanted:feasible:)``.
    /// - Complexity: O(wanted · log E).
    public func sample(_ wanted: Int, key: RandomKey) throws(NegativeSamplingError) -> NodePairs {
      guard wanted <= count else { throw .tooMany(wanted: wanted, feasible: count) }
      let ranks = RandomBijection(count: count, key: key)
      var sources: [Int] = [], targets: [Int] = []
      for place in 0..<wanted {
        let pair = self[ranks[place]]
        sources.append(pair.source)
        targets.append(pair.target)
      }
      return NodePairs(sources: IndexArray(sources), targets: IndexArray(targets))
    }
  }

  /// For each of some nodes, other nodes that no edge leads to from it: what a ranking is compared with.
  ///
  /// - Parameters:
  ///   - sources: The nodes; each is dealt with on its own.
  ///   - perSource: The number of targets for each; they may repeat.
  ///   - key: The place in the random sequence.
  /// - Returns: The targets, `perSource` for the first source, then for the second.
  /// - Throws: ``NegativeSamplingError/noTargets(source:)``.
  /// - Complexity: O(N + E + targets · log(degree)).
  public func negativeTargets(
    for sources: IndexArray, perSource: Int, key: RandomKey
  ) throws(NegativeSamplingError) -> IndexArray {
    requireOneKind("negativeTargets")
    sources.check(within: nodeCount, operation: "negativeTargets", noun: "node")
    // Outgoing neighbours, ascending and each once, with the node itself.
    let simple = addingSelfLoops().coalesced().graph
    let outgoing = simple.adjacency.transposedGrouping
    let (offset, neighbour) = (outgoing.offsets.pointer, (outgoing.columns ?? simple.targets).pointer)
    var draws = RandomSequence(key), targets: [Int32] = []
    for source in sources {
      let (start, end) = (Int(offset[source]), Int(offset[source + 1]))
      let feasible = nodeCount - (end - start)
      if feasible == 0 { throw .noTargets(source: source) }
      for _ in 0..<perSource {
        let rank = draws.next(below: feasible)
        var (low, high) = (0, end - start)
        while low < high {
          let middle = (low + high) / 2
          if Int(neighbour[start + middle]) - middle <= rank { low = middle + 1 } else { high = middle }
        }
        targets.append(Int32(rank + low))
      }
    }
    return IndexArray(words: targets)
  }
}
