import AdjointKernels
import Synchronization

/// Where the stored entries of a sparse matrix lie.
///
/// Entries are ordered by row; within a row they keep the order they were given in, and repeated entries stay separate.
/// The order by column, which products with the transpose need, is made at the first use and kept.
public final class SparsePattern: Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  /// The row of every entry, in ascending order.
  public let rows: IndexArray
  /// The column of every entry.
  public let columns: IndexArray
  /// For every entry, its position in the arrays that the pattern was made from.
  public let order: IndexArray

  package let grouping: RowGrouping
  private let transposed = Mutex<RowGrouping?>(nil)
  private let knownShares = Mutex<[DType: Tensor]>([:])
  private let knownValues = Mutex<ValuesByColumn>(ValuesByColumn())

  /// Creates a pattern from coordinates.
  ///
  /// - Parameters:
  ///   - rows: The row of every entry, in any order.
  ///   - columns: The column of every entry.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  /// - Throws: ``SparsePatternError`` for arrays of different lengths, or an entry outside the matrix.
  public convenience init(
    rows: IndexArray, columns: IndexArray, rowCount: Int, columnCount: Int
  ) throws(SparsePatternError) {
    guard rowCount >= 0, columnCount >= 0 else { throw .shape(rows: rowCount, columns: columnCount) }
    guard rows.count == columns.count else { throw .lengthsDiffer(rows: rows.count, columns: columns.count) }
    let (row, column) = (rows.pointer, columns.pointer)
    for entry in 0..<rows.count {
      guard row[entry] >= 0, row[entry] < rowCount else {
        throw .outside(axis: "row", index: Int(row[entry]), entry: entry, limit: rowCount)
      }
      guard column[entry] >= 0, column[entry] < columnCount else {
        throw .outside(axis: "column", index: Int(column[entry]), entry: entry, limit: columnCount)
      }
    }
    self.init(knownRows: rows, columns: columns, origin: nil, rowCount: rowCount, columnCount: columnCount)
  }

  /// A pattern from entries that are known to lie within the matrix.
  ///
  /// - Parameters:
  ///   - rows: The row of every entry, in any order.
  ///   - columns: The column of every entry.
  ///   - origin: What ``order`` says of each of these entries; their positions if nil.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  package init(knownRows rows: IndexArray, columns: IndexArray, origin: IndexArray?, rowCount: Int, columnCount: Int) {
    let byRow = RowGrouping(grouping: rows, into: rowCount)
    (self.rowCount, self.columnCount) = (rowCount, columnCount)
    if let order = byRow.columns {
      self.order = origin.map { $0.gathered(order) } ?? order
      self.rows = rows.gathered(order)
      self.columns = columns.gathered(order)
    } else {
      order = origin ?? IndexArray(0..<rows.count)
      self.rows = rows
      self.columns = columns
    }
    grouping = RowGrouping(rowCount: rowCount, offsets: byRow.offsets, columns: self.columns, order: nil)
  }

  /// The number of entries.
  public var count: Int { rows.count }

  /// The entries by column: the transpose's rows.
  package var transposedGrouping: RowGrouping {
    transposed.withLock { cached in
      if let cached { return cached }
      let byColumn = RowGrouping(grouping: columns, into: columnCount)
      let made = RowGrouping(
        rowCount: columnCount, offsets: byColumn.offsets, columns: byColumn.columns.map { rows.gathered($0) } ?? rows,
        order: byColumn.columns)
      cached = made
      return made
    }
  }

  /// The entries by column, for arrays that hold a number for each of them in this order.
  package var columnsInOrder: RowGrouping {
    let columns = transposedGrouping
    return RowGrouping(rowCount: columnCount, offsets: columns.offsets, columns: columns.columns, order: nil)
  }

  /// 1 / (entries of the row that the entry lies in), for the entries by column. Made at the first use and kept.
  package func shares(dtype: DType) -> Tensor {
    knownShares.withLock { known in
      if let shares = known[dtype] { return shares }
      let shares = grouping.inverseCounts(dtype: dtype).gatherRows(transposedGrouping.columns ?? rows)
      known[dtype] = shares
      return shares
    }
  }

  /// The values of the entries by column, if the same ones were asked for before: then they are worth moving.
  ///
  /// Values that change at every step are read where they are, and are not kept. Those that are kept cannot change in place,
  /// since the pattern shares them.
  package func valuesByColumn(_ values: Tensor) -> Tensor? {
    guard let storage = values.storage, let order = transposedGrouping.order else { return nil }
    return knownValues.withLock { known in
      if let kept = known.kept, kept.values.storage === storage { return kept.moved }
      known.kept = known.last === storage ? (values, values.gatherRows(order)) : nil
      known.last = storage
      return known.kept?.moved
    }
  }

  /// The number of entries in every row.
  public var entriesPerRow: [Int] {
    let offsets = grouping.offsets.pointer
    return (0..<rowCount).map { Int(offsets[$0 + 1] - offsets[$0]) }
  }
}

/// The values that a pattern was last multiplied with as a transpose; if that was more than once, also by column.
private struct ValuesByColumn {
  weak var last: Storage?
  var kept: (values: Tensor, moved: Tensor)?
}

/// What is wrong with the coordinates of a sparse matrix.
public enum SparsePatternError: Error, Equatable, CustomStringConvertible {
  /// A number of rows or columns is negative.
  case shape(rows: Int, columns: Int)
  /// There are not as many rows as columns.
  case lengthsDiffer(rows: Int, columns: Int)
  /// A coordinate is outside the matrix.
  case outside(axis: String, index: Int, entry: Int, limit: Int)

  /// A sentence that names the entry, its value and the limit.
  public var description: String {
    switch self {
    case .shape(let rows, let columns): "SparsePattern: [\(rows), \(columns)] is not a shape"
    case .lengthsDiffer(let rows, let columns):
      "SparsePattern: \(rows) row indices do not match \(columns) column indices"
    case .outside(let axis, let index, let entry, let limit):
      "SparsePattern: \(axis) \(index) of entry \(entry) is outside 0 ..< \(limit)"
    }
  }
}
