/// What a reduction of messages will do, and what it allocates.
public struct MessagePlan: Equatable, CustomStringConvertible {
  /// What runs.
  public let kernel: String
  /// Whether the messages are materialised, a row for each edge.
  public let isMaterialised: Bool
  /// In how many blocks of edges what is materialised is done: 1 if it fits the budget.
  public let blockCount: Int
  /// The bytes of the array that the kernel keeps for the edges, and of the widest one that a materialised message, or the
  /// factor of a fused one, is made of; if that is made block by block, of its part in the largest block.
  public let edgeBytes: Int

  /// One line.
  public var description: String { "\(kernel); \(edgeBytes) bytes for the edges" }
}

extension EdgeBlocks {
  /// The bytes of the widest array of the block with the most edges.
  func largestBytes(on graph: Graph) -> Int {
    let offsets = graph.adjacency.grouping.offsets
    return zip(starts, starts.dropFirst()).reduce(0) { Swift.max($0, offsets[$1.1] - offsets[$1.0]) } * rowBytes
  }
}

extension Message {
  /// Says which kernel a reduction runs and what it allocates for the edges.
  ///
  /// The kernel runs once; a message without one is materialised to find its size, for one edge if it can be done in blocks. Nothing
  /// of that stays on the tape of the current scope. Where weights alone keep a kernel from running, the plan says why.
  ///
  /// - Parameters:
  ///   - reduction: The reduction.
  ///   - graph: The graph.
  /// - Returns: The plan.
  public func explain(_ reduction: Reduction, on graph: Graph) -> MessagePlan {
    func parted(_ blocks: EdgeBlocks) -> String { "in \(blocks.count) blocks that run again in the reverse sweep" }
    let scaled = ExecutionSettings.current.materialisesMessages ? nil : self as? any ScaledMessage
    var known: FusedReduction?, factor: EdgeBlocks?, obstacle = ""
    let reduced = Rehearsal {
      known = ExecutionSettings.current.materialisesMessages ? nil : fused(reduction, on: graph)
      if known == nil, let found = scaled?.obstacle(reduction, on: graph) { obstacle = ", " + found }
      if known != nil { factor = scaled?.factorBlocks(reduction, on: graph) }
      return known?.run() ?? 0
    }
    if let fused = known {
      let kept = graph.edgeCount * fused.numbersPerEdge * reduced.value.dtype.byteCount
      guard let blocks = factor, blocks.rowBytes > blocks.messageBytes else {
        return MessagePlan(kernel: fused.kernel, isMaterialised: false, blockCount: 1, edgeBytes: kept)
      }
      return MessagePlan(
        kernel: blocks.count > 1 ? "\(fused.kernel), after its weights \(parted(blocks))" : fused.kernel,
        isMaterialised: false, blockCount: blocks.count, edgeBytes: kept + blocks.largestBytes(on: graph))
    }
    if let blocks = graph.blocks(ofAny: self) {
      return MessagePlan(
        kernel: "materialised\(blocks.count > 1 ? " \(parted(blocks))" : ""), then reduced (\(reduction))\(obstacle)",
        isMaterialised: true, blockCount: blocks.count, edgeBytes: blocks.largestBytes(on: graph))
    }
    let rows = Rehearsal { graph.each(self) }.value
    return MessagePlan(
      kernel: "materialised, then reduced (\(reduction))\(obstacle)", isMaterialised: true, blockCount: 1,
      edgeBytes: rows.count * rows.dtype.byteCount)
  }
}
