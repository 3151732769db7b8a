/// The parts that plots share: title, legend, and a box with two axes that numbers have their places in.
struct PlotFrame {
  /// What the legend says of one thing.
  struct Key {
    let name, colour: String
    /// The dashes of a line; nil for a dot.
    var dash: String?
  }

  /// The box between the axes.
  let box: PlotBox
  private let x, y: PlotAxis
  private let xEnds, yEnds: ClosedRange<Double>

  /// Draws a frame.
  ///
  /// - Parameters:
  ///   - document: What it is drawn on.
  ///   - size: The width and height of the picture.
  ///   - title: What stands above.
  ///   - keys: What the legend says.
  ///   - x: The horizontal axis and its ends.
  ///   - y: The vertical axis and its ends.
  ///   - whole: Whether only whole numbers have a meaning on the horizontal axis.
  ///   - categories: What stands below equal parts of the horizontal axis, in place of numbers.
  init(
    on document: inout SVGDocument, size: SIMD2<Int>, title: String, keys: [Key],
    x: (axis: PlotAxis, ends: ClosedRange<Double>), y: (axis: PlotAxis, ends: ClosedRange<Double>),
    whole: Bool = false, categories: [String]? = nil
  ) {
    let (width, height) = (Double(size.x), Double(size.y))
    (self.x, self.y, xEnds, yEnds) = (x.axis, y.axis, x.ends, y.ends)
    let top = document.heading(title, keys, width: width, limit: height / 3)
    let bottom = height - (x.axis.label.isEmpty ? 32 : 54)
    let yTicks = y.axis.ticks(between: y.ends, count: Swift.max(3, Int((bottom - top) / 45)))
    let labelWidth = yTicks.map { SVGDocument.width(of: $0.label) }.max() ?? 0
    let left = labelWidth + (y.axis.label.isEmpty ? 22 : 46)
    box = PlotBox(left: left, top: top, width: Swift.max(40, width - left - 24), height: bottom - top)
    drawVertical(yTicks, on: &document)
    if let categories {
      drawCategories(categories, on: &document)
    } else {
      // Fewer labels, if those of a first attempt would touch.
      let attempt = x.axis.ticks(between: x.ends, count: Int(box.width / 70), whole: whole)
      let room = 24 + (attempt.map { SVGDocument.width(of: $0.label) }.max() ?? 0)
      let count = Int(box.width / Swift.max(70, room))
      drawHorizontal(x.axis.ticks(between: x.ends, count: count, whole: whole), on: &document)
    }
    document.rectangle(box, fill: "none", stroke: SVGDocument.ink)
    document.text(x.axis.label, at: SIMD2(box.centre.x, height - 14), anchor: "middle")
    document.text(y.axis.label, at: SIMD2(20, box.centre.y), anchor: "middle", isUpward: true)
  }

  /// The place of a point, or nil if one of its coordinates has none.
  func place(_ point: SIMD2<Double>) -> SIMD2<Double>? {
    guard x.shows(point.x), y.shows(point.y) else { return nil }
    return SIMD2(
      box.left + box.width * x.scale.position(of: point.x, between: xEnds),
      box.bottom - box.height * y.scale.position(of: point.y, between: yEnds))
  }

  private func drawVertical(_ ticks: [Tick], on document: inout SVGDocument) {
    for tick in ticks {
      let height = box.bottom - box.height * y.scale.position(of: tick.value, between: yEnds)
      let isSmall = tick.label.isEmpty
      if !isSmall {
        document.line(SIMD2(box.left, height), SIMD2(box.right, height), stroke: SVGDocument.faint)
      }
      document.line(SIMD2(box.left - (isSmall ? 3 : 6), height), SIMD2(box.left, height), stroke: SVGDocument.ink)
      document.text(tick.label, at: SIMD2(box.left - 10, height + 4.5), anchor: "end")
    }
  }

  private func drawHorizontal(_ ticks: [Tick], on document: inout SVGDocument) {
    for tick in ticks {
      let place = box.left + box.width * x.scale.position(of: tick.value, between: xEnds)
      let isSmall = tick.label.isEmpty
      if !isSmall { document.line(SIMD2(place, box.top), SIMD2(place, box.bottom), stroke: SVGDocument.faint) }
      document.line(
        SIMD2(place, box.bottom), SIMD2(place, box.bottom + (isSmall ? 3 : 6)), stroke: SVGDocument.ink)
      // A label at the end must not run out of the picture.
      let middle = Swift.min(place, box.right + 22 - SVGDocument.width(of: tick.label) / 2)
      document.text(tick.label, at: SIMD2(middle, box.bottom + 21), anchor: "middle")
    }
  }

  private func drawCategories(_ names: [String], on document: inout SVGDocument) {
    let room = box.width / Double(Swift.max(1, names.count))
    for (index, name) in names.enumerated() {
      let place = SIMD2(box.left + room * (Double(index) + 0.5), box.bottom + 21)
      document.text(name, at: place, anchor: "middle", size: SVGDocument.size(of: [name], in: room - 4))
    }
  }
}

extension SVGDocument {
  /// The size of letters, at most 13, in which the longest of some texts fits into a width.
  static func size(of texts: [String], in width: Double) -> Double {
    let longest = texts.map { SVGDocument.width(of: $0) }.max() ?? 0
    return longest > width ? Swift.max(1, 13 * width / longest) : 13
  }

  /// Draws the title and the legend.
  ///
  /// - Returns: The height at which they end.
  mutating func heading(_ title: String, _ keys: [PlotFrame.Key], width: Double, limit: Double) -> Double {
    let size = Swift.min(17, 17 * (width - 32) / Swift.max(1, SVGDocument.width(of: title, size: 18)))
    text(title, at: SIMD2(width / 2, 28), anchor: "middle", size: size, isBold: true)
    var place = SIMD2(24, title.isEmpty ? 26.0 : 54)
    let named = keys.filter { !$0.name.isEmpty }
    for (index, key) in named.enumerated() {
      let sample = key.dash == nil ? 16.0 : 32
      let room = sample + 20 + SVGDocument.width(of: key.name)
      if place.x > 24 && place.x + room > width - 24 { place = SIMD2(24, place.y + 20) }
      let isLast = place.y + 20 > limit && place.x + room + 130 > width && index + 1 < named.count
      if isLast || place.y > limit {
        text("and \(named.count - index) more", at: place)
        break
      }
      let middle = place.y - 4.5
      if let dash = key.dash {
        line(SIMD2(place.x, middle), SIMD2(place.x + 26, middle), stroke: key.colour, width: 2.5, dash: dash)
      } else {
        circle(SIMD2(place.x + 5, middle), radius: 5, fill: key.colour)
      }
      text(key.name, at: SIMD2(place.x + sample, place.y))
      place.x += room
    }
    return named.isEmpty ? (title.isEmpty ? 18 : 44) : place.y + 14
  }
}
