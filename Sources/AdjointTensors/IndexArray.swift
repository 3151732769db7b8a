import AdjointKernels
import Synchronization

/// An array of indices: the rows to gather, the segment of every row, the label of every example.
///
/// Indices are 32-bit and may be negative (a label may mean "none"); operations say what they accept. An index array
/// shares its memory between copies, and remembers its bounds and the grouping by value that scatter operations need.
public struct IndexArray: Sendable {
  private let storage: Storage
  /// The number of indices.
  public let count: Int
  private let known = KnownOfIndices()

  /// Creates an index array.
  ///
  /// - Parameter indices: The indices, each within 32 bits; another one stops the program.
  public init(_ indices: some Collection<Int>) {
    self.init(count: indices.count) { result in
      for (i, index) in indices.enumerated() {
        require(
          index >= Int(Int32.min) && index <= Int(Int32.max), "IndexArray: \(index) at position \(i) exceeds 32 bits")
        result[i] = Int32(index)
      }
    }
  }

  package init(count: Int, fill: (UnsafeMutablePointer<Int32>) -> Void) {
    storage = Storage(byteCount: count * 4)
    self.count = count
    fill(storage.pointer.assumingMemoryBound(to: Int32.self))
  }

  package var pointer: UnsafePointer<Int32> { UnsafePointer(storage.pointer.assumingMemoryBound(to: Int32.self)) }

  /// The positions grouped by the segment they name, made at the first call and kept.
  ///
  /// Checks that every index lies in `0 ..< count`.
  package func grouped(into count: Int, operation: String) -> RowGrouping {
    known.rows.withLock { cached in
      if let cached, cached.rowCount == count { return cached }
      check(within: count, operation: operation, noun: "segment")
      let made = RowGrouping(grouping: self, into: count)
      cached = made
      return made
    }
  }

  /// Stops the program if an index is outside `0 ..< limit`, naming it and its position.
  package func check(within limit: Int, operation: String, noun: String = "index") {
    let bounds = bounds
    if bounds.least >= 0 && bounds.most < limit { return }
    let pointer = pointer
    for i in 0..<count where pointer[i] < 0 || pointer[i] >= limit {
      stop("\(operation): \(noun) \(pointer[i]) at row \(i) is outside 0 ..< \(limit)")
    }
  }
}

extension IndexArray {
  /// The smallest and the largest index, found at the first call and kept; of none, bounds that lie in every range from 0 on.
  private var bounds: (least: Int, most: Int) {
    known.bounds.withLock { cached in
      if let cached { return cached }
      let pointer = pointer
      var least = Int32.max, most = Int32.min
      for i in 0..<count {
        least = Swift.min(least, pointer[i])
        most = Swift.max(most, pointer[i])
      }
      cached = (Int(least), Int(most))
      return (Int(least), Int(most))
    }
  }
}

extension IndexArray {
  /// The indices at the given positions, in their order: the labels of some nodes, for instance.
  ///
  /// - Parameter positions: Positions; one outside `0 ..< count` stops the program and is named.
  /// - Returns: An index for each position.
  public func gatherRows(_ positions: IndexArray) -> IndexArray {
    positions.check(within: count, operation: "IndexArray.gatherRows")
    return gathered(positions)
  }

  /// The indices at the given positions, which lie within the array.
  package func gathered(_ positions: IndexArray) -> IndexArray {
    let (source, place) = (pointer, positions.pointer)
    return IndexArray(count: positions.count) { result in
      for i in 0..<positions.count { result[i] = source[Int(place[i])] }
    }
  }
}

/// What an index array remembers of its indices.
private final class KnownOfIndices: Sendable {
  let rows = Mutex<RowGrouping?>(nil)
  let bounds = Mutex<(least: Int, most: Int)?>(nil)
}

extension IndexArray: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of indices.
  public var endIndex: Int { count }
  /// The index at a position.
  public subscript(position: Int) -> Int {
    require(position >= 0 && position < count, "IndexArray: position \(position) is outside 0 ..< \(count)")
    return Int(pointer[position])
  }
}

extension IndexArray: ExpressibleByArrayLiteral, CustomStringConvertible, Equatable {
  /// Creates an index array from its indices.
  public init(arrayLiteral indices: Int...) { self.init(indices) }

  /// The indices in brackets; of more than 20 only the first and last three.
  public var description: String {
    let shown = count > 20 ? prefix(3).map(String.init) + ["..."] + suffix(3).map(String.init) : map(String.init)
    return "[" + shown.joined(separator: ", ") + "]"
  }

  /// Whether two arrays hold the same indices in the same order.
  public static func == (a: IndexArray, b: IndexArray) -> Bool { a.elementsEqual(b) }
}
