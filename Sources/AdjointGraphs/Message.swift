/// What travels along the edges of a graph: a value for each edge, computed only when it is asked for.
///
///     graph.sum(.source(x))                            // Σ x[source]
///     graph.sum(graph.symmetricWeights * .source(h))   // Σ h[source] / √(d d′)
///     graph.max(.source(x) - .target(x))               // materialised, then reduced
///
/// Every message can be materialised, one row for each edge. A message that knows a kernel for a reduction overrides it, and
/// then no array with a row for each edge is made. A message type of your own needs ``each(on:)`` alone.
public protocol Message {
  /// The message of every edge: `[edgeCount, ...]`, in the graph's stored order.
  func each(on graph: Graph) -> Variable

  /// The sum of the messages that reach each node: `[nodeCount, ...]`.
  func sum(on graph: Graph) -> Variable

  /// Their mean; 0 where none arrives.
  func mean(on graph: Graph) -> Variable

  /// Their elementwise maximum; 0 where none arrives.
  func max(on graph: Graph) -> Variable

  /// Their elementwise minimum; 0 where none arrives.
  func min(on graph: Graph) -> Variable
}

extension Message {
  /// Sums the materialised messages.
  public func sum(on graph: Graph) -> Variable {
    checkedEach(on: graph).scatterSum(to: graph.targets, count: graph.nodeCount)
  }

  /// Averages the materialised messages.
  public func mean(on graph: Graph) -> Variable {
    checkedEach(on: graph).scatterMean(to: graph.targets, count: graph.nodeCount)
  }

  /// Takes the maximum of the materialised messages.
  public func max(on graph: Graph) -> Variable {
    checkedEach(on: graph).scatterMax(to: graph.targets, count: graph.nodeCount)
  }

  /// Takes the minimum of the materialised messages.
  public func min(on graph: Graph) -> Variable {
    checkedEach(on: graph).scatterMin(to: graph.targets, count: graph.nodeCount)
  }

  fileprivate func checkedEach(on graph: Graph) -> Variable {
    let values = each(on: graph)
    graph.requireEdgeValues(values, "Message")
    return values
  }
}

extension Graph {
  /// The sum of the messages that reach each node; 0 where none arrives.
  public func sum(_ message: some Message) -> Variable { message.sum(on: self) }

  /// The mean of the messages that reach each node; 0 where none arrives.
  public func mean(_ message: some Message) -> Variable { message.mean(on: self) }

  /// The elementwise maximum of the messages that reach each node; 0 where none arrives.
  public func max(_ message: some Message) -> Variable { message.max(on: self) }

  /// The elementwise minimum of the messages that reach each node; 0 where none arrives.
  public func min(_ message: some Message) -> Variable { message.min(on: self) }

  /// The message of every edge: `[edgeCount, ...]`, in the stored order.
  public func each(_ message: some Message) -> Variable { message.checkedEach(on: self) }

  /// The softmax of edge values over the edges that reach each node, separately for every column.
  ///
  /// - Parameter values: `[edgeCount, ...]`, in the stored order.
  /// - Returns: A variable of the same shape.
  public func softmax(_ values: Variable) -> Variable {
    requireEdgeValues(values, "softmax")
    return values.segmentSoftmax(over: targets, count: nodeCount)
  }

  /// The softmax of messages over the edges that reach each node.
  public func softmax(_ message: some Message) -> Variable { softmax(each(message)) }
}
