/// Where a split of edges gives an answer away.
public enum LinkLeak: Error, Equatable, CustomStringConvertible {
  /// What a pair is asked for as.
  public enum Part: String, Sendable { case training, validation, test }

  /// A message runs along an edge that is asked for, in one of its directions.
  case positiveInMessages(part: Part, messagesOf: Part, source: Int, target: Int)
  /// A pair without an edge is joined by a message edge, in one of its directions.
  case negativeInMessages(part: Part, messagesOf: Part, source: Int, target: Int)
  /// A pair that is asked for as without an edge has one, in one of its directions.
  case negativeIsEdge(part: Part, source: Int, target: Int)
  /// A pair that is asked for as having an edge has none.
  case positiveIsNoEdge(part: Part, source: Int, target: Int)
  /// A pair is asked for twice.
  case askedTwice(first: Part, second: Part, source: Int, target: Int)
  /// A message edge is not in the whole graph.
  case foreignMessage(messagesOf: Part, source: Int, target: Int)

  /// A sentence that names the pair and the stages.
  public var description: String {
    switch self {
    case .positiveInMessages(let part, let messages, let source, let target):
      "LinkSplit: the \(part) edge \(source) → \(target) is in the messages of the \(messages)"
    case .negativeInMessages(let part, let messages, let source, let target):
      "LinkSplit: the \(part) negative \(source) → \(target) is in the messages of the \(messages)"
    case .negativeIsEdge(let part, let source, let target):
      "LinkSplit: the \(part) negative \(source) → \(target) is an edge of the graph"
    case .positiveIsNoEdge(let part, let source, let target):
      "LinkSplit: the \(part) edge \(source) → \(target) is no edge of the graph"
    case .askedTwice(let first, let second, let source, let target):
      "LinkSplit: the pair \(source) → \(target) of the \(second) is asked for in the \(first) already"
    case .foreignMessage(let messages, let source, let target):
      "LinkSplit: the messages of the \(messages) run along \(source) → \(target), which is no edge of the graph"
    }
  }
}

/// Checks that no stage of a split learns what it, or a later one, is asked.
///
/// This shares nothing with the code that makes splits: it compares sorted lists of pairs.
///
/// - Parameters:
///   - split: The split.
///   - graph: The whole graph that was split.
///   - trainingMayRunAlongPositives: Whether messages of the training may run along its own positives, as is usual; the split
///     with `heldBack` edges is stricter.
/// - Throws: ``LinkLeak``, the first that is found.
/// - Complexity: O(E log E).
public func verify(
  _ split: LinkSplit, of graph: Graph, trainingMayRunAlongPositives: Bool = true
) throws(LinkLeak) {
  let stages: [(part: LinkLeak.Part, stage: LinkSplit.Stage)] = [
    (.training, split.train), (.validation, split.validation), (.test, split.test),
  ]
  let edges = PairSet(NodePairs(sources: graph.sources, targets: graph.targets))
  // How often a pair is repeated says nothing of its direction.
  let isUndirected = !graph.isBipartite && zip(graph.sources, graph.targets).allSatisfy { edges.contains($1, $0) }
  for (number, (messagesOf, stage)) in stages.enumerated() {
    let messagePairs = NodePairs(sources: stage.messages.sources, targets: stage.messages.targets)
    let messages = PairSet(messagePairs)
    if let (u, v) = messagePairs.first(where: { !edges.contains($0, $1) }) {
      throw .foreignMessage(messagesOf: messagesOf, source: u, target: v)
    }
    // A stage must not see what it asks, nor what a later stage asks.
    for (part, later) in stages[number...] {
      let isAllowed = part == .training && trainingMayRunAlongPositives
      if !isAllowed,
        let (u, v) = later.positives.first(where: { messages.contains($0, $1) || messages.contains($1, $0) })
      {
        throw .positiveInMessages(part: part, messagesOf: messagesOf, source: u, target: v)
      }
      if let (u, v) = later.negatives.first(where: {
        messages.contains($0, $1) || messages.contains($1, $0) && isUndirected
      }) {
        throw .negativeInMessages(part: part, messagesOf: messagesOf, source: u, target: v)
      }
    }
  }
  var asked: [(key: UInt64, part: LinkLeak.Part, source: Int, target: Int)] = []
  for (part, stage) in stages {
    if let (u, v) = stage.positives.first(where: { !edges.contains($0, $1) }) {
      throw .positiveIsNoEdge(part: part, source: u, target: v)
    }
    if let (u, v) = stage.negatives.first(where: { edges.contains($0, $1) || isUndirected && edges.contains($1, $0) }) {
      throw .negativeIsEdge(part: part, source: u, target: v)
    }
    for (u, v) in zip(stage.pairs.sources, stage.pairs.targets) {
      let (a, b) = isUndirected ? (Swift.min(u, v), Swift.max(u, v)) : (u, v)
      asked.append((PairSet.key(a, b), part, u, v))
    }
  }
  let order = asked.indices.sorted { (asked[$0].key, $0) < (asked[$1].key, $1) }
  for (i, j) in zip(order, order.dropFirst()) where asked[i].key == asked[j].key {
    throw .askedTwice(first: asked[i].part, second: asked[j].part, source: asked[j].source, target: asked[j].target)
  }
}

/// Ordered pairs, to look up by bisection.
private struct PairSet {
  private let keys: [UInt64]

  init(_ pairs: NodePairs) { keys = zip(pairs.sources, pairs.targets).map { Self.key($0, $1) }.sorted() }

  static func key(_ source: Int, _ target: Int) -> UInt64 { UInt64(source) << 32 | UInt64(target) }

  func contains(_ source: Int, _ target: Int) -> Bool {
    let key = Self.key(source, target)
    var low = 0, high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < keys.count && keys[low] == key
  }
}

extension NodePairs {
  fileprivate func first(where isWanted: (Int, Int) -> Bool) -> (Int, Int)? {
    for place in 0..<count where isWanted(sources[place], targets[place]) { return (sources[place], targets[place]) }
    return nil
  }
}
