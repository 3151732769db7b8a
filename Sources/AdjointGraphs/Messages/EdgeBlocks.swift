/// Which of the edges of a larger graph a graph holds: those that reach some nodes in a row. The nodes are the same.
struct EdgeBlock: Sendable {
  let edges: Range<Int>, rows: Range<Int>
  /// The number of edges of the whole.
  let edgeCount: Int
  /// What looks at the widths of messages, if anything does.
  var widths: MessageWidths?

  var isWhole: Bool { edges.count == edgeCount }
}

/// The widths of the messages that a message is made of, in bytes for each edge. It is used on one thread alone.
final class MessageWidths: @unchecked Sendable {
  private(set) var widest = 0
  /// Whether there was a row for each edge every time.
  private(set) var areRows = true

  func note(_ values: Variable, edgeCount: Int) {
    areRows = areRows && values.rank >= 1 && values.shape[0] == edgeCount
    if areRows { widest = Swift.max(widest, values.rowWidth * values.dtype.byteCount) }
  }
}

/// How the messages of a graph are done in blocks.
struct EdgeBlocks {
  /// The first node of every block, and the end.
  let starts: [Int]
  /// The bytes of an edge's widest row, and of its message.
  let rowBytes: Int, messageBytes: Int
  let rehearsal: Rehearsal

  var count: Int { starts.count - 1 }
}

extension Graph {
  /// The edges that reach some nodes in a row.
  func part(reaching rows: Range<Int>) -> Graph {
    let offsets = adjacency.grouping.offsets
    return part(edges: offsets[rows.lowerBound]..<offsets[rows.upperBound], rows: rows)
  }

  private func part(edges: Range<Int>, rows: Range<Int>, widths: MessageWidths? = nil) -> Graph {
    Graph(
      sources: sources.part(edges), targets: targets.part(edges), origin: edgeOrder.part(edges),
      sourceCount: sourceCount, targetCount: nodeCount, isBipartite: isBipartite, degreesInWhole: degreesInWhole,
      block: EdgeBlock(edges: edges, rows: rows, edgeCount: edgeCount, widths: widths))
  }

  /// How a message is done in blocks; nil if that is not possible, or if it is known to fit the budget.
  func blocks(of message: some Message) -> EdgeBlocks? {
    // Few edges fit whatever they carry, up to 256 kB each.
    edgeCount > ExecutionSettings.current.messageBudget >> 18 ? blocks(ofAny: message) : nil
  }

  /// How a message is done in blocks, if only in one; nil if that is not possible.
  func blocks(ofAny message: some Message) -> EdgeBlocks? {
    guard block == nil, message.runsInBlocks, edgeCount > 0 else { return nil }
    let widths = MessageWidths(), row = targets[0]
    let sample = part(edges: 0..<1, rows: row..<row + 1, widths: widths)
    let rehearsal = Rehearsal { withMaterialisedMessages { sample.each(message) } }
    guard widths.areRows else { return nil }
    let most = ExecutionSettings.current.messageBudget / Swift.max(1, widths.widest)
    return EdgeBlocks(
      starts: blockStarts(edges: most), rowBytes: widths.widest,
      messageBytes: rehearsal.value.rowWidth * rehearsal.value.dtype.byteCount, rehearsal: rehearsal)
  }

  /// Cuts the nodes so that no more edges reach those between two cuts, unless one node has them all. Some edges always do.
  private func blockStarts(edges most: Int) -> [Int] {
    let offset = adjacency.grouping.offsets.pointer
    var starts = [0]
    for row in 0..<nodeCount {
      let first = offset[starts[starts.count - 1]]
      let hasEdges = offset[row] > first && offset[row + 1] > offset[row]
      if hasEdges && Int(offset[row + 1] - first) > most { starts.append(row) }
    }
    return starts + [nodeCount]
  }

  /// What `body` makes of the edges of each node, at once or in blocks; of a whole that fits, messages inside know that it does.
  private func inBlocks(
    _ message: some Message, isWorthwhile: (EdgeBlocks) -> Bool = { _ in true }, _ body: @escaping (Graph) -> Variable
  ) -> Variable {
    guard let blocks = blocks(of: message) else { return body(self) }
    var whole = self
    whole.block = EdgeBlock(edges: 0..<edgeCount, rows: 0..<nodeCount, edgeCount: edgeCount)
    guard blocks.count > 1, isWorthwhile(blocks) else { return body(whole) }
    func materialised(_ graph: Graph) -> Variable {
      withMaterialisedMessages { body(graph) }
    }
    return recomputedRows(inBlocks: blocks.count, after: blocks.rehearsal) { [whole] in
      materialised(whole)
    } block: { number in
      let part = self.part(reaching: blocks.starts[number]..<blocks.starts[number + 1])
      return withDrawnRows(part.block?.edges ?? 0..<0) { materialised(part) }
    }
  }

  /// What `reduce` makes of the messages that reach each node. It gets the messages of some nodes in a row, the number among
  /// these that each message reaches, and how many there are.
  func reducing(
    _ message: some Message, _ reduce: @escaping (_ messages: Variable, _ targets: IndexArray, _ count: Int) -> Variable
  ) -> Variable {
    guard block == nil else { return reduce(each(message), targets, nodeCount) }
    return inBlocks(message) { part in
      let messages = part.each(message)
      guard let block = part.block, !block.isWhole else { return reduce(messages, part.targets, part.nodeCount) }
      let local = part.targets.part(0..<part.edgeCount, subtracting: block.rows.lowerBound)
      return reduce(messages, local, block.rows.count)
    }
  }

  /// The message of every edge: `[edgeCount, ...]`, in the stored order.
  ///
  /// Where the message is made of wider ones that exceed the budget, it is done in blocks.
  public func each(_ message: some Message) -> Variable {
    inBlocks(message, isWorthwhile: { $0.rowBytes > $0.messageBytes }) { part in
      let values = message.each(on: part)
      if let widths = part.block?.widths {
        widths.note(values, edgeCount: part.edgeCount)
      } else {
        part.requireEdgeValues(values, "Message")
      }
      return values
    }
  }

  /// The rows of this graph's edges among values of the edges of the whole.
  func ownRows(of values: Variable) -> Variable {
    guard let block, !block.isWhole, values.rank >= 1, values.shape[0] == block.edgeCount else { return values }
    return values.part(block.edges)
  }
}

extension AdditiveScore {
  /// True.
  public var runsInBlocks: Bool { true }
}

extension SoftmaxMessage {
  /// Whether those of the scores may.
  public var runsInBlocks: Bool { scores.runsInBlocks }
}

extension EndpointProduct {
  /// True.
  public var runsInBlocks: Bool { true }
}
