/// What a reduction of messages will do, and what it allocates.
public struct MessagePlan: Equatable, CustomStringConvertible {
  /// What runs.
  public let kernel: String
  /// Whether the messages are materialised, a row for each edge.
  public let isMaterialised: Bool
  /// The bytes of the arrays that have a row for each edge.
  public let edgeBytes: Int

  /// One line.
  public var description: String { "\(kernel); \(edgeBytes) bytes for the edges" }
}

extension Message {
  /// Says which kernel a reduction runs and what it allocates for the edges.
  ///
  /// A message without a kernel is materialised once to find its size; nothing is recorded.
  ///
  /// - Parameters:
  ///   - reduction: The reduction.
  ///   - graph: The graph.
  /// - Returns: The plan.
  public func explain(_ reduction: Reduction, on graph: Graph) -> MessagePlan {
    if let fused = fused(reduction, on: graph) {
      let result = fused.run().dtype
      return MessagePlan(
        kernel: fused.kernel, isMaterialised: false,
        edgeBytes: graph.edgeCount * fused.numbersPerEdge * result.byteCount)
    }
    let rows = graph.each(self).value
    return MessagePlan(
      kernel: "materialised, then reduced (\(reduction))", isMaterialised: true,
      edgeBytes: rows.count * rows.dtype.byteCount)
  }
}
