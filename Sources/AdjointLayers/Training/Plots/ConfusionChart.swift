/// A confusion matrix as a picture: a row for each true class, a column for each predicted one.
///
///     let chart = ConfusionChart("Digits", counts: counts, classes: (0..<10).map(String.init))
///
/// Cells hold counts and are shaded by their part of the row, so that a rare class is as visible as a frequent one.
public struct ConfusionChart: Plot {
  /// What stands above.
  public var title: String
  /// `counts[i][j]`: how many examples of class i were taken for class j.
  public var counts: [[Int]]
  /// The names of the classes.
  public var classes: [String]

  /// Creates a chart.
  ///
  /// - Parameters:
  ///   - title: What stands above.
  ///   - counts: `counts[i][j]` tells how many examples of class i were taken for class j; square, none below 0.
  ///   - classes: The names of the classes; their numbers if left out.
  public init(_ title: String = "", counts: [[Int]], classes: [String]? = nil) {
    for (row, line) in counts.enumerated() {
      require(line.count == counts.count, "ConfusionChart: row \(row) has \(line.count) columns of \(counts.count)")
      for (column, count) in line.enumerated() {
        require(count >= 0, "ConfusionChart: \(count) examples at row \(row), column \(column)")
      }
    }
    let names = classes ?? counts.indices.map(String.init)
    require(names.count == counts.count, "ConfusionChart: \(names.count) names for \(counts.count) classes")
    (self.title, self.counts, self.classes) = (title, counts, names)
  }

  /// The picture as the text of an SVG file.
  public func svg(width: Int, height: Int) -> String {
    checkSize("ConfusionChart", width, height)
    var document = SVGDocument(width: width, height: height, title: title)
    let top = document.heading(title, [], width: Double(width), limit: 0)
    let longest = classes.map { SVGDocument.width(of: $0) }.max() ?? 0
    let left = 46 + Swift.min(longest, Double(width) / 4)
    let side = Swift.max(40, Swift.min(Double(width) - left - 90, Double(height) - top - 54))
    let box = PlotBox(left: (Double(width) + left - 90 - side) / 2, top: top, width: side, height: side)
    let cell = side / Double(Swift.max(1, counts.count))
    drawCells(in: box, cell, on: &document)
    drawNames(around: box, cell, on: &document)
    drawScale(beside: box, on: &document)
    document.rectangle(box, fill: "none", stroke: SVGDocument.ink)
    document.text("predicted class", at: SIMD2(box.centre.x, box.bottom + 42), anchor: "middle")
    document.text(
      "true class", at: SIMD2(box.left - left + 20, box.centre.y), anchor: "middle", isUpward: true)
    return document.text
  }

  private func drawCells(in box: PlotBox, _ cell: Double, on document: inout SVGDocument) {
    let longest = counts.joined().max().map { String($0) } ?? ""
    let size = Swift.min(SVGDocument.size(of: [longest], in: cell - 6), cell - 4)
    for (row, line) in counts.enumerated() {
      let total = line.reduce(0.0) { $0 + Double($1) }
      for (column, count) in line.enumerated() where count > 0 {
        let part = Double(count) / total
        let place = PlotBox(
          left: box.left + cell * Double(column), top: box.top + cell * Double(row), width: cell, height: cell)
        document.rectangle(place, fill: shade(part))
        if size >= 5 {
          document.text(
            String(count), at: SIMD2(place.centre.x, place.centre.y + 0.36 * size), anchor: "middle", size: size,
            fill: part > 0.5 ? "white" : SVGDocument.ink)
        }
      }
    }
  }

  private func drawNames(around box: PlotBox, _ cell: Double, on document: inout SVGDocument) {
    // Where there is no room for every name, every second, third, … is shown.
    let everyRow = Swift.max(1, Int((11 / cell).rounded(.up)))
    let longest = classes.map { SVGDocument.width(of: $0, size: 8) }.max() ?? 0
    let everyColumn = Swift.max(1, Int(((longest + 4) / cell).rounded(.up)))
    let size = SVGDocument.size(of: classes, in: cell * Double(everyColumn) - 4)
    for (index, name) in classes.enumerated() {
      let middle = cell * (Double(index) + 0.5)
      if index % everyRow == 0 { document.text(name, at: SIMD2(box.left - 8, box.top + middle + 4.5), anchor: "end") }
      if index % everyColumn == 0 {
        document.text(name, at: SIMD2(box.left + middle, box.bottom + 20), anchor: "middle", size: size)
      }
    }
  }

  private func drawScale(beside box: PlotBox, on document: inout SVGDocument) {
    let steps = 50, height = box.height / Double(steps)
    for step in 0..<steps {
      let place = PlotBox(
        left: box.right + 20, top: box.bottom - height * Double(step + 1), width: 14, height: height + 0.5)
      document.rectangle(place, fill: shade((Double(step) + 0.5) / Double(steps)))
    }
    document.rectangle(
      PlotBox(left: box.right + 20, top: box.top, width: 14, height: box.height), fill: "none",
      stroke: SVGDocument.ink)
    for (part, label) in [(0, "0 %"), (0.5, "50 %"), (1, "100 %")] {
      document.text(label, at: SIMD2(box.right + 40, box.bottom - box.height * part + 4.5))
    }
  }

  /// White for nothing to blue for everything.
  private func shade(_ part: Double) -> String {
    let hex = Array("0123456789abcdef")
    let channels = zip([255.0, 255, 255], [0.0, 84, 147]).map { Int(($0 + ($1 - $0) * part).rounded()) }
    return "#" + channels.map { "\(hex[$0 / 16])\(hex[$0 % 16])" }.joined()
  }
}
