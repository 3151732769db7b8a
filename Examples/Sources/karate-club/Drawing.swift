import Adjoint
import Foundation

/// The graph as a picture: predicted sides as colours, the labelled and the wrongly predicted members outlined.
struct Drawing {
  let graph: Graph
  let labels, predictions, labelled: IndexArray
  let subtitle: String

  private let size = Point(960, 720)
  private let radius = 15.0
  private let colours = ["#2f6fb0", "#d9822b"]
  private let ink = "#1d2733", error = "#c8102e"

  init(graph: Graph, labels: IndexArray, predictions: IndexArray, labelled: IndexArray, subtitle: String) {
    (self.graph, self.labels, self.predictions, self.labelled) = (graph, labels, predictions, labelled)
    self.subtitle = subtitle
  }

  /// The picture as the text of an SVG file.
  func svg() -> String {
    let points = placed()
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(size.x)) \(Int(size.y))\" width=\"\(Int(size.x))\" "
        + "height=\"\(Int(size.y))\" font-family=\"Helvetica, Arial, sans-serif\" fill=\"\(ink)\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
      text("Zachary's karate club: who stays with whom?", at: Point(40, 44), size: 24, weight: "bold"),
      text(subtitle, at: Point(40, 72), size: 16),
      "<g stroke=\"#b8c0ca\" stroke-width=\"1.2\">",
    ]
    for edge in 0..<graph.edgeCount where graph.sources[edge] < graph.targets[edge] {
      let (a, b) = (points[graph.sources[edge]], points[graph.targets[edge]])
      lines.append("<line x1=\"\(a.x.short)\" y1=\"\(a.y.short)\" x2=\"\(b.x.short)\" y2=\"\(b.y.short)\"/>")
    }
    lines.append("</g>")
    for (member, point) in points.enumerated() {
      lines += node(
        at: point, number: "\(member)", side: predictions[member], isLabelled: labelled.contains(member),
        isWrong: predictions[member] != labels[member])
    }
    return (lines + legend() + ["</svg>", ""]).joined(separator: "\n")
  }

  /// The layout, scaled into the space between title and legend.
  private func placed() -> [Point] {
    let points = graph.layout()
    let low = Point(points.map(\.x).min() ?? 0, points.map(\.y).min() ?? 0)
    let high = Point(points.map(\.x).max() ?? 1, points.map(\.y).max() ?? 1)
    let topLeft = Point(50, 120), extent = Point(size.x - 100, size.y - 235)
    return points.map { topLeft + ($0 - low) / (high - low) * extent }
  }

  private func node(at point: Point, number: String, side: Int, isLabelled: Bool, isWrong: Bool) -> [String] {
    var lines = [circle(at: point, radius: radius, fill: colours[side], stroke: "white", width: 1.5)]
    if isLabelled { lines.append(circle(at: point, radius: radius + 4.5, fill: "none", stroke: ink, width: 3)) }
    if isWrong { lines.append(circle(at: point, radius: radius + 1, fill: "none", stroke: error, width: 4)) }
    lines.append(text(number, at: point + Point(0, 5), size: 14, weight: "bold", fill: "white", anchor: "middle"))
    return lines
  }

  private func legend() -> [String] {
    let y = size.y - 40
    var lines: [String] = []
    var x = 60.0
    for (title, side, isLabelled, isWrong) in [
      ("with the instructor", 0, false, false), ("with the administrator", 1, false, false),
      ("labelled in training", nil, true, false), ("predicted wrongly", nil, false, true),
    ] as [(String, Int?, Bool, Bool)] {
      if let side {
        lines += node(at: Point(x, y), number: "", side: side, isLabelled: isLabelled, isWrong: isWrong)
      } else {
        lines.append(
          circle(
            at: Point(x, y), radius: radius, fill: "white", stroke: isWrong ? error : ink, width: isWrong ? 4 : 3))
      }
      lines.append(text(title, at: Point(x + 26, y + 5), size: 15))
      x += 225
    }
    return lines
  }

  private func circle(at point: Point, radius: Double, fill: String, stroke: String, width: Double) -> String {
    "<circle cx=\"\(point.x.short)\" cy=\"\(point.y.short)\" r=\"\(radius.short)\" fill=\"\(fill)\" stroke=\"\(stroke)\" "
      + "stroke-width=\"\(width.short)\"/>"
  }

  private func text(
    _ text: String, at point: Point, size: Int, weight: String = "normal", fill: String? = nil, anchor: String = "start"
  ) -> String {
    "<text x=\"\(point.x.short)\" y=\"\(point.y.short)\" font-size=\"\(size)\" font-weight=\"\(weight)\" "
      + "text-anchor=\"\(anchor)\" fill=\"\(fill ?? ink)\">\(text)</text>"
  }
}

extension Double {
  fileprivate var short: String { formatted(1) }
}
