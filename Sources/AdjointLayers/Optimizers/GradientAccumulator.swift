/// Adds up the gradients of several small batches, for one update as if of a large one.
///
///     var accumulator = GradientAccumulator()
///     for part in parts {
///       accumulator.add(valueWithGradients { loss(of: part) }.gradients)
///     }
///     optimizer.update(model, with: accumulator.mean())
///     accumulator.reset()
///
/// The mean over parts of equal size, of losses that are means, is the gradient of the whole.
public struct GradientAccumulator {
  private var sums: [(parameter: Parameter, gradient: Tensor)] = []
  private var positions: [ObjectIdentifier: Int] = [:]
  /// How many gradients have been added since the last reset.
  public private(set) var count = 0

  /// Creates an empty accumulator.
  public init() {}

  /// Adds the gradients of one batch.
  ///
  /// - Parameter gradients: The gradients of a loss. A parameter that this loss does not depend on gets none.
  public mutating func add(_ gradients: Gradients) {
    count += 1
    for parameter in gradients.parameters {
      guard let gradient = gradients.find(parameter)?.value else { continue }
      if let position = positions[ObjectIdentifier(parameter)] {
        sums[position].gradient.add(gradient)
      } else {
        positions[ObjectIdentifier(parameter)] = sums.count
        sums.append((parameter, gradient))
      }
    }
  }

  /// The sum of what has been added.
  ///
  /// - Returns: Gradients for an optimizer; a parameter that no loss depended on has none.
  public func sum() -> Gradients { Gradients(of: sums.map { ($0.parameter, Variable($0.gradient)) }) }

  /// The sum of what has been added, divided by ``count``.
  ///
  /// - Returns: Gradients for an optimizer; a parameter that no loss depended on has none.
  public func mean() -> Gradients { sum().mapParameters { _, gradient in gradient / Variable(Double(count)) } }

  /// Begins anew.
  public mutating func reset() { self = GradientAccumulator() }
}
