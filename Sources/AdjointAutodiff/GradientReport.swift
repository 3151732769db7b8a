/// What a gradient check found.
public struct GradientReport: CustomStringConvertible, Sendable {
  /// How an element came out.
  public enum Verdict: String, Sendable {
    /// The two numbers agree.
    case agrees
    /// They do not.
    case wrong
    /// The slopes on the two sides differ: there is a kink or a tie here, and no derivative to compare with.
    case kink
    /// They do not, but the differences scatter as much with their step: the function loses too many digits here to tell.
    case noise
  }

  /// One element of the derivative, or the derivative along a direction.
  public struct Element: Sendable {
    /// The input or parameter, and the position in row-major order or the direction's number.
    public let name: String, position: Int
    /// The derivative from the reverse sweep and from differences.
    public let analytic: Double, numeric: Double
    /// The step of the differences and the disagreement allowed.
    public let step: Double, tolerance: Double
    /// The slopes below and above the point.
    public let slopes: (below: Double, above: Double)
    /// Where the differences of other steps lie, if they had to be asked.
    public let scatter: ClosedRange<Double>?
    /// How the element came out.
    public let verdict: Verdict

    /// The disagreement as a multiple of the tolerance.
    public var error: Double {
      let difference = Swift.abs(analytic - numeric)
      return difference.isNaN ? .infinity : difference / tolerance
    }
  }

  /// The operation that gave the result; empty if nothing was recorded.
  public let operation: String
  /// 1 for the gradient, 2 for the gradient of the gradient.
  public let order: Int
  /// The element type of the check.
  public let dtype: DType
  /// Whether the function gave the same result twice at the same point.
  public let isRepeatable: Bool
  /// Every element that was checked.
  public let elements: [Element]
  /// The derivatives along random directions, of inputs with more elements than are checked one by one.
  public let directions: [Element]

  /// Whether everything agrees.
  public var passes: Bool { isRepeatable && (elements + directions).allSatisfy { $0.verdict == .agrees } }

  /// The element or direction with the largest disagreement.
  public var worst: Element? { (elements + directions).max { $0.error < $1.error } }

  /// The verdict in one line, then the elements that do not agree, worst first, ten at most.
  public var description: String {
    let title = "gradient check\(operation.isEmpty ? "" : " of \(operation)"), order \(order), \(dtype)"
    if !isRepeatable {
      return "\(title): the function gives different results at the same point; pass it the same random key every time"
    }
    let count = "\(elements.count) elements" + (directions.isEmpty ? "" : " and \(directions.count) directions")
    let failures = labelled.filter { $0.element.verdict != .agrees }.sorted { $0.element.error > $1.element.error }
    guard !failures.isEmpty else {
      return "\(title): \(count) agree"
        + (worst.map { ", the worst within \(formatNumber($0.error, "%.2g")) of its tolerance" } ?? "")
    }
    let lines = failures.prefix(10).map { label, element in
      "  \(label): \(element.verdict.rawValue): reverse sweep \(text(element.analytic)), "
        + "differences \(text(element.numeric)) (step \(formatNumber(element.step, "%.2g")), tolerance "
        + "\(formatNumber(element.tolerance, "%.2g")))\(reason(element))"
    }
    return (["\(title): \(failures.count) of \(count) disagree"] + lines).joined(separator: "\n")
  }

  /// Everything that was checked: place, verdict, both numbers, step and tolerance.
  public var table: String {
    AdjointAutodiff.table(
      [["", "verdict", "reverse sweep", "differences", "step", "tolerance"]]
        + labelled.map { label, element in
          [
            label, element.verdict.rawValue, text(element.analytic), text(element.numeric),
            formatNumber(element.step, "%.2g"), formatNumber(element.tolerance, "%.2g"),
          ]
        })
  }

  private var labelled: [(label: String, element: Element)] {
    elements.map { ("\($0.name)[\($0.position)]", $0) }
      + directions.map { ("\($0.name) along direction \($0.position)", $0) }
  }

  private func text(_ value: Double) -> String { formatNumber(value, "%.9g") }

  /// What the verdict rests on.
  private func reason(_ element: Element) -> String {
    switch (element.verdict, element.scatter) {
    case (.kink, _): "; slope \(text(element.slopes.below)) below, \(text(element.slopes.above)) above"
    case (.noise, let scatter?):
      "; other steps give \(text(scatter.lowerBound)) to \(text(scatter.upperBound)): "
        + (dtype == .float32 ? "check in float64" : "check at a point where fewer digits cancel")
    default: ""
    }
  }
}
