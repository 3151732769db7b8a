/// What travels along the edges of a graph: a value for each edge, computed only when it is asked for.
///
///     graph.sum(.source(x))                            // Σ x[source]
///     graph.sum(graph.symmetricWeights * .source(h))   // Σ h[source] / √(d(source) d(target))
///     graph.max(.source(x) - .target(x))               // max x[source] − x[target], no row for each edge
///     graph.sum((.source(x) - .target(x)).map(square)) // materialised, then reduced
///
/// Every message can be materialised, one row for each edge. A message that knows a kernel for a reduction offers it through
/// ``fused(_:on:)``, and then no array with a row for each edge is made. A message type of your own needs ``each(on:)`` alone.
public protocol Message {
  /// The message of every edge: `[edgeCount, ...]`, in the graph's stored order.
  func each(on graph: Graph) -> Variable

  /// A way to reduce the messages at each node without materialising them; nil, the default, if there is none.
  func fused(_ reduction: Reduction, on graph: Graph) -> FusedReduction?

  /// Whether the messages that reach some nodes may be computed without the others, so that ``withMessageBudget(_:_:)`` can bound
  /// their memory. False, the default, for a type of your own that does not say otherwise.
  ///
  /// ``each(on:)`` is then given the same nodes with a part of the edges. What it holds for every edge it reads through
  /// ``Graph/each(_:)``, as `graph.each(.edge(values))`, which picks the rows of that part; degrees and whatever else depends on
  /// other edges have to be computed before.
  var runsInBlocks: Bool { get }
}

/// How the messages that reach a node become one row. A node that no message reaches gets 0 and passes no gradient.
public enum Reduction: String, CaseIterable, Sendable {
  /// Σ m.
  case sum
  /// Σ m / n.
  case mean
  /// The elementwise maximum; ties share the gradient.
  case max
  /// The elementwise minimum; ties share the gradient.
  case min
  /// √(Σ (m − mean)² / n), elementwise; no gradient where it is 0.
  case standardDeviation
}

/// A reduction that a kernel can do without a row for each edge.
public struct FusedReduction {
  /// What runs, in a few words.
  public let kernel: String
  /// The numbers it makes or keeps for each edge; 0 if it needs none.
  public let numbersPerEdge: Int
  /// Runs the kernel: the result has a row for each node.
  public let run: () -> Variable

  /// Describes a reduction.
  ///
  /// - Parameters:
  ///   - kernel: What runs, in a few words.
  ///   - numbersPerEdge: The numbers it makes or keeps for each edge.
  ///   - run: Runs the kernel.
  public init(_ kernel: String, numbersPerEdge: Int = 0, run: @escaping () -> Variable) {
    (self.kernel, self.numbersPerEdge, self.run) = (kernel, numbersPerEdge, run)
  }
}

extension Message {
  /// False: all edges at once.
  public var runsInBlocks: Bool { false }

  /// No kernel: messages are materialised.
  public func fused(_ reduction: Reduction, on graph: Graph) -> FusedReduction? { nil }

  /// Reduces the messages at each node, by a kernel if the message knows one.
  ///
  /// - Parameters:
  ///   - reduction: What becomes of several messages.
  ///   - graph: The graph.
  /// - Returns: `[nodeCount, ...]`.
  public func reduced(by reduction: Reduction, on graph: Graph) -> Variable {
    func reduced(_ message: some Message) -> Variable {
      let fused = ExecutionSettings.current.materialisesMessages ? nil : message.fused(reduction, on: graph)
      return fused?.run() ?? graph.reducing(message) { reduction($0, to: $1, count: $2) }
    }
    return reduced(withFactor(for: [reduction], on: graph))
  }

  /// The message with what it takes to choose a kernel made once, for all reductions of it.
  fileprivate func withFactor(for reductions: [Reduction], on graph: Graph) -> any Message {
    guard !ExecutionSettings.current.materialisesMessages, let scaled = self as? any ScaledMessage else { return self }
    return scaled.withFactor(for: reductions, on: graph)
  }
}

