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
  }

  /// One element of the derivative.
  public struct Element: Sendable {
    /// The input or parameter, and the position in row-major order.
    public let name: String, position: Int
    /// The derivative from the reverse sweep and from differences.
    public let analytic: Double, numeric: Double
    /// The step of the differences and the disagreement allowed.
    public let step: Double, tolerance: Double
    /// The slopes below and above the point.
    public let slopes: (below: Double, above: Double)
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

  /// Whether everything agrees.
  public var passes: Bool { isRepeatable && elements.allSatisfy { $0.verdict == .agrees } }

  /// The element with the largest disagreement.
  public var worst: Element? { elements.max { $0.error < $1.error } }

  /// The verdict in one line, then the elements that do not agree, worst first.
  public var description: String {
    if !isRepeatable {
      return
        "gradient check\(operation.isEmpty ? "" : " of \(operation)"), order \(order), \(dtype): the function gives different results at the same point; "
        + "pass it the same random key every time"
    }
    let failures = elements.filter { $0.verdict != .agrees }.sorted { $0.error > $1.error }
    guard !failures.isEmpty else {
      return
        "gradient check\(operation.isEmpty ? "" : " of \(operation)"), order \(order), \(dtype): \(elements.count) elements agree"
        + (worst.map { ", the worst within \(formatNumber($0.error, "%.2g")) of its tolerance" } ?? "")
    }
    func text(_ value: Double) -> String { formatNumber(value, "%.9g") }
    let lines = failures.prefix(10).map { element in
      "  \(element.name)[\(element.position)]: \(element.verdict.rawValue): reverse sweep \(text(element.analytic)), "
        + "differences \(text(element.numeric)) (step \(formatNumber(element.step, "%.2g")), tolerance "
        + "\(formatNumber(element.tolerance, "%.2g")))"
        + (element.verdict == .kink
          ? "; slope \(text(element.slopes.below)) below, \(text(element.slopes.above)) above" : "")
    }
    return
      ([
        "gradient check\(operation.isEmpty ? "" : " of \(operation)"), order \(order), \(dtype): \(failures.count) of \(elements.count) elements disagree"
      ] + lines)
      .joined(separator: "\n")
  }
}
