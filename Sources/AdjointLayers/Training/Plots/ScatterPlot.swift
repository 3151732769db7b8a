/// Points in the plane, coloured by what they belong to: an embedding by class, say.
///
///     let plot = ScatterPlot("Embedding", x: "first", y: "second", points: embedding, classes: labels)
///
/// Points with a coordinate that is NaN or infinite (or not above 0 on a logarithmic axis) are not drawn.
public struct ScatterPlot: Plot {
  /// What stands above.
  public var title: String
  /// The horizontal axis.
  public var x: PlotAxis
  /// The vertical axis.
  public var y: PlotAxis
  /// The points, in groups of one colour.
  public var groups: [PlotSeries]

  /// Creates a plot from groups of points.
  ///
  /// - Parameters:
  ///   - title: What stands above.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  ///   - groups: The points, in groups of one colour, the first at the back.
  public init(_ title: String = "", x: PlotAxis, y: PlotAxis, groups: [PlotSeries]) {
    (self.title, self.x, self.y, self.groups) = (title, x, y, groups)
  }

  /// Creates a plot from points and the class of each.
  ///
  /// - Parameters:
  ///   - title: What stands above.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  ///   - points: `[N, 2]`.
  ///   - classes: The class of each point, from 0; points of a negative class are drawn in a group of their own.
  ///   - names: The names of the classes; their numbers if left out.
  public init(
    _ title: String = "", x: PlotAxis, y: PlotAxis, points: Tensor, classes: IndexArray, names: [String]? = nil
  ) {
    require(
      points.rank == 2 && points.shape[1] == 2 && points.shape[0] == classes.count,
      "ScatterPlot: points of shape \(points.shape) and \(classes.count) classes")
    let largest = classes.max() ?? -1
    require(
      names == nil || largest < names?.count ?? 0,
      "ScatterPlot: class \(largest) has no name among \(names?.count ?? 0)")
    let scalars = points.scalars(as: Double.self)
    var members: [Int: [SIMD2<Double>]] = [:]
    for (row, label) in classes.enumerated() {
      members[Swift.max(-1, label), default: []].append(SIMD2(scalars[2 * row], scalars[2 * row + 1]))
    }
    // A class keeps its colour when another one has no points.
    var groups = (0..<Swift.max(largest + 1, names?.count ?? 0)).map { label in
      let name = names?[label] ?? String(label), points = members[label] ?? []
      return PlotSeries(name, x: points.map(\.x), y: points.map(\.y))
    }
    if let rest = members[-1] { groups.append(PlotSeries("no class", x: rest.map(\.x), y: rest.map(\.y))) }
    self.init(title, x: x, y: y, groups: groups)
  }

  /// The picture as the text of an SVG file.
  public func svg(width: Int, height: Int) -> String {
    checkSize("ScatterPlot", width, height)
    var document = SVGDocument(width: width, height: height, title: title)
    let shown = groups.lazy.flatMap(\.points).filter { x.shows($0.x) && y.shows($0.y) }
    let keys = groups.enumerated().map { PlotFrame.Key(name: $1.name, colour: PlotPalette.colour($0)) }
    let frame = PlotFrame(
      on: &document, size: SIMD2(width, height), title: title, keys: keys,
      x: (x, x.ends(of: shown.map(\.x), margin: 0.05)), y: (y, y.ends(of: shown.map(\.y), margin: 0.05)))
    let count = groups.reduce(0) { $0 + $1.points.count }
    let radius = count > 5000 ? 1.5 : count > 500 ? 2.5 : 4
    document.clipped(to: frame.box) { document in
      for (index, group) in groups.enumerated() {
        for point in group.points.compactMap(frame.place) {
          document.circle(point, radius: radius, fill: PlotPalette.colour(index), opacity: 0.75)
        }
      }
    }
    return document.text
  }
}
