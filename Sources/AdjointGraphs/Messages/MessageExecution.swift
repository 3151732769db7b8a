/// Runs `body` with every message materialised, a row for each edge, before it is reduced: what a fused layer is compared with.
///
///     let plain = withMaterialisedMessages { layer(x, on: graph) }
///
/// - Parameter body: The code to run.
/// - Returns: What `body` returns.
public func withMaterialisedMessages<Result>(_ body: () throws -> Result) rethrows -> Result {
  try ExecutionSettings.with({ $0.materialisesMessages = true }, body)
}

/// Runs `body` with another bound for arrays that have a row for each edge; outside, it is 1 GiB.
///
///     let loss = withMessageBudget(256 << 20) { model(x, on: graph).sum() }
///
/// Messages that no kernel reduces are materialised. Where an array of them would be larger than the budget, the edges are done
/// in blocks: those that reach some of the nodes, then those that reach the next ones. Of a block nothing is kept but the rows
/// of its nodes, and the reverse sweep computes its messages again, so that memory stays O(N · F + block). Values have the
/// same bits as without blocks, and so have gradients that flow through the ends of edges and their features. Only gradients
/// that are sums over all edges, such as those of a perceptron's weights inside ``Message/map(_:)``, may differ by rounding.
/// A sweep that is recorded, for gradients of gradients, keeps the messages of all edges.
///
/// The budget bounds each array of messages; a function in a message makes some more, in proportion. The edges of one node are
/// never parted: if they alone exceed the budget, they make a block.
///
/// - Parameters:
///   - bytes: The budget, above 0.
///   - body: The code to run.
/// - Returns: What `body` returns.
public func withMessageBudget<Result>(_ bytes: Int, _ body: () throws -> Result) rethrows -> Result {
  require(bytes > 0, "withMessageBudget: a budget of \(bytes) bytes; it has to be above 0")
  return try ExecutionSettings.with({ $0.messageBudget = bytes }, body)
}
