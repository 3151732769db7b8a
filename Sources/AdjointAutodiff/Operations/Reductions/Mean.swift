extension Variable {
  /// Returns the mean of all elements, or the means along some axes.
  ///
  ///     y = Σ x / n          x: [any shape]   y: x's shape without `axes`   n: the number of elements added up
  ///     x̄ = ȳ / n            repeated along `axes`
  ///
  /// The mean of no elements is 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to average along, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The means.
  /// - Complexity: O(`x.count`) time; nothing is kept for the reverse sweep.
  public func mean(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let total = sum(along: axes, keepingAxes: keepingAxes)
    let count = value.reductionAxes(axes, operation: "mean").reduce(1) { $0 * shape[$1] }
    return count == 0 ? total : total * Variable(1 / Double(count))
  }

  /// Returns the means along one axis.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - keepingAxes: Whether it stays, with extent 1.
  /// - Returns: The means.
  public func mean(along axis: Int, keepingAxes: Bool = false) -> Variable {
    mean(along: [axis], keepingAxes: keepingAxes)
  }
}

extension OperationSample {
  static let mean = OperationSample([[3, 4]], yields: []) { $0[0].mean() }.varying(3, 4).also(on: [[]], yields: [])
  static let meanLast = OperationSample("mean along the last axis", [[3, 4]], yields: [3]) { $0[0].mean(along: -1) }
    .varying(3, 4).also(on: [[5]], yields: [])
}
