/// Sets of rows of different sizes, one after another in one tensor.
///
///     let sets = RaggedRows([[[1], [2]], [[3]]])
///     sets.values           // [[1], [2], [3]]
///     sets.segments         // [0, 0, 1]: the set of every row, for scatterSum and its like
public struct RaggedRows: Sendable, Batchable {
  /// The rows of all sets: `[total, ...]`.
  public let values: Tensor
  /// Set i has the rows `offsets[i] ..< offsets[i + 1]`.
  public let offsets: [Int]
  /// The set of every row.
  public let segments: IndexArray

  /// Creates sets from rows that lie one after another.
  ///
  /// - Parameters:
  ///   - values: `[total, ...]`.
  ///   - lengths: The number of rows of every set, 0 included; their sum must be the number of rows.
  public init(values: Tensor, lengths: [Int]) {
    require(values.rank > 0, "RaggedRows: a single number has no rows")
    var offsets = [0]
    for (i, length) in lengths.enumerated() {
      require(length >= 0, "RaggedRows: set \(i) has the length \(length)")
      offsets.append(offsets[i] + length)
    }
    require(
      offsets[lengths.count] == values.shape[0],
      "RaggedRows: sets of \(offsets[lengths.count]) rows in total do not fit shape \(values.shape)")
    (self.values, self.offsets) = (values, offsets)
    segments = IndexArray(lengths.enumerated().flatMap { repeatElement($0.offset, count: $0.element) })
  }

  /// Creates sets.
  ///
  /// - Parameter sets: At least one set, `[rows, ...]` each; all extents but the first must agree.
  public init(_ sets: [Tensor]) {
    self.init(values: concatenate(sets, along: 0), lengths: sets.map { $0.shape[0] })
  }

  /// The number of sets.
  public var exampleCount: Int { offsets.count - 1 }

  /// The rows of one set; they share memory with all rows.
  public subscript(set: Int) -> Tensor {
    require(set >= 0 && set < exampleCount, "RaggedRows: set \(set) is outside 0 ..< \(exampleCount)")
    return values.rows(offsets[set]..<offsets[set + 1])
  }

  /// The sets that `indices` names.
  public func examples(_ indices: IndexArray) -> RaggedRows {
    let ranges = indices.map { set in
      require(set >= 0 && set < exampleCount, "RaggedRows: set \(set) is outside 0 ..< \(exampleCount)")
      return offsets[set]..<offsets[set + 1]
    }
    return RaggedRows(values: values.gatherRows(IndexArray(ranges.flatMap { $0 })), lengths: ranges.map(\.count))
  }
}
