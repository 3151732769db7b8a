import AdjointLayers
import Foundation
import Testing

/// The texts of all elements with a name.
private func texts(_ svg: String) -> [String] { svg.matches(of: /<text[^>]*>([^<]*)<\/text>/).map { String($0.1) } }

/// Whether a text is well-formed XML.
private func isXML(_ text: String) -> Bool {
  var open: [Substring] = []
  for match in text.matches(of: /<(\/?)([a-z]+)([^<>]*?)(\/?)>/) {
    if match.1 == "/" {
      if open.popLast() != match.2 { return false }
    } else if match.4.isEmpty {
      open.append(match.2)
    }
  }
  return open.isEmpty && text.matches(of: /&(?!amp;|lt;|gt;)/).isEmpty
}

private let plots: [String: any Plot] = [
  "line": LineChart("Loss", x: "epoch", y: "loss", series: [PlotSeries("a", [3, 2, 1]), PlotSeries("b", [1, 5, 2])]),
  "scatter": ScatterPlot("Points", x: "x", y: "y", groups: [PlotSeries("a", x: [1, 2], y: [3, 4])]),
  "bar": BarChart("Bars", categories: ["one", "two"], y: "time", groups: [("a", [1, -2])]),
  "confusion": ConfusionChart("Classes", counts: [[3, 1], [0, 4]], classes: ["cat", "dog"]),
  "empty line": LineChart(x: "x", y: .logarithmic("y"), series: []),
  "empty series": LineChart(x: "x", y: "y", series: [PlotSeries("a", [])]),
  "empty scatter": ScatterPlot(x: "x", y: "y", groups: []),
  "empty bar": BarChart(categories: [], y: "y", groups: []), "empty confusion": ConfusionChart(counts: []),
  "all missing": LineChart(x: "x", y: "y", series: [PlotSeries("a", [.nan, .infinity, -.infinity])]),
  "extreme": LineChart(
    x: "x", y: "y",
    series: [PlotSeries("a", x: [-1.7e308, 0, 1.7e308], y: [.leastNonzeroMagnitude, 1.7e308, -1.7e308])]),
  "extreme logarithms": LineChart(
    x: .logarithmic("x"), y: .logarithmic("y"),
    series: [PlotSeries("a", x: [.leastNonzeroMagnitude, 1.7e308], y: [1, 1])]),
  "far away": LineChart(
    x: PlotAxis("x", range: 0...1e-9), y: PlotAxis("y", range: 5...5), series: [PlotSeries("a", [1])]),
]

@Suite struct `A plot` {
  @Test(arguments: plots.keys.sorted(), [SIMD2(720, 450), SIMD2(200, 150), SIMD2(2000, 150)])
  func `is well-formed SVG of its size, without a number that is none`(_ name: String, _ size: SIMD2<Int>) throws {
    let svg = try #require(plots[name]).svg(width: size.x, height: size.y)
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size.x)\" height=\"\(size.y)\""))
    #expect(isXML(svg))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(!svg.contains("width=\"-") && !svg.contains("height=\"-") && !svg.contains("r=\"-"))
  }

  @Test func `says what its parts are called`() {
    let svg = LineChart("Title", x: "below", y: "beside", series: [PlotSeries("first", [1, 2]), PlotSeries("", [2])])
      .svg()
    for text in ["Title", "below", "beside", "first"] { #expect(texts(svg).contains(text)) }
  }

  @Test func `escapes what XML would misread`() {
    let svg = LineChart("a < b & c > \"d\"\u{0}\u{7}\n", x: "", y: "", series: []).svg()
    #expect(svg.contains("a &lt; b &amp; c &gt; \"d\"\u{FFFD}\u{FFFD} <"))
  }

  @Test func `is written into a file`() throws {
    let folder = try TemporaryFolder(), chart = LineChart(x: "x", y: "y", series: [PlotSeries("a", [1, 2])])
    try chart.write(to: folder.path + "/chart.svg", width: 300, height: 200)
    #expect(
      try String(contentsOfFile: folder.path + "/chart.svg", encoding: .utf8) == chart.svg(width: 300, height: 200))
    #expect(throws: FileError.unwritable(file: folder.path + "/none/x", reason: "No such file or directory")) {
      try chart.write(to: folder.path + "/none/x")
    }
  }
}

