#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ComputationTree {
  /// The tree as a picture: the root at the top, each level on a line of its own.
  ///
  /// - Parameter name: What a node is called.
  /// - Returns: An SVG document.
  public func svg(_ name: (Int) -> String = { "\($0)" }) -> String {
    let step = 34.0, height = 56.0, margin = 24.0
    var nextLeaf = 0.0, lines: [String] = [], circles: [String] = [], deepest = 0
    func place(_ tree: ComputationTree, _ level: Int) -> Double {
      deepest = Swift.max(deepest, level)
      let below = tree.children.map { place($0, level + 1) }
      let x: Double
      if let first = below.first, let last = below.last {
        x = (first + last) / 2
      } else {
        x = margin + nextLeaf * step
        nextLeaf += 1
      }
      let y = margin + Double(level) * height
      for child in below { lines.append(Drawing.line(child, y + height, x, y)) }
      circles.append(Drawing.node(x, y, name(tree.node), shade: level))
      return x
    }
    _ = place(self, 0)
    return Drawing.document(
      width: 2 * margin + Swift.max(0, nextLeaf - 1) * step, height: 2 * margin + Double(deepest) * height,
      lines + circles)
  }
}

extension Graph {
  /// The receptive field of a node as a picture: the node in the middle, nodes at each distance on a circle around it.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - layers: The number of layers.
  ///   - name: What a node is called.
  /// - Returns: An SVG document. Edges along which messages travel within as many layers are drawn.
  public func receptiveFieldSVG(
    of node: Int, layers: Int, _ name: (Int) -> String = { "\($0)" }
  ) -> String {
    let rings = receptiveField(of: node, layers: layers)
    // A ring is wide enough for its nodes, and wider than the one within.
    var radii = [0.0]
    for ring in rings.dropFirst() {
      radii.append(Swift.max(radii[radii.count - 1] + 64, Double(ring.count) * 34 / 6.283))
    }
    let center = radii[radii.count - 1] + 24
    var position: [Int: (x: Double, y: Double)] = [:], hops: [Int: Int] = [:], shapes: [String] = []
    for (hop, ring) in rings.enumerated() {
      if hop > 0 { shapes.append(Drawing.circle(center, center, radii[hop])) }
      for (place, other) in ring.enumerated() {
        let (x, y) = Drawing.pointOnCircle(place, of: ring.count, turnedBy: hop)
        position[other] = (center + radii[hop] * x, center + radii[hop] * y)
        hops[other] = hop
      }
    }
    for edge in 0..<edgeCount where sources[edge] != targets[edge] {
      guard let from = position[sources[edge]], let to = position[targets[edge]], let hop = hops[targets[edge]],
        hop < layers
      else { continue }
      shapes.append(Drawing.line(from.x, from.y, to.x, to.y))
    }
    for (hop, ring) in rings.enumerated() {
      for other in ring {
        guard let place = position[other] else { continue }
        shapes.append(Drawing.node(place.x, place.y, name(other), shade: hop))
      }
    }
    return Drawing.document(width: 2 * center, height: 2 * center, shapes)
  }
}

/// Pieces of SVG.
private enum Drawing {
  private static let shades = ["#c2410c", "#f59e0b", "#fde68a", "#e5e7eb"]

  private static func text(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    "<line x1=\"\(text(x1))\" y1=\"\(text(y1))\" x2=\"\(text(x2))\" y2=\"\(text(y2))\" stroke=\"#9ca3af\"/>"
  }

  static func circle(_ x: Double, _ y: Double, _ radius: Double) -> String {
    "<circle cx=\"\(text(x))\" cy=\"\(text(y))\" r=\"\(text(radius))\" fill=\"none\" stroke=\"#e5e7eb\"/>"
  }

  static func node(_ x: Double, _ y: Double, _ name: String, shade: Int) -> String {
    let fill = shades[Swift.min(shade, shades.count - 1)]
    let ink = shade == 0 ? "#ffffff" : "#111827"
    let escaped = name.flatMap { $0 == "<" ? "&lt;" : $0 == ">" ? "&gt;" : $0 == "&" ? "&amp;" : "\($0)" }
    return "<circle cx=\"\(text(x))\" cy=\"\(text(y))\" r=\"14\" fill=\"\(fill)\" stroke=\"#374151\"/>"
      + "<text x=\"\(text(x))\" y=\"\(text(y + 4))\" text-anchor=\"middle\" fill=\"\(ink)\">\(String(escaped))</text>"
  }

  /// A point on the unit circle; neighbouring circles are turned a little, so that edges do not lie upon each other.
  static func pointOnCircle(_ place: Int, of count: Int, turnedBy hop: Int) -> (x: Double, y: Double) {
    let angle = 2 * Double.pi * (Double(place) / Double(Swift.max(1, count)) + 0.07 * Double(hop))
    return (cos(angle), sin(angle))
  }

  static func document(width: Double, height: Double, _ shapes: [String]) -> String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(text(width)) \(text(height))\" width=\"\(text(width))\" "
      + "height=\"\(text(height))\" font-family=\"sans-serif\" font-size=\"12\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n" + shapes.joined(separator: "\n") + "\n</svg>\n"
  }
}
