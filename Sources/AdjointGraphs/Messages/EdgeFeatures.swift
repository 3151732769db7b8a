/// A value of its own for every edge.
public struct EdgeFeatures: Message {
  let features: Variable

  /// The features as they are.
  public func each(on graph: Graph) -> Variable {
    if graph.block == nil { graph.requireEdgeValues(features, "edge") }
    return graph.ownRows(of: features)
  }

  /// True.
  public var runsInBlocks: Bool { true }
}

/// The same value for every edge.
public struct ConstantMessage: Message {
  let value: Variable

  /// The value, once for every edge.
  public func each(on graph: Graph) -> Variable { value.broadcast(to: Shape([graph.edgeCount] + Array(value.shape))) }

  /// True.
  public var runsInBlocks: Bool { true }

  /// Every node gets the value, scaled by its in-degree in a sum.
  public func fused(_ reduction: Reduction, on graph: Graph) -> FusedReduction? {
    let rows = value.broadcast(to: Shape([graph.nodeCount] + Array(value.shape)))
    return Endpoint(features: rows, end: .target).fused(reduction, on: graph)
  }
}

extension Message where Self == EdgeFeatures {
  /// The features of the edge itself.
  ///
  /// - Parameter features: `[edgeCount, ...]`, in the graph's stored order.
  /// - Returns: The message.
  public static func edge(_ features: Variable) -> EdgeFeatures { EdgeFeatures(features: features) }
}

extension Message where Self == ConstantMessage {
  /// The same value for every edge.
  ///
  /// - Parameter value: A variable of any shape.
  /// - Returns: The message.
  public static func constant(_ value: Variable) -> ConstantMessage { ConstantMessage(value: value) }
}
