/// A picture of numbers, drawn as SVG.
///
///     let chart = LineChart("Loss", x: "epoch", y: .logarithmic("loss"), series: [PlotSeries("training", losses)])
///     print(chart.svg())
///
/// The text depends on the values alone: not on the locale, the platform or the time.
public protocol Plot: Sendable {
  /// The picture as the text of an SVG file.
  ///
  /// - Parameters:
  ///   - width: The width in pixels, at least 200.
  ///   - height: The height in pixels, at least 150.
  /// - Returns: A whole SVG document.
  func svg(width: Int, height: Int) -> String
}

extension Plot {
  /// The picture as the text of an SVG file, 720 × 450 pixels large.
  ///
  /// - Returns: A whole SVG document.
  public func svg() -> String { svg(width: 720, height: 450) }
}

/// A colour for each of several things, and what tells them apart when there are more than colours.
enum PlotPalette {
  // Okabe & Ito's colours, which people who do not see all colours can tell apart, without the yellow; then four more.
  private static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c564b", "#6a3d9a", "#7f7f7f", "#1d2733",
  ]
  private static let dashes = ["none", "7 4", "2 3", "9 3 2 3"]

  static func colour(_ index: Int) -> String { colours[index % colours.count] }

  /// The pattern of a line's dashes, another one after each round of colours.
  static func dash(_ index: Int) -> String { dashes[index / colours.count % dashes.count] }
}
