extension Tape {
  /// The computational graph as a picture that needs no other program: the text of an SVG file.
  ///
  /// Leaves stand on the left, results on the right, operations between them. The value that flows along an edge stands above
  /// it; with gradients, what the operation passes back stands below. Where a value is used several times, the sum of what
  /// comes back stands below its node. Parameters carry their paths, large arrays their shapes, and their gradients the
  /// Euclidean norm.
  ///
  /// - Parameter gradients: What `gradients()` of a variable on this tape returned; nil for values alone.
  /// - Returns: The text of an `.svg` file.
  public func svg(with gradients: Gradients? = nil) -> String { TapeDrawing(TapeGraph(self, gradients)).text }
}

/// The picture of a computational graph.
private struct TapeDrawing {
  private let graph: TapeGraph
  private let layout: LayeredLayout
  private let margin = 24.0, legendHeight = 44.0
  private static let fontSize = 13.0, lineHeight = 17.0
  private let ink = "#1d2733", forward = "#1b6e3c", backward = "#c8102e", line = "#8a94a0"

  init(_ graph: TapeGraph) {
    self.graph = graph
    layout = LayeredLayout(
      nodes: graph.nodes.enumerated().map { index, node in
        let incoming = graph.edges.count { $0.target == index }
        let height = Swift.max(34, 14 * Double(incoming) + 10)
        let total = node.total.map { Self.width("Σ \($0)") } ?? 0
        return (
          Swift.max(height, Self.width(node.text) + (node.kind == .constant || node.kind == .result ? 8 : 22), total),
          height + (node.total == nil ? 0 : 2 * Self.lineHeight)
        )
      },
      edges: graph.edges.map { edge in
        let texts = [edge.value, edge.gradient].compactMap(\.self)
        return (
          edge.source, edge.target,
          ((texts.map(Self.width).max() ?? 0) + 6, texts.isEmpty ? 8 : 2 * Self.lineHeight + 4)
        )
      })
  }

  /// The width of a text in a font whose characters are all as wide.
  private static func width(_ text: String) -> Double { Double(text.count) * fontSize * 0.61 }

  var text: String {
    let legend = graph.result.map { "below: the gradient of \($0)" }
    let legendWidth = Self.width("above each edge: the value   " + (legend ?? ""))
    let width = Swift.max(layout.width, legendWidth) + 2 * margin, height = layout.height + 2 * margin + legendHeight
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(number(width)) \(number(height))\" "
        + "width=\"\(number(width))\" height=\"\(number(height))\" font-size=\"\(number(Self.fontSize))\" "
        + "font-family=\"ui-monospace, Menlo, 'DejaVu Sans Mono', monospace\" fill=\"\(ink)\">",
      "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
        + "orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\" fill=\"\(line)\"/></marker></defs>",
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
      "<g transform=\"translate(\(number(margin)) \(number(margin)))\">",
    ]
    for index in graph.edges.indices { lines += drawing(ofEdge: index) }
    for index in graph.nodes.indices { lines += drawing(ofNode: index) }
    let base = layout.height + margin + 10
    lines.append(label("above each edge: the value", 0, base, forward, "start"))
    if let legend { lines.append(label(legend, Self.width("above each edge: the value   "), base, backward, "start")) }
    return (lines + ["</g>", "</svg>", ""]).joined(separator: "\n")
  }

  private func drawing(ofNode index: Int) -> [String] {
    let node = graph.nodes[index], box = layout.boxes[index]
    let height = box.height - (node.total == nil ? 0 : 2 * Self.lineHeight)
    var lines: [String] = []
    let (fill, radius): (String, Double) =
      switch node.kind {
      case .input: ("#e3eefb", 6)
      case .parameter: ("#e2f3e6", 6)
      case .operation: ("#fff6dd", height / 2)
      case .constant, .result: ("none", 0)
      }
    if fill != "none" {
      lines.append(
        "<rect x=\"\(number(box.x - box.width / 2))\" y=\"\(number(box.y - height / 2))\" width=\"\(number(box.width))\" "
          + "height=\"\(number(height))\" rx=\"\(number(radius))\" fill=\"\(fill)\" stroke=\"\(ink)\"/>")
    }
    lines.append(label(node.text, box.x, box.y + 4.5, node.kind == .constant ? line : ink, "middle"))
    if let total = node.total {
      lines.append(label("Σ \(total)", box.x, box.y + height / 2 + Self.lineHeight - 3, backward, "middle"))
    }
    return lines
  }

  private func drawing(ofEdge index: Int) -> [String] {
    let edge = graph.edges[index], route = layout.routes[index], label = layout.boxes[route.label]
    let source = layout.boxes[route.boxes[0]], target = layout.boxes[edge.target]
    let end = entry(ofEdge: index)
    var path = "M\(number(source.x + source.width / 2)),\(number(source.y))"
    var (x, y) = (source.x + source.columnWidth / 2, source.y)
    path += " H\(number(x))"
    for step in route.boxes.dropFirst() {
      let box = layout.boxes[step]
      let isTarget = step == edge.target
      let left = box.x - box.columnWidth / 2, height = isTarget ? end : box.y
      let middle = number((x + left) / 2)
      path += " C\(middle),\(number(y)) \(middle),\(number(height)) \(number(left)),\(number(height))"
      if !isTarget { path += " H\(number(box.x + box.columnWidth / 2))" }
      (x, y) = (box.x + box.columnWidth / 2, height)
    }
    // A round end stands back at the height of a port away from its middle.
    let radius = graph.nodes[edge.target].kind == .operation ? target.height / 2 : 0
    let dy = end - target.y
    let inset = radius > 0 && target.height < 60 ? radius - (Swift.max(0, radius * radius - dy * dy)).squareRoot() : 0
    path += " H\(number(target.x - target.width / 2 + inset))"
    var lines = [
      "<path d=\"\(path)\" fill=\"none\" stroke=\"\(line)\" stroke-width=\"1.3\" marker-end=\"url(#arrow)\"/>"
    ]
    if let value = edge.value { lines.append(self.label(value, label.x, label.y - 5, forward, "middle")) }
    if let gradient = edge.gradient {
      lines.append(self.label(gradient, label.x, label.y + Self.lineHeight - 3, backward, "middle"))
    }
    return lines
  }

  /// The height at which an edge meets its target: edges come in in the order they stand in.
  private func entry(ofEdge index: Int) -> Double {
    let target = graph.edges[index].target
    func height(_ edge: Int) -> Double { layout.boxes[layout.routes[edge].label].y }
    let edges = graph.edges.indices.filter { graph.edges[$0].target == target }
      .sorted { (height($0), $0) < (height($1), $1) }
    let position = edges.firstIndex(of: index) ?? 0
    return layout.boxes[target].y + 12 * (Double(position) - Double(edges.count - 1) / 2)
  }

  private func label(_ text: String, _ x: Double, _ y: Double, _ fill: String, _ anchor: String) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\" fill=\"\(fill)\">\(text.escaped)</text>"
  }

  private func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}

extension String {
  /// The text with XML's own characters written as entities.
  fileprivate var escaped: String {
    map { $0 == "&" ? "&amp;" : $0 == "<" ? "&lt;" : $0 == ">" ? "&gt;" : "\($0)" }.joined()
  }
}