@Suite struct `A line chart` {
  /// The labels of an axis: those with the given anchor.
  private func labels(_ values: [Double], _ axis: PlotAxis) -> [String] {
    let svg = LineChart(x: "", y: axis, series: [PlotSeries("", values)]).svg()
    return svg.matches(of: /text-anchor="end"[^>]*>([^<]*)</).map { String($0.1) }
  }

  @Test(
    arguments: [
      ([0, 1], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]), ([0, 100], ["0", "20", "40", "60", "80", "100"]),
      ([-3, 4], ["−3", "−2", "−1", "0", "1", "2", "3", "4"]),
      ([0.001, 0.0012], ["0.00100", "0.00105", "0.00110", "0.00115", "0.00120"]),
      ([1e6, 3e6], ["1000000", "1500000", "2000000", "2500000", "3000000"]),
      ([0, 4e-9], ["0", "10⁻⁹", "2×10⁻⁹", "3×10⁻⁹", "4×10⁻⁹"]),
      ([7, 7], ["6.4", "6.6", "6.8", "7.0", "7.2", "7.4", "7.6"]),
    ] as [([Double], [String])])
  func `has exact and round numbers at its axis`(values: [Double], expected: [String]) {
    #expect(labels(values, "") == expected)
  }

  @Test(
    arguments: [
      ([1, 1000], ["1", "10", "100", "1000"]), ([0.01, 0.5], ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"]),
      ([3, 6], ["3.0", "3.5", "4.0", "4.5", "5.0", "5.5", "6.0"]),
      ([1e-12, 1], ["10⁻¹²", "10⁻¹⁰", "10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]),
    ] as [([Double], [String])])
  func `has powers of ten at a logarithmic axis`(values: [Double], expected: [String]) {
    let found = labels(values, .logarithmic(""))
    #expect(found == expected)
  }

  @Test func `has gaps where a value has no place`() {
    func paths(_ values: [Double], _ y: PlotAxis) -> Int {
      LineChart(x: "", y: y, series: [PlotSeries("", values)]).svg().matches(of: /<path/).count
    }
    #expect(paths([1, 2, 3, 4, 5], "") == 1)
    #expect(paths([1, 2, .nan, 4, 5], "") == 2)
    #expect(paths([.infinity, 1, 2, -.infinity, -.infinity, 4, 5, .nan], "") == 2)
    #expect(paths([1, 2, 0, 4, 5, -1, 3, 3], .logarithmic("")) == 3)
    let alone = LineChart(x: "", y: "", series: [PlotSeries("", [1, .nan, 3])]).svg()
    #expect(alone.matches(of: /<circle/).count == 2 && !alone.contains("<path"))
  }

  @Test func `counts epochs in whole numbers`() {
    let svg = LineChart(x: "", y: "", series: [PlotSeries("", [1, 2, 3])]).svg()
    let found = svg.matches(of: /text-anchor="middle"[^>]*>([^<]*)</).map { String($0.1) }
    #expect(found == ["1", "2", "3"])
  }

  @Test func `puts points where they belong`() throws {
    let chart = LineChart(
      x: PlotAxis("", range: 0...10), y: PlotAxis("", range: 0...1),
      series: [PlotSeries("", x: [0, 5, 10], y: [0, 0.5, 1])])
    let numbers = try #require(
      chart.svg().firstMatch(of: /<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/))
    let x = [numbers.1, numbers.3, numbers.5].compactMap { Double($0) },
      y = [numbers.2, numbers.4, numbers.6].compactMap { Double($0) }
    #expect(abs(x[0] + x[2] - 2 * x[1]) < 0.03 && abs(y[0] + y[2] - 2 * y[1]) < 0.03)
    #expect(x[0] < x[2] && y[0] > y[2])
  }
}

@Suite struct `Other charts` {
  @Test func `a scatter plot has a dot for each point and for each class`() {
    let points = Tensor([0, 0, 1, 1, .nan, 2, 3, 3], shape: [4, 2])
    let svg = ScatterPlot(x: "", y: "", points: points, classes: [0, 2, 0, -1], names: ["a", "b", "c"]).svg()
    #expect(svg.matches(of: /<circle/).count == 3 + 4)
    #expect(texts(svg).contains("no class"))
  }

  @Test func `a confusion chart has a cell for each count that is not 0`() {
    let svg = ConfusionChart(counts: [[3, 1], [0, 4]], classes: ["cat", "dog"]).svg()
    #expect(texts(svg).filter { ["3", "1", "0", "4"].contains($0) } == ["3", "1", "4"])
    #expect(texts(svg).filter { $0 == "cat" || $0 == "dog" }.count == 4)
    #expect(texts(svg).contains("true class") && texts(svg).contains("predicted class"))
  }

  @Test func `a bar chart has a bar for each finite value`() {
    let svg = BarChart(categories: ["a", "b"], y: "", groups: [("x", [1, .nan]), ("y", [2, -1])]).svg()
    // Besides the bars, the background and the frame are rectangles.
    #expect(svg.matches(of: /<rect/).count == 3 + 2)
  }
}

private let mistakes: [String: @Sendable () -> Void] = [
  "PlotSeries: \"a\" has 1 x and 2 y": { _ = PlotSeries("a", x: [1], y: [1, 2]) },
  "PlotAxis: logarithmic axis \"y\" cannot run from 0.0 to 1.0": {
    _ = PlotAxis("y", scale: .logarithmic, range: 0...1)
  },
  "PlotAxis: linear axis \"y\" cannot run from 0.0 to inf": { _ = PlotAxis("y", range: 0...Double.infinity) },
  "LineChart: a picture of 10 × 450 pixels is outside 200 × 150 ... 100000 × 100000": {
    _ = LineChart(x: "", y: "", series: []).svg(width: 10, height: 450)
  },
  "ScatterPlot: points of shape [2, 3] and 2 classes": {
    _ = ScatterPlot(x: "", y: "", points: Tensor(zeros: [2, 3]), classes: [0, 1])
  },
  "ScatterPlot: class 1 has no name among 1": {
    _ = ScatterPlot(x: "", y: "", points: Tensor(zeros: [2, 2]), classes: [0, 1], names: ["a"])
  },
  "BarChart: bars start at 0, which has no place on a logarithmic axis": {
    _ = BarChart(categories: [], y: .logarithmic("y"), groups: [])
  },
  "BarChart: \"a\" has 1 values for 2 categories": {
    _ = BarChart(categories: ["x", "y"], y: "", groups: [("a", [1])])
  },
  "ConfusionChart: row 1 has 1 columns of 2": { _ = ConfusionChart(counts: [[1, 2], [3]]) },
  "ConfusionChart: -1 examples at row 0, column 0": { _ = ConfusionChart(counts: [[-1]]) },
  "ConfusionChart: 2 names for 1 classes": { _ = ConfusionChart(counts: [[1]], classes: ["a", "b"]) },
  "ProgressReporter: 0 epochs of 1 steps are no work": { _ = ProgressReporter(epochs: 0) },
  "ProgressReporter: 3 epochs of 2 are finished": { _ = ProgressReporter(epochs: 2, finished: 3) },
  "Checkpoint: \"a.b\" cannot be the name of a part": {
    var number = 1
    try? Checkpoint("/nowhere/x") { $0.include("a.b", &number) }.save()
  },
  "Checkpoint: two parts have the name \"model\"": {
    let model = MLP([1, 1], key: RandomKey(seed: 1))
    try? Checkpoint("/nowhere/x") {
      $0.include(model)
      $0.include(model)
    }.save()
  },
  "Safetensors: __metadata__ cannot be the name of a tensor": { _ = Safetensors(["__metadata__": 1]).bytes() },
]

@Suite struct `A mistake with plots, progress or checkpoints` {
  @Test(arguments: mistakes.keys.sorted())
  func `stops the program and is named`(_ sentence: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [sentence] in
      mistakes[sentence]?()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Fatal error: \(sentence)\n"), "\(text.prefix(500))")
  }
}
