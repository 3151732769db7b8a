/// Curves over an axis: a loss over the epochs, say.
///
///     let chart = LineChart(
///       "Digits", x: "epoch", y: .logarithmic("loss"),
///       series: [PlotSeries("training", training), PlotSeries("validation", validation)])
///
/// A value that is NaN, infinite, or not above 0 on a logarithmic axis leaves a gap. Without anything to show, the frame
/// is empty.
public struct LineChart: Plot {
  /// What stands above.
  public var title: String
  /// The horizontal axis.
  public var x: PlotAxis
  /// The vertical axis.
  public var y: PlotAxis
  /// The curves.
  public var series: [PlotSeries]

  /// Creates a chart.
  ///
  /// - Parameters:
  ///   - title: What stands above.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  ///   - series: The curves, the first at the back.
  public init(_ title: String = "", x: PlotAxis, y: PlotAxis, series: [PlotSeries]) {
    (self.title, self.x, self.y, self.series) = (title, x, y, series)
  }

  /// The picture as the text of an SVG file.
  public func svg(width: Int, height: Int) -> String {
    checkSize("LineChart", width, height)
    var document = SVGDocument(width: width, height: height, title: title)
    let shown = series.lazy.flatMap(\.points).filter { x.shows($0.x) && y.shows($0.y) }
    let keys = series.enumerated().map {
      PlotFrame.Key(name: $1.name, colour: PlotPalette.colour($0), dash: PlotPalette.dash($0))
    }
    let frame = PlotFrame(
      on: &document, size: SIMD2(width, height), title: title, keys: keys,
      x: (x, x.ends(of: shown.map(\.x), margin: 0)), y: (y, y.ends(of: shown.map(\.y), margin: 0.05)),
      whole: shown.allSatisfy { $0.x == $0.x.rounded() })
    document.clipped(to: frame.box) { document in
      for (index, series) in series.enumerated() {
        for piece in series.points.map(frame.place).split(separator: nil) {
          document.curve(
            piece.compactMap(\.self), stroke: PlotPalette.colour(index), width: 2, dash: PlotPalette.dash(index))
        }
      }
    }
    return document.text
  }
}

extension Plot {
  /// Stops the program if a picture is too small to hold a plot.
  func checkSize(_ name: String, _ width: Int, _ height: Int) {
    require(
      (200...100_000).contains(width) && (150...100_000).contains(height),
      "\(name): a picture of \(width) × \(height) pixels is outside 200 × 150 ... 100000 × 100000")
  }
}
