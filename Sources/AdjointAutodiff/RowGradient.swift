/// A gradient that is 0 but for some rows: that of a table from which rows were gathered.
///
/// A table of a million words has a gradient in the few that a sentence uses. Its other rows are never made unless someone
/// asks for the whole gradient.
public struct RowGradient: Sendable {
  /// The rows, in ascending order, each once.
  public let rows: IndexArray
  /// Their gradients, `[rows.count, ...]`.
  public let values: Tensor

  /// The sum of gradients of gathered rows, of which there is at least one.
  init(_ parts: [(rows: IndexArray, values: Tensor)]) {
    let all = parts.flatMap { UnsafeBufferPointer(start: $0.rows.pointer, count: $0.rows.count) }
    var unique: [Int32] = []
    for row in all.sorted() where row != unique.last { unique.append(row) }
    var places: [Int32: Int32] = [:]
    for (place, row) in unique.enumerated() { places[row] = Int32(place) }
    let segments = IndexArray(count: all.count) { result in
      for (i, row) in all.enumerated() { result[i] = places[row] ?? 0 }
    }
    rows = IndexArray(count: unique.count) { result in
      for (i, row) in unique.enumerated() { result[i] = row }
    }
    let gathered = parts.count == 1 ? parts[0].values : concatenate(parts.map(\.values), along: 0)
    values = gathered.summed(over: segments.grouped(into: unique.count, operation: "gatherRows"))
  }
}

/// What reached a leaf from which rows were gathered.
struct GatheredGradient {
  /// The number of rows of the whole; the tape may have ended when someone asks for it.
  let rowCount: Int
  /// Rows and their values; all of them where the rows are nil.
  var parts: [(rows: IndexArray?, values: Tensor)] = []
  /// Whether the parts have been added to the whole gradient, and whether there was nothing else in it.
  var isAdded = false, isAlone = false
}
