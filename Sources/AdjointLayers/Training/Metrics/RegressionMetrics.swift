/// The mean absolute error: 1/n Σ |ŷ − y|.
///
/// - Parameters:
///   - predicted: The predictions ŷ, of any shape.
///   - targets: The targets y, of the same shape.
/// - Returns: A number from 0 on, in the units of the targets.
/// - Throws: ``MetricError/empty(metric:)`` without elements.
public func meanAbsoluteError(_ predicted: Tensor, _ targets: Tensor) throws(MetricError) -> Double {
  let errors = try errors("meanAbsoluteError", predicted, targets)
  return errors.reduce(0) { $0 + $1.magnitude } / Double(errors.count)
}

/// The mean squared error: 1/n Σ (ŷ − y)².
///
/// - Parameters:
///   - predicted: The predictions ŷ, of any shape.
///   - targets: The targets y, of the same shape.
/// - Returns: A number from 0 on, in squared units of the targets.
/// - Throws: ``MetricError/empty(metric:)`` without elements.
public func meanSquaredError(_ predicted: Tensor, _ targets: Tensor) throws(MetricError) -> Double {
  let errors = try errors("meanSquaredError", predicted, targets)
  return errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
}

/// The root of the mean squared error: √(1/n Σ (ŷ − y)²).
///
/// - Parameters:
///   - predicted: The predictions ŷ, of any shape.
///   - targets: The targets y, of the same shape.
/// - Returns: A number from 0 on, in the units of the targets.
/// - Throws: ``MetricError/empty(metric:)`` without elements.
public func rootMeanSquaredError(_ predicted: Tensor, _ targets: Tensor) throws(MetricError) -> Double {
  try meanSquaredError(predicted, targets).squareRoot()
}

/// The coefficient of determination R²: the part of the variance of the targets that the predictions explain.
///
///     1 − Σ (ŷ − y)² / Σ (y − ȳ)²          ȳ: the mean target
///
/// - Parameters:
///   - predicted: The predictions ŷ, of any shape; all elements count as one sample.
///   - targets: The targets y, of the same shape.
/// - Returns: At most 1; 0 for predicting the mean, and below 0 for anything worse.
/// - Throws: ``MetricError`` without elements, or if all targets are the same.
public func rSquared(_ predicted: Tensor, _ targets: Tensor) throws(MetricError) -> Double {
  let errors = try errors("rSquared", predicted, targets)
  let values = targets.scalars(as: Double.self), mean = values.reduce(0, +) / Double(values.count)
  if values.allSatisfy({ $0 == values[0] }) { throw .constantTargets(metric: "rSquared") }
  let variation = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return 1 - errors.reduce(0) { $0 + $1 * $1 } / variation
}

/// The differences of predictions and targets in double precision; at least one.
private func errors(_ metric: String, _ predicted: Tensor, _ targets: Tensor) throws(MetricError) -> [Double] {
  require(
    predicted.shape == targets.shape, "\(metric): predictions \(predicted.shape) do not fit targets \(targets.shape)")
  if targets.count == 0 { throw .empty(metric: metric) }
  return zip(predicted.scalars(as: Double.self), targets.scalars(as: Double.self)).map { $0 - $1 }
}
