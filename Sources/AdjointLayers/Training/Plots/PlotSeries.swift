/// Points that belong together, under one name: a curve of a line chart, or a class of a scatter plot.
///
/// A point with a coordinate that is NaN or infinite is not drawn and leaves a gap in a curve.
public struct PlotSeries: Sendable, Equatable {
  /// What the legend says; nothing if it is empty.
  public var name: String
  /// The points as (x, y).
  public var points: [SIMD2<Double>]

  /// Creates a series from the coordinates of its points.
  ///
  /// - Parameters:
  ///   - name: What the legend says.
  ///   - x: The first coordinates.
  ///   - y: The second coordinates, as many.
  public init(_ name: String, x: [Double], y: [Double]) {
    require(x.count == y.count, "PlotSeries: \"\(name)\" has \(x.count) x and \(y.count) y")
    self.name = name
    points = zip(x, y).map { SIMD2($0, $1) }
  }

  /// Creates a series from values in order: a loss for each epoch, say.
  ///
  /// - Parameters:
  ///   - name: What the legend says.
  ///   - values: The second coordinates.
  ///   - start: The first coordinate of the first value; the others follow in steps of 1.
  public init(_ name: String, _ values: [Double], from start: Double = 1) {
    self.name = name
    points = values.enumerated().map { SIMD2(start + Double($0), $1) }
  }
}
