/// A table with a vector for every word, node or category: the shallow encoder.
///
///     y[i] = W[indices[i]]             W: [count, features]   y: [indices.count, features]
///
/// Every entity has a vector of its own, count · features numbers in all, and nothing is shared between them. The encoder is
/// therefore transductive: it has nothing to say of an entity that it was not made for, and asking for one throws.
///
/// A step touches the rows in use alone: the gradient has just those (``Gradients/rows(of:)``), and an optimizer changes just
/// those, with what it remembers of them. Rows that are not in use neither decay nor go on along their momentum.
public struct Embedding: Layer {
  /// The vectors W.
  @Parameter public var weight: Variable

  /// Creates a table.
  ///
  /// - Parameters:
  ///   - count: The number of entities.
  ///   - features: The number of features of a vector.
  ///   - initializer: How the vectors start; standard normal if left out.
  ///   - key: The place in the random sequence.
  public init(_ count: Int, _ features: Int, initializer: Initializer = .normal(), key: RandomKey) {
    _weight = Parameter(initializer([count, features], key: key), isTable: true)
  }

  /// The number of entities.
  public var count: Int { $weight.value.shape[0] }

  /// Looks vectors up.
  ///
  /// - Parameters:
  ///   - indices: The numbers of the entities.
  ///   - shape: The shape that the indices are to be seen in, such as `[batch, time]`; one axis if left out.
  /// - Returns: A variable of that shape with the features as last axis.
  /// - Throws: ``UnknownEntityError`` for the first index outside `0 ..< count`.
  public func callAsFunction(_ indices: IndexArray, shape: Shape? = nil) throws(UnknownEntityError) -> Variable {
    let count = count
    if let position = indices.firstIndex(where: { $0 < 0 || $0 >= count }) {
      throw UnknownEntityError(entity: indices[position], position: position, count: count)
    }
    return embedding(weight, indices, shape: shape)
  }
}

/// A table was asked for an entity that it has no vector for.
public struct UnknownEntityError: Error, Equatable, CustomStringConvertible {
  /// The entity that was asked for.
  public let entity: Int
  /// Its position among the indices.
  public let position: Int
  /// The number of entities that there are.
  public let count: Int

  /// What went wrong, in a sentence.
  public var description: String {
    "Embedding: entity \(entity) at position \(position) is outside 0 ..< \(count): a table has vectors for the entities that it "
      + "was made for alone (it is transductive); an encoder that reads features can do without"
  }
}
