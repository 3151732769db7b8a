import Foundation

/// What several runs came to: their mean, and the deviation of one run from it.
public struct Spread: Sendable, CustomStringConvertible {
  /// The result of each run.
  public let values: [Double]

  /// Sums runs up.
  ///
  /// - Parameter values: The result of each run, at least one.
  public init(_ values: [Double]) { self.values = values }

  /// The mean.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The standard deviation of the sample, √(Σ (v − mean)² / (n − 1)); 0 for a single run.
  public var deviation: Double {
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return values.count < 2 ? 0 : (squares / Double(values.count - 1)).squareRoot()
  }

  /// `mean ± deviation`, with two digits after the point.
  public var description: String { "\(mean.formatted(2)) ± \(deviation.formatted(2))" }
}

extension Double {
  /// The number with so many digits after the point.
  public func formatted(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