extension Reduction {
  /// Reduces materialised messages.
  ///
  /// - Parameters:
  ///   - messages: `[edgeCount, ...]`, in the graph's stored order.
  ///   - graph: The graph.
  /// - Returns: `[nodeCount, ...]`.
  public func callAsFunction(_ messages: Variable, on graph: Graph) -> Variable {
    graph.requireEdgeValues(messages, "\(self)")
    return self(messages, to: graph.targets, count: graph.nodeCount)
  }

  func callAsFunction(_ messages: Variable, to targets: IndexArray, count: Int) -> Variable {
    switch self {
    case .sum: messages.scatterSum(to: targets, count: count)
    case .mean: messages.scatterMean(to: targets, count: count)
    case .max: messages.scatterMax(to: targets, count: count)
    case .min: messages.scatterMin(to: targets, count: count)
    case .standardDeviation: messages.scatterStandardDeviation(to: targets, count: count)
    }
  }
}

extension Graph {
  /// The sum of the messages that reach each node; 0 where none arrives.
  public func sum(_ message: some Message) -> Variable { message.reduced(by: .sum, on: self) }

  /// The mean of the messages that reach each node; 0 where none arrives.
  public func mean(_ message: some Message) -> Variable { message.reduced(by: .mean, on: self) }

  /// The elementwise maximum of the messages that reach each node; 0 where none arrives.
  public func max(_ message: some Message) -> Variable { message.reduced(by: .max, on: self) }

  /// The elementwise minimum of the messages that reach each node; 0 where none arrives.
  public func min(_ message: some Message) -> Variable { message.reduced(by: .min, on: self) }

  /// The elementwise standard deviation of the messages that reach each node; 0 where fewer than two arrive.
  public func standardDeviation(_ message: some Message) -> Variable {
    message.reduced(by: .standardDeviation, on: self)
  }

  /// Several reductions of the same messages, side by side along the last axis.
  ///
  /// - Parameters:
  ///   - message: The messages, `[edgeCount, ..., D]`.
  ///   - reductions: One or more reductions.
  /// - Returns: `[nodeCount, ..., D · reductions.count]`.
  public func reduce(_ message: some Message, by reductions: [Reduction]) -> Variable {
    require(!reductions.isEmpty, "reduce: there is no reduction to reduce by")
    func reduced(_ message: some Message) -> Variable {
      let fused =
        ExecutionSettings.current.materialisesMessages ? [] : reductions.compactMap { message.fused($0, on: self) }
      if fused.count == reductions.count { return concatenate(fused.map { $0.run() }) }
      return reducing(message) { messages, targets, count in
        concatenate(reductions.map { $0(messages, to: targets, count: count) })
      }
    }
    return reduced(message.withFactor(for: reductions, on: self))
  }

  /// A sum in which the messages that reach a node weigh each other, separately for every column.
  ///
  ///     y[i] = Σ softmax(β m)[e] ⊙ m[e]          over the edges e that reach i
  ///
  /// From the mean at β = 0 it goes to the maximum as β grows.
  ///
  /// Source: Li, Xiong, Thabet & Ghanem, *DeeperGCN: All You Need to Train Deeper GCNs*, arXiv:2006.07739, definition 3.
  ///
  /// - Parameters:
  ///   - message: The messages.
  ///   - inverseTemperature: β, a number that may be trained.
  /// - Returns: `[nodeCount, ...]`.
  public func softmaxSum(_ message: some Message, inverseTemperature: Variable = 1) -> Variable {
    reducing(message) { messages, targets, count in
      let weights = (inverseTemperature * messages).segmentSoftmax(over: targets, count: count)
      return (weights * messages).scatterSum(to: targets, count: count)
    }
  }

  /// The softmax of edge values over the edges that reach each node, separately for every column.
  ///
  /// - Parameter values: `[edgeCount, ...]`, in the stored order.
  /// - Returns: A variable of the same shape.
  public func softmax(_ values: Variable) -> Variable {
    requireEdgeValues(values, "softmax")
    return values.segmentSoftmax(over: targets, count: nodeCount)
  }

  /// The softmax of messages over the edges that reach each node.
  public func softmax(_ message: some Message) -> Variable { each(AdjointGraphs.softmax(message)) }
}
