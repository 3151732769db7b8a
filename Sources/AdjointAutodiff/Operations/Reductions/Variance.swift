extension Variable {
  /// Returns the variance of all elements, or the variances along some axes.
  ///
  ///     y = Σ (x − μ)² / (n − correction)      x: [any shape]   μ: the mean   n: the number of elements
  ///     x̄ = 2 ȳ (x − μ) / (n − correction)
  ///
  /// The variance of as few elements as `correction`, or of none, is 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - correction: 0 for the variance of a population, 1 for an estimate from a sample.
  ///   - keepingAxes: Whether the axes stay, with extent 1.
  /// - Returns: The variances.
  /// - Complexity: O(`x.count`) time, in two passes; keeps the differences from the mean.
  public func variance(along axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false) -> Variable {
    require(correction >= 0, "variance: the correction \(correction) is below 0")
    let count = value.reductionAxes(axes, operation: "variance").reduce(1) { $0 * shape[$1] }
    let squares = square(self - mean(along: axes, keepingAxes: true)).sum(along: axes, keepingAxes: keepingAxes)
    return squares * Variable(count > correction ? 1 / Double(count - correction) : 0)
  }

  /// Returns the variances along one axis.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - correction: 0 for the variance of a population, 1 for an estimate from a sample.
  ///   - keepingAxes: Whether the axis stays, with extent 1.
  /// - Returns: The variances.
  public func variance(along axis: Int, correction: Int = 0, keepingAxes: Bool = false) -> Variable {
    variance(along: [axis], correction: correction, keepingAxes: keepingAxes)
  }

  /// Returns the standard deviation of all elements, or the standard deviations along some axes.
  ///
  ///     y = √variance
  ///     x̄ = ȳ (x − μ) / ((n − correction) y), 0 where y = 0
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - correction: 0 for the deviation of a population, 1 for an estimate from a sample.
  ///   - keepingAxes: Whether the axes stay, with extent 1.
  /// - Returns: The standard deviations.
  /// - Complexity: O(`x.count`) time, in two passes; keeps the differences from the mean.
  public func standardDeviation(along axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false) -> Variable {
    rootOrZero(variance(along: axes, correction: correction, keepingAxes: keepingAxes))
  }

  /// Returns the standard deviations along one axis.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - correction: 0 for the deviation of a population, 1 for an estimate from a sample.
  ///   - keepingAxes: Whether the axis stays, with extent 1.
  /// - Returns: The standard deviations.
  public func standardDeviation(along axis: Int, correction: Int = 0, keepingAxes: Bool = false) -> Variable {
    standardDeviation(along: [axis], correction: correction, keepingAxes: keepingAxes)
  }
}

/// Returns √x with gradient 0 where x is 0: the root of a sum of squares.
func rootOrZero(_ x: Variable) -> Variable { record(.rootOrZero, x, value: sqrt(x.value)) }

extension OperationRule {
  static let rootOrZero = OperationRule("root or zero", saving: .output) { dy, saved in
    let zeros = equal(saved.output.value, 0)
    return AdjointAutodiff.multiplyOrZero(Variable(0.5 * (1 - zeros)), dy / (saved.output + Variable(zeros)))
  }
}

extension OperationSample {
  static let variance = OperationSample([[3, 4]], yields: []) { $0[0].variance() }.varying(3, 4).also(
    on: [[]], yields: [])
  static let varianceLast = OperationSample("variance of samples", [[2, 3, 4]], yields: [2, 1, 4]) {
    $0[0].variance(along: 1, correction: 1, keepingAxes: true)
  }.varying(2, 3, 4)
  static let standardDeviation = OperationSample([[3, 4]], yields: [3]) {
    $0[0].standardDeviation(along: -1, correction: 1)
  }.varying(3, 4).also(on: [[5]], yields: [])
  static let rootOrZero = OperationSample([[3, 4]], yields: [3, 4], in: 0.5...2) { AdjointAutodiff.rootOrZero($0[0]) }
    .varying(3, 4).also(on: [[]], yields: [])
}
