/// Bars over names: accuracies of several models, say, or the counts of a histogram.
///
///     let chart = BarChart("Time per step", categories: ["MLP", "LSTM"], y: "ms", groups: [("1 thread", [3, 8])])
///
/// Bars start at 0. A value that is NaN or infinite has no bar.
public struct BarChart: Plot {
  /// What stands above.
  public var title: String
  /// What stands below the bars.
  public var categories: [String]
  /// The vertical axis, linear.
  public var y: PlotAxis
  /// The values for the categories, one bar of each group side by side.
  public var groups: [(name: String, values: [Double])]

  /// Creates a chart.
  ///
  /// - Parameters:
  ///   - title: What stands above.
  ///   - categories: What stands below the bars.
  ///   - y: The vertical axis, linear.
  ///   - groups: The bars of one colour, with a name for the legend and a value for each category.
  public init(
    _ title: String = "", categories: [String], y: PlotAxis, groups: [(name: String, values: [Double])]
  ) {
    require(y.scale == .linear, "BarChart: bars start at 0, which has no place on a logarithmic axis")
    for group in groups {
      require(
        group.values.count == categories.count,
        "BarChart: \"\(group.name)\" has \(group.values.count) values for \(categories.count) categories")
    }
    (self.title, self.categories, self.y, self.groups) = (title, categories, y, groups)
  }

  /// The picture as the text of an SVG file.
  public func svg(width: Int, height: Int) -> String {
    checkSize("BarChart", width, height)
    var document = SVGDocument(width: width, height: height, title: title)
    let values = groups.flatMap(\.values).filter(\.isFinite)
    var ends = 0.0...1.0
    if let low = values.min(), let high = values.max(), low != 0 || high != 0 {
      ends = Swift.min(0, low * 1.08)...Swift.max(0, high * 1.08)
    }
    let keys = groups.enumerated().map { PlotFrame.Key(name: $1.name, colour: PlotPalette.colour($0)) }
    let frame = PlotFrame(
      on: &document, size: SIMD2(width, height), title: title, keys: keys,
      x: ("", 0...Double(Swift.max(1, categories.count))), y: (y, y.range ?? ends), categories: categories)
    let barWidth = 0.76 / Double(Swift.max(1, groups.count))
    document.clipped(to: frame.box) { document in
      for (index, group) in groups.enumerated() {
        for (category, value) in group.values.enumerated() {
          let left = Double(category) + 0.12 + Double(index) * barWidth
          guard let end = frame.place(SIMD2(left, value)), let base = frame.place(SIMD2(left + barWidth, 0))
          else { continue }
          let box = PlotBox(
            left: end.x, top: Swift.min(end.y, base.y), width: base.x - end.x, height: abs(end.y - base.y))
          document.rectangle(box, fill: PlotPalette.colour(index))
        }
      }
      if let zero = frame.place(SIMD2(0, 0)) {
        document.line(zero, SIMD2(frame.box.right, zero.y), stroke: SVGDocument.ink)
      }
    }
    return document.text
  }
}
