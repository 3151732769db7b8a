import Synchronization

/// How the entries of two sparse matrices meet in their product: made once, used for any values that they hold.
///
/// Every pair of an entry (r, k) of the left matrix and an entry (k, c) of the right one adds to the entry (r, c) of the product.
/// The product stores one entry for each place that a pair reaches, in ascending order of its columns within a row, even if the
/// values cancel.
///
/// - SeeAlso: F. G. Gustavson, *Two fast algorithms for sparse matrices: multiplication and permuted transposition*, ACM
///   Transactions on Mathematical Software 4(3), 1978.
public final class SparseProduct: Sendable {
  /// Whose values a number in a sum over pairs belongs to.
  package enum Role: Int, Sendable { case left, right, product }

  /// The pattern of the left matrix.
  public let left: SparsePattern
  /// The pattern of the right matrix.
  public let right: SparsePattern
  /// Where the product's entries lie.
  public let pattern: SparsePattern

  /// For every pair, its entries in the two matrices and in the product.
  private let entries: [IndexArray]
  private let groupings = Mutex<[Int: RowGrouping]>([:])

  /// Finds the pairs of two patterns.
  ///
  /// - Parameters:
  ///   - left: `[R, K]`.
  ///   - right: `[K, C]`; another number of rows stops the program.
  /// - Complexity: O(pairs) time, and sorting the columns of every row of the product; keeps three indices for each pair.
  public init(_ left: SparsePattern, _ right: SparsePattern) {
    require(
      left.columnCount == right.rowCount,
      "SparseProduct: inner extents differ: sparse [\(left.rowCount), \(left.columnCount)] × sparse "
        + "[\(right.rowCount), \(right.columnCount)]")
    let middle = left.columns.pointer, columns = right.columns.pointer
    let leftOffsets = left.grouping.offsets.pointer, rightOffsets = right.grouping.offsets.pointer
    let pairCount = (0..<left.count).reduce(0) { total, entry in
      total + Int(rightOffsets[Int(middle[entry]) + 1] - rightOffsets[Int(middle[entry])])
    }
    require(pairCount < Int(Int32.max), "SparseProduct: \(pairCount) pairs of entries exceed 32 bits")
    var ofLeft: [Int] = [], ofRight: [Int] = [], ofProduct: [Int] = [], productRows: [Int] = [],
      productColumns: [Int] = []
    ofLeft.reserveCapacity(pairCount)
    ofRight.reserveCapacity(pairCount)
    ofProduct.reserveCapacity(pairCount)
    var place = [Int](repeating: -1, count: right.columnCount)
    for row in 0..<left.rowCount {
      let firstPair = ofLeft.count
      var found: [Int] = []
      for e in Int(leftOffsets[row])..<Int(leftOffsets[row + 1]) {
        let k = Int(middle[e])
        for f in Int(rightOffsets[k])..<Int(rightOffsets[k + 1]) {
          let column = Int(columns[f])
          if place[column] < 0 {
            place[column] = 0
            found.append(column)
          }
          ofLeft.append(e)
          ofRight.append(f)
        }
      }
      found.sort()
      for column in found {
        place[column] = productColumns.count
        productRows.append(row)
        productColumns.append(column)
      }
      for pair in firstPair..<ofLeft.count { ofProduct.append(place[Int(columns[ofRight[pair]])]) }
      for column in found { place[column] = -1 }
    }
    (self.left, self.right) = (left, right)
    entries = [IndexArray(ofLeft), IndexArray(ofRight), IndexArray(ofProduct)]
    do {
      pattern = try SparsePattern(
        rows: IndexArray(productRows), columns: IndexArray(productColumns), rowCount: left.rowCount,
        columnCount: right.columnCount)
    } catch {
      stop("\(error)")
    }
  }

  /// For every entry of `role`, the sum of the products of the values of the other two roles over its pairs, in order.
  package func sums(for role: Role, of a: Tensor, _ first: Role, _ b: Tensor, _ second: Role) -> Tensor {
    b.viewed(as: [b.count, 1]).summed(over: grouping(role, first, second), values: a).viewed(as: [count(of: role)])
  }

  /// The number of entries of a role.
  private func count(of role: Role) -> Int {
    switch role {
    case .left: left.count
    case .right: right.count
    case .product: pattern.count
    }
  }

  /// The pairs grouped by the entry of `role`; each names the entries of the other two. Made at the first use and kept.
  private func grouping(_ role: Role, _ values: Role, _ rows: Role) -> RowGrouping {
    groupings.withLock { cached in
      let key = role.rawValue * 3 + values.rawValue
      if let known = cached[key] { return known }
      let byEntry = RowGrouping(grouping: entries[role.rawValue], into: count(of: role))
      let (order, columns) = (entries[values.rawValue], entries[rows.rawValue])
      let made = RowGrouping(
        rowCount: byEntry.rowCount, offsets: byEntry.offsets,
        columns: byEntry.columns.map { columns.gathered($0) } ?? columns,
        order: byEntry.columns.map { order.gathered($0) } ?? order)
      cached[key] = made
      return made
    }
  }
}
