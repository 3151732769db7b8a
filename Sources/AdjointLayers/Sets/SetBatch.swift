/// Sets of different sizes, their elements as rows under one another.
///
///     let batch = SetBatch([[[1, 2]], [[3, 4], [5, 6], [7, 8]]])      // a set of one element and a set of three
///     SetAggregation.sum(batch)                                        // [[1, 2], [15, 18]]
///
/// Elements of a set lie together, in an order that has no meaning. Sets may be empty. A set is a graph without edges:
/// layers for graphs apply to its elements one by one.
public struct SetBatch {
  /// The elements, `[E, features]`.
  public var elements: Variable
  /// The set of every element, in ascending order.
  public let setOfElement: IndexArray
  /// The number of sets.
  public let count: Int

  /// Creates a batch from sets.
  ///
  /// - Parameter sets: The elements of every set, `[n, features]` with equal features; at least one set.
  public init(_ sets: [Tensor]) {
    require(!sets.isEmpty, "SetBatch: there are no sets")
    for (number, set) in sets.enumerated() {
      require(
        set.rank == 2 && set.shape[1] == sets[0].shape[1],
        "SetBatch: set \(number) has shape \(set.shape), the first one \(sets[0].shape)")
    }
    self.init(Variable(concatenate(sets, along: 0)), sizes: sets.map { $0.shape[0] })
  }

  /// Creates a batch from elements that lie set by set.
  ///
  /// - Parameters:
  ///   - elements: `[E, features]`.
  ///   - sizes: The number of elements of every set; they add up to E, or the program stops.
  public init(_ elements: Variable, sizes: [Int]) {
    require(
      elements.rank == 2 && sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) == elements.shape[0],
      "SetBatch: sizes \(sizes) do not add up to the rows of shape \(elements.shape)")
    self.init(
      elements, setOfElement: IndexArray(sizes.enumerated().flatMap { repeatElement($0.offset, count: $0.element) }),
      count: sizes.count)
  }

  private init(_ elements: Variable, setOfElement: IndexArray, count: Int) {
    (self.elements, self.setOfElement, self.count) = (elements, setOfElement, count)
  }

  /// The same sets with other features of their elements.
  ///
  /// - Parameter function: Turns `[E, features]` into rows that belong to the same elements.
  /// - Returns: The batch.
  public func map(_ function: (Variable) -> Variable) -> SetBatch {
    let mapped = function(elements)
    require(
      mapped.rank >= 1 && mapped.shape[0] == elements.shape[0],
      "SetBatch: \(elements.shape[0]) elements became \(mapped.shape)")
    return SetBatch(mapped, setOfElement: setOfElement, count: count)
  }
}

/// How the elements of a set become one row, whatever their order.
public enum SetAggregation: Sendable, CaseIterable {
  /// The sum, which alone of the three knows how often an element occurs.
  case sum
  /// The mean, 0 for an empty set.
  case mean
  /// The largest of every feature, 0 for an empty set. Ties share the gradient equally.
  case max

  /// Aggregates every set.
  ///
  /// - Parameter batch: Sets.
  /// - Returns: `[count, features]`.
  public func callAsFunction(_ batch: SetBatch) -> Variable {
    switch self {
    case .sum: batch.elements.scatterSum(to: batch.setOfElement, count: batch.count)
    case .mean: batch.elements.scatterMean(to: batch.setOfElement, count: batch.count)
    case .max: batch.elements.scatterMax(to: batch.setOfElement, count: batch.count)
    }
  }
}
