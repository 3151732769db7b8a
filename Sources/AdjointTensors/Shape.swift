/// The extents of a tensor's axes, at most eight, stored inline.
///
/// A shape is a collection of its extents: `[2, 3]` has rank 2 and 6 elements. The shape of a single number is `[]`.
public struct Shape: Hashable, Sendable {
  /// The largest number of axes.
  public static let maximumRank = 8

  // Two extents of 32 bits in each word, the first in the low half. Unused extents are 0, so that equal shapes have
  // equal words.
  private var word0: UInt64 = 0, word1: UInt64 = 0, word2: UInt64 = 0, word3: UInt64 = 0
  private var storedRank: UInt8 = 0

  /// The shape of a single number, `[]`.
  @inline(__always)
  public init() {}

  /// Creates a shape from its extents.
  ///
  /// - Parameter extents: At most eight extents, each from 0 to 2³¹ − 1; anything else stops the program.
  public init(_ extents: some Sequence<Int>) {
    for extent in extents { append(extent) }
  }

  /// The number of axes.
  @inline(__always)
  public var rank: Int { Int(storedRank) }

  /// The number of elements: the product of the extents, 1 for rank 0.
  public var elementCount: Int {
    var product = 1
    for axis in 0..<rank {
      let (next, overflows) = product.multipliedReportingOverflow(by: self[axis])
      if overflows {
        if contains(0) { return 0 }
        tooLarge()
      }
      product = next
    }
    return product
  }

  func tooLarge() -> Never { stop("Shape: \(self) has more elements than a tensor can hold") }

  /// Adds an axis at the end.
  ///
  /// - Parameter extent: The extent of the new axis, from 0 to 2³¹ − 1.
  public mutating func append(_ extent: Int) {
    require(rank < Shape.maximumRank, "Shape: more than \(Shape.maximumRank) axes")
    storedRank += 1
    self[rank - 1] = extent
  }

  /// The axis that `axis` names, counting from the end when negative.
  ///
  /// - Parameters:
  ///   - axis: An axis from −rank to rank − 1; anything else stops the program.
  ///   - operation: The name that the message begins with.
  /// - Returns: The same axis counted from the front.
  public func resolvedAxis(_ axis: Int, operation: String) -> Int {
    require(
      axis >= -rank && axis < rank, "\(operation): axis \(axis) is outside \(-rank) ..< \(rank) for shape \(self)")
    return axis < 0 ? axis + rank : axis
  }

  /// The shape without some axes, or with extent 1 there.
  ///
  /// - Parameters:
  ///   - axes: Axes from 0 to rank − 1.
  ///   - keepingAxes: Whether the axes stay, with extent 1.
  /// - Returns: The reduced shape.
  public func reduced(along axes: [Int], keepingAxes: Bool) -> Shape {
    var result = Shape()
    for axis in 0..<rank {
      if !axes.contains(axis) { result.append(self[axis]) } else if keepingAxes { result.append(1) }
    }
    return result
  }

  /// The number of elements between neighbours along each axis of a dense row-major array.
  package var strides: [Int] {
    var result = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) { result[axis] = result[axis + 1] * self[axis + 1] }
    return result
  }
}

extension Shape: RandomAccessCollection, MutableCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The rank.
  public var endIndex: Int { rank }

  /// The extent of an axis, counted from 0.
  public subscript(axis: Int) -> Int {
    @inline(__always)
    get {
      require(axis >= 0 && axis < rank, "Shape: axis \(axis) is outside 0 ..< \(rank)")
      let word = axis < 4 ? (axis < 2 ? word0 : word1) : (axis < 6 ? word2 : word3)
      return Int(UInt32(truncatingIfNeeded: axis & 1 == 0 ? word : word >> 32))
    }
    set {
      require(axis >= 0 && axis < rank, "Shape: axis \(axis) is outside 0 ..< \(rank)")
      require(newValue >= 0 && newValue <= Int(Int32.max), "Shape: extent \(newValue) is outside 0 ... \(Int32.max)")
      let shift = UInt64(axis & 1) * 32
      let bits = UInt64(UInt32(newValue)) << shift
      let kept: UInt64 = axis & 1 == 0 ? 0xFFFF_FFFF_0000_0000 : 0xFFFF_FFFF
      switch axis >> 1 {
      case 0: word0 = word0 & kept | bits
      case 1: word1 = word1 & kept | bits
      case 2: word2 = word2 & kept | bits
      default: word3 = word3 & kept | bits
      }
    }
  }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  /// Creates a shape from its extents.
  public init(arrayLiteral extents: Int...) { self.init(extents) }

  /// The extents in brackets: `[2, 3]`.
  public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}

/// The shape that two shapes broadcast to, by NumPy's rules: aligned at the last axis, extents must agree or be 1.
///
/// - Parameters:
///   - a: A shape.
///   - b: Another shape.
///   - operation: The name that the message begins with when the shapes do not fit.
/// - Returns: The common shape. Shapes that do not fit stop the program with both named.
public func broadcastShape(_ a: Shape, _ b: Shape, operation: String) -> Shape {
  if a == b { return a }
  let rank = Swift.max(a.rank, b.rank)
  var result = Shape()
  for axis in 0..<rank {
    let left = axis + a.rank - rank >= 0 ? a[axis + a.rank - rank] : 1
    let right = axis + b.rank - rank >= 0 ? b[axis + b.rank - rank] : 1
    require(left == right || left == 1 || right == 1, "\(operation): shapes \(a) and \(b) do not broadcast")
    result.append(left == 1 ? right : left)
  }
  return result
}
