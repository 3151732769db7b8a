/// An axis of a plot: its label, its scale and, if wanted, its ends.
///
/// A string literal is a linear axis with that label.
public struct PlotAxis: Sendable, Equatable, ExpressibleByStringLiteral {
  /// How numbers are spread along the axis.
  public enum Scale: Sendable {
    /// Equal differences are equally far apart.
    case linear
    /// Equal ratios are equally far apart. Numbers that are not above 0 have no place and leave gaps.
    case logarithmic
  }

  /// What is shown along the axis.
  public var label: String
  /// How numbers are spread along the axis.
  public var scale: Scale
  /// The ends of the axis; nil for ends that follow from the data. What lies outside is cut off.
  public var range: ClosedRange<Double>?

  /// Creates an axis.
  ///
  /// - Parameters:
  ///   - label: What is shown along the axis.
  ///   - scale: How numbers are spread.
  ///   - range: The ends, finite and, on a logarithmic scale, above 0; from the data if left out.
  public init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
    if let range {
      require(
        range.lowerBound.isFinite && range.upperBound.isFinite && (scale == .linear || range.lowerBound > 0),
        "PlotAxis: \(scale) axis \"\(label)\" cannot run from \(range.lowerBound) to \(range.upperBound)")
    }
    (self.label, self.scale, self.range) = (label, scale, range)
  }

  /// A linear axis with the given label.
  public init(stringLiteral label: String) { self.init(label) }

  /// A logarithmic axis whose ends follow from the data.
  ///
  /// - Parameter label: What is shown along the axis.
  /// - Returns: The axis.
  public static func logarithmic(_ label: String) -> PlotAxis { PlotAxis(label, scale: .logarithmic) }

  /// Whether a number has a place on the axis.
  func shows(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }
}
