/// A split of edges for predicting links: what messages may run along, and what is asked, kept apart.
///
///     let split = try LinkSplit(graph, validation: 0.05, test: 0.1, key: key)
///     let z = model(x, on: split.train.messages)
///     let scores = dotProduct(z, split.train.positives)
///
/// Messages of the training run along training edges, those of the validation along training edges, those of the test along
/// training and validation edges. Negatives are pairs without an edge in the whole graph, in either direction if it is undirected,
/// and no pair is asked for twice. ``verify(_:of:)`` checks all that again in another way.
public struct LinkSplit: Sendable {
  /// One stage: training, validation or test.
  public struct Stage: Sendable {
    /// The graph that messages may run along, with all nodes.
    public let messages: Graph
    /// Pairs with an edge, that the model is asked for. In an undirected split each pair is named once.
    public let positives: NodePairs
    /// Pairs without one.
    public let negatives: NodePairs

    /// A stage that is given.
    ///
    /// - Parameters:
    ///   - messages: The graph that messages may run along.
    ///   - positives: Pairs with an edge.
    ///   - negatives: Pairs without one.
    public init(messages: Graph, positives: NodePairs, negatives: NodePairs) {
      (self.messages, self.positives, self.negatives) = (messages, positives, negatives)
    }

    /// The positives, then the negatives.
    public var pairs: NodePairs { positives + negatives }

    /// 1 for each positive, then 0 for each negative.
    ///
    /// - Parameter dtype: The element type.
    /// - Returns: `[pairs]`.
    public func labels(dtype: DType = .default) -> Tensor {
      concatenate(
        [Tensor(ones: [positives.count], dtype: dtype), Tensor(zeros: [negatives.count], dtype: dtype)], along: 0)
    }
  }

  /// To train on.
  public let train: Stage
  /// To choose a model by.
  public let validation: Stage
  /// To report on.
  public let test: Stage

  /// A split that is given.
  ///
  /// - Parameters:
  ///   - train: To train on.
  ///   - validation: To choose a model by.
  ///   - test: To report on.
  public init(train: Stage, validation: Stage, test: Stage) {
    (self.train, self.validation, self.test) = (train, validation, test)
  }

  /// Splits the edges of a graph at random.
  ///
  /// Repeated edges count once and self-loops are left out. The two directions of an edge, where both are
  /// there, stay together.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - validation: The fraction of the edges for validation.
  ///   - test: The fraction for the test; the rest is for training. Counts are rounded down.
  ///   - heldBack: The fraction of the training edges that are only asked for; messages run along the others. With 0, all training
  ///     edges are both, which is usual.
  ///   - negativesPerPositive: How many negatives each stage has for a positive.
  ///   - key: The place in the random sequence.
  /// - Throws: ``NegativeSamplingError`` if the graph has fewer pairs without an edge than negatives are wanted.
  /// - Complexity: O(N + E log E).
  public init(
    _ graph: Graph, validation: Double = 0.05, test: Double = 0.1, heldBack: Double = 0,
    negativesPerPositive: Int = 1, key: RandomKey
  ) throws(NegativeSamplingError) {
    require(
      validation >= 0 && test >= 0 && validation + test <= 1,
      "LinkSplit: fractions \(validation) and \(test); they must not be negative or exceed 1 together")
    require((0...1).contains(heldBack), "LinkSplit: the fraction \(heldBack) held back is outside 0 ... 1")
    require(
      negativesPerPositive >= 0,
      "LinkSplit: \(negativesPerPositive) negatives for each positive; there cannot be fewer than 0")
    let simple = graph.removingSelfLoops().coalesced().graph
    let isUndirected = simple.isUndirected
    // Both directions of an edge belong to one pair, and go to one part.
    let pairOfEdge = Graph(
      nodeCount: simple.nodeCount, sources: simple.ends(Swift.min), targets: simple.ends(Swift.max))
    let merged = pairOfEdge.coalesced(), pairCount = merged.graph.edgeCount
    let (forValidation, forTest) = (pairCount.part(validation), pairCount.part(test))
    let forTraining = pairCount - forValidation - forTest
    let held = forTraining.part(heldBack)
    var parts = [Part](repeating: .training, count: pairCount)
    for (place, pair) in key.stream(0).permutation(pairCount).enumerated() {
      parts[pair] =
        place < forTest
        ? .test
        : place < forTest + forValidation ? .validation : place < forTest + forValidation + held ? .held : .training
    }
    var partOfEdge = [Part](repeating: .training, count: simple.edgeCount)
    for (place, edge) in pairOfEdge.edgeOrder.enumerated() { partOfEdge[edge] = parts[merged.edges[place]] }
    func pairs(_ wanted: Set<Part>) -> NodePairs {
      return NodePairs(sources: simple.sources, targets: simple.targets).gathered(
        IndexArray(
          (0..<simple.edgeCount).filter {
            wanted.contains(partOfEdge[$0]) && (!isUndirected || simple.sources[$0] < simple.targets[$0])
          }))
    }
    let asked = pairs(heldBack == 0 ? [.training] : [.held])
    let (validationPairs, testPairs) = (pairs([.validation]), pairs([.test]))
    func joined(_ pairs: NodePairs) -> Graph {
      Graph(
        nodeCount: simple.nodeCount,
        sources: isUndirected ? .joined([pairs.sources, pairs.targets]) : pairs.sources,
        targets: isUndirected ? .joined([pairs.targets, pairs.sources]) : pairs.targets)
    }
    // All negatives are drawn at once, so that no pair is in two stages.
    let nonEdges = Graph.NonEdges(of: graph, isUndirected: isUndirected)
    let counts = [asked, validationPairs, testPairs].map { $0.count * negativesPerPositive }
    let negatives = try nonEdges.sample(counts.reduce(0, +), key: key.stream(1))
    func part(_ start: Int, _ count: Int) -> NodePairs { negatives.gathered(IndexArray(start..<(start + count))) }
    train = Stage(messages: joined(pairs([.training])), positives: asked, negatives: part(0, counts[0]))
    self.validation = Stage(
      messages: joined(pairs([.training, .held])), positives: validationPairs, negatives: part(counts[0], counts[1]))
    self.test = Stage(
      messages: joined(pairs([.training, .held, .validation])), positives: testPairs,
      negatives: part(counts[0] + counts[1], counts[2]))
  }

  private enum Part { case training, held, validation, test }
}

extension Graph {
  /// One of the two ends of every edge.
  fileprivate func ends(_ choose: (Int32, Int32) -> Int32) -> IndexArray {
    let (source, target) = (sources.pointer, targets.pointer)
    return IndexArray(count: edgeCount) { result in
      for edge in 0..<edgeCount { result[edge] = choose(source[edge], target[edge]) }
    }
  }
}
