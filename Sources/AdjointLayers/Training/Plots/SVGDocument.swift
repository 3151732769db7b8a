/// The text of an SVG file, element by element.
struct SVGDocument {
  static let ink = "#1d2733", faint = "#e4e8ed"
  private var lines: [String]

  init(width: Int, height: Int, title: String) {
    lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" "
        + "role=\"img\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"\(Self.ink)\">",
      "<title>\(escaped(title))</title>",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"white\"/>",
    ]
  }

  /// The whole text.
  var text: String { (lines + ["</svg>", ""]).joined(separator: "\n") }

  /// Adds what `content` draws, cut off outside a rectangle.
  mutating func clipped(to box: PlotBox, _ content: (inout SVGDocument) -> Void) {
    // A nested picture cuts off what is outside of it, and needs no name that may clash with another picture's.
    let place =
      "x=\"\(box.left.pixels)\" y=\"\(box.top.pixels)\" width=\"\(box.width.pixels)\" height=\"\(box.height.pixels)\""
    lines.append(
      "<svg \(place) viewBox=\"\(box.left.pixels) \(box.top.pixels) \(box.width.pixels) \(box.height.pixels)\" overflow=\"hidden\">"
    )
    content(&self)
    lines.append("</svg>")
  }

  mutating func line(_ a: SIMD2<Double>, _ b: SIMD2<Double>, stroke: String, width: Double = 1, dash: String = "none") {
    lines.append(
      "<line x1=\"\(a.x.pixels)\" y1=\"\(a.y.pixels)\" x2=\"\(b.x.pixels)\" y2=\"\(b.y.pixels)\" "
        + "stroke=\"\(stroke)\" stroke-width=\"\(width.pixels)\"\(dashes(dash))/>")
  }

  /// Adds a curve through points; one point alone is a dot.
  mutating func curve(_ points: [SIMD2<Double>], stroke: String, width: Double, dash: String) {
    if points.count == 1 { return circle(points[0], radius: width, fill: stroke) }
    let path = points.map { "\($0.x.pixels) \($0.y.pixels)" }.joined(separator: "L")
    lines.append(
      "<path d=\"M\(path)\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(width.pixels)\" "
        + "stroke-linejoin=\"round\" stroke-linecap=\"round\"\(dashes(dash))/>")
  }

  mutating func rectangle(_ box: PlotBox, fill: String, stroke: String = "none") {
    lines.append(
      "<rect x=\"\(box.left.pixels)\" y=\"\(box.top.pixels)\" width=\"\(box.width.pixels)\" "
        + "height=\"\(box.height.pixels)\" fill=\"\(fill)\" stroke=\"\(stroke)\"/>")
  }

  mutating func circle(
    _ centre: SIMD2<Double>, radius: Double, fill: String, stroke: String = "none", opacity: Double = 1
  ) {
    lines.append(
      "<circle cx=\"\(centre.x.pixels)\" cy=\"\(centre.y.pixels)\" r=\"\(radius.pixels)\" fill=\"\(fill)\" "
        + "stroke=\"\(stroke)\" fill-opacity=\"\(opacity.pixels)\"/>")
  }

  /// Adds text whose baseline starts, is centred or ends at a point, upright or running upwards.
  mutating func text(
    _ text: String, at point: SIMD2<Double>, anchor: String = "start", size: Double = 13, isBold: Bool = false,
    fill: String = SVGDocument.ink, isUpward: Bool = false
  ) {
    if text.isEmpty { return }
    let turn = isUpward ? " transform=\"rotate(-90 \(point.x.pixels) \(point.y.pixels))\"" : ""
    lines.append(
      "<text x=\"\(point.x.pixels)\" y=\"\(point.y.pixels)\" text-anchor=\"\(anchor)\" font-size=\"\(size.pixels)\" "
        + "fill=\"\(fill)\"\(isBold ? " font-weight=\"bold\"" : "")\(turn)>\(escaped(text))</text>")
  }

  private func dashes(_ dash: String) -> String { dash == "none" ? "" : " stroke-dasharray=\"\(dash)\"" }

  /// About how wide a text is; drawing programs bring fonts of their own.
  static func width(of text: String, size: Double = 13) -> Double { 0.6 * size * Double(text.count) }
}

/// A rectangle of a picture, in pixels from the top left corner.
struct PlotBox: Equatable {
  var left, top, width, height: Double

  var right: Double { left + width }
  var bottom: Double { top + height }
  var centre: SIMD2<Double> { SIMD2(left + width / 2, top + height / 2) }
}

extension Double {
  /// The number with at most two digits after the point, as SVG reads it; far outside of any picture at most 100000.
  fileprivate var pixels: String {
    let hundredths = Int((Swift.min(Swift.max(self, -1e5), 1e5) * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let fraction = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
    return (hundredths < 0 ? "-" : "") + "\(whole)\(fraction)"
  }
}

/// The text as XML holds it: marks of its own syntax escaped, and characters that it cannot hold replaced.
private func escaped(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result.append(contentsOf: "&amp;".unicodeScalars)
    case "<": result.append(contentsOf: "&lt;".unicodeScalars)
    case ">": result.append(contentsOf: "&gt;".unicodeScalars)
    case "\t", "\n", "\r": result.append(" ")
    case "\0"..." ", "\u{FFFE}", "\u{FFFF}": result.append(scalar == " " ? scalar : "\u{FFFD}")
    default: result.append(scalar)
    }
  }
  return String(result)
}
