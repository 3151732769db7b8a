/// Why a metric has no value for the numbers it was given.
public enum MetricError: Error, Equatable, CustomStringConvertible {
  /// There are no examples.
  case empty(metric: String)
  /// A label or a predicted class is none of the classes.
  case label(metric: String, position: Int, value: Int, classes: Int)
  /// All labels are the same, or none is positive, where the metric compares positive and negative examples.
  case oneClass(metric: String)
  /// A score is NaN, so that scores have no order.
  case notANumber(metric: String, position: Int)
  /// All targets are the same, so that there is no variance to explain.
  case constantTargets(metric: String)

  /// A sentence that says what is wrong.
  public var description: String {
    switch self {
    case .empty(let metric): "\(metric): there are no examples"
    case .label(let metric, let position, let value, let classes):
      "\(metric): class \(value) at position \(position) is outside 0 ..< \(classes)"
    case .oneClass(let metric): "\(metric): there are not both positive and negative labels"
    case .notANumber(let metric, let position): "\(metric): the score at position \(position) is not a number"
    case .constantTargets(let metric): "\(metric): all targets are the same"
    }
  }
}
