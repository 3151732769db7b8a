/// A collection of examples that batches can be taken from: the rows of a tensor, labels, an array, sets of different sizes.
public protocol Batchable {
  /// The number of examples.
  var exampleCount: Int { get }

  /// Some of the examples.
  ///
  /// - Parameter indices: Which ones, within `0 ..< exampleCount`.
  /// - Returns: These examples, in that order.
  func examples(_ indices: IndexArray) -> Self
}

extension Tensor: Batchable {
  /// The extent of the first axis.
  public var exampleCount: Int {
    require(rank > 0, "DataLoader: a single number has no examples")
    return shape[0]
  }

  /// The rows that `indices` names.
  public func examples(_ indices: IndexArray) -> Tensor { gatherRows(indices) }
}

extension IndexArray: Batchable {
  /// The number of indices.
  public var exampleCount: Int { count }

  /// The indices at the positions that `indices` names.
  public func examples(_ indices: IndexArray) -> IndexArray { IndexArray(indices.map { self[$0] }) }
}

extension Array: Batchable {
  /// The number of elements.
  public var exampleCount: Int { count }

  /// The elements that `indices` names.
  public func examples(_ indices: IndexArray) -> [Element] { indices.map { self[$0] } }
}
