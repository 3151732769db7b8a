/// A number for each of the two axes of a picture: a window, a stride, a padding.
///
/// Written as one number where both are equal, `3`, and otherwise as height and width, `[3, 5]`.
public struct Size2D: Hashable, Sendable {
  /// The number for the axis from top to bottom.
  public var height: Int
  /// The number for the axis from left to right.
  public var width: Int

  /// Creates a size.
  ///
  /// - Parameters:
  ///   - height: The number for the axis from top to bottom.
  ///   - width: The number for the axis from left to right.
  public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }

  /// Creates a size with both numbers alike.
  ///
  /// - Parameter side: The number for both axes.
  public init(_ side: Int) { self.init(side, side) }

  /// The product of both numbers.
  public var area: Int { height * width }
}

extension Size2D: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// Creates a size with both numbers alike.
  public init(integerLiteral side: Int) { self.init(side) }

  /// Creates a size from height and width; more or fewer numbers stop the program.
  public init(arrayLiteral sides: Int...) {
    require(sides.count == 2, "Size2D: \(sides) are not a height and a width")
    self.init(sides[0], sides[1])
  }

  /// Both numbers in brackets: `[3, 5]`.
  public var description: String { "[\(height), \(width)]" }
}
