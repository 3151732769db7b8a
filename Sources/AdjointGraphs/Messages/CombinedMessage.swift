/// Two messages combined for every edge.
public struct CombinedMessage<First: Message, Second: Message>: Message {
  let first: First, second: Second
  let combine: (Variable, Variable) -> Variable

  /// Combines the materialised messages. Where one has fewer axes, its numbers apply to all that the other has for the edge.
  public func each(on graph: Graph) -> Variable {
    let (a, b) = (graph.each(first), graph.each(second))
    return combine(a.widened(to: b.rank), b.widened(to: a.rank))
  }

  /// Whether those of both may.
  public var runsInBlocks: Bool { first.runsInBlocks && second.runsInBlocks }
}

/// A message scaled by a number for each edge, or by one for all.
public struct WeightedMessage<Scaled: Message>: Message {
  let weights: EdgeWeights
  let message: Scaled

  /// Scales the materialised messages.
  public func each(on graph: Graph) -> Variable {
    let rows = graph.each(message)
    return weights.checked(rows, graph).widened(to: rows.rank) * rows
  }

  /// Whether those of the message may.
  public var runsInBlocks: Bool { message.runsInBlocks }

  /// One number for all edges scales features, or a sum or mean of other messages.
  public func fused(_ reduction: Reduction, on graph: Graph) -> FusedReduction? {
    guard let factor = weights.number else { return nil }
    if let endpoint = message as? Endpoint { return endpoint.scaled(by: factor).fused(reduction, on: graph) }
    guard reduction == .sum || reduction == .mean, factor.item().isFinite,
      let known = message.fused(reduction, on: graph)
    else { return nil }
    return FusedReduction("\(known.kernel), times a number", numbersPerEdge: known.numbersPerEdge) {
      multiplyOrZero(known.run(), factor)
    }
  }
}

extension WeightedMessage: ScaledMessage {
  private var scaled: (any ScaledMessage)? { weights.number.flatMap { _ in message as? any ScaledMessage } }

  func factorBlocks(_ reduction: Reduction, on graph: Graph) -> EdgeBlocks? {
    scaled?.factorBlocks(reduction, on: graph)
  }

  func withFactor(for reductions: [Reduction], on graph: Graph) -> any Message {
    func weighted(_ message: some Message) -> any Message { weights * message }
    return scaled.map { weighted($0.withFactor(for: reductions, on: graph)) } ?? self
  }

  func obstacle(_ reduction: Reduction, on graph: Graph) -> String? {
    reduction == .sum || reduction == .mean ? scaled?.obstacle(reduction, on: graph) : nil
  }
}

/// A function of the materialised messages.
public struct MappedMessage<Base: Message>: Message {
  let base: Base
  let function: (Variable) -> Variable

  /// Applies the function to the materialised messages.
  public func each(on graph: Graph) -> Variable {
    let messages = graph.each(base), mapped = function(messages)
    require(
      graph.block != nil || mapped.rank >= 1 && mapped.shape[0] == graph.edgeCount,
      "map: a function of messages of shape \(messages.shape) yields \(mapped.shape); it has to yield a row for each of "
        + "\(graph.edgeCount) edges")
    return mapped
  }

  /// Whether those of the base may.
  public var runsInBlocks: Bool { base.runsInBlocks }
}

extension Message {
  /// Any function of the messages, row by row: `(.source(x) - .target(x)).map { mlp($0) }`.
  ///
  /// - Parameter function: Takes a row for each edge and yields as many. It may run on a part of the edges at a time, and
  ///   again in the reverse sweep (``withMessageBudget(_:_:)``): what a row becomes depends on that row alone.
  /// - Returns: The message.
  public func map(_ function: @escaping (Variable) -> Variable) -> MappedMessage<Self> {
    MappedMessage(base: self, function: function)
  }

  /// Any function of the messages and those of another, row by row.
  ///
  /// - Parameters:
  ///   - other: The other messages.
  ///   - function: Takes a row of both for each edge and yields as many, as the function of ``map(_:)`` does.
  /// - Returns: The message.
  public func combined<Other: Message>(
    with other: Other, _ function: @escaping (Variable, Variable) -> Variable
  ) -> CombinedMessage<Self, Other> {
    CombinedMessage(first: self, second: other, combine: function)
  }
}

/// Scales a message by a number for each edge.
public func * <Scaled: Message>(weights: EdgeWeights, message: Scaled) -> WeightedMessage<Scaled> {
  WeightedMessage(weights: weights, message: message)
}

/// Scales a message by a number for each edge, or by one for all.
@_disfavoredOverload  // A literal such as 2 means a Double.
public func * <Scaled: Message>(weights: Variable, message: Scaled) -> WeightedMessage<Scaled> {
  EdgeWeights(weights) * message
}

/// Multiplies two messages for every edge.
public func * <First: Message, Second: Message>(a: First, b: Second) -> CombinedMessage<First, Second> {
  CombinedMessage(first: a, second: b, combine: *)
}

/// Divides two messages for every edge.
public func / <First: Message, Second: Message>(a: First, b: Second) -> CombinedMessage<First, Second> {
  CombinedMessage(first: a, second: b, combine: /)
}

/// Adds two messages for every edge.
public func + <First: Message, Second: Message>(a: First, b: Second) -> CombinedMessage<First, Second> {
  CombinedMessage(first: a, second: b, combine: +)
}

/// Subtracts two messages for every edge.
public func - <First: Message, Second: Message>(a: First, b: Second) -> CombinedMessage<First, Second> {
  CombinedMessage(first: a, second: b, combine: -)
}

/// Scales a message by a number.
public func * <Scaled: Message>(factor: Double, message: Scaled) -> WeightedMessage<Scaled> {
  EdgeWeights(Variable(factor)) * message
}

/// Divides a message by a number: the message times 1 / divisor.
public func / <Scaled: Message>(message: Scaled, divisor: Double) -> WeightedMessage<Scaled> { 1 / divisor * message }

/// The message with the other sign.
public prefix func - <Scaled: Message>(message: Scaled) -> WeightedMessage<Scaled> { -1.0 * message }

/// Joins the features of messages side by side, along the last axis.
///
/// - Parameters:
///   - a: A message.
///   - b: Another one, of the same shape but for the last axis.
/// - Returns: The message.
public func concatenate<First: Message, Second: Message>(_ a: First, _ b: Second) -> CombinedMessage<First, Second> {
  CombinedMessage(first: a, second: b) { AdjointAutodiff.concatenate($0, $1) }
}
