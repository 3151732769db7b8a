/// Returns every element, moved to the nearer bound if it is outside them: a hyperbolic tangent of straight lines.
///
///     y = min(max(x, low), high)   x, y: [any shape]
///     x̄ = ȳ ⊙ [low < x < high]     0 on the bounds
///
/// - Parameters:
///   - x: A variable.
///   - range: The bounds.
/// - Returns: A variable of the same shape.
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Collobert, *Large Scale Machine Learning*, PhD thesis, Université Paris VI, 2004.
public func hardtanh(_ x: Variable, to range: ClosedRange<Double> = -1...1) -> Variable { clamp(x, to: range) }

/// Returns a logistic sigmoid of straight lines of every element.
///
///     y = min(max(x + 3, 0), 6) / 6    x, y: [any shape]; every element of y in [0, 1]
///     x̄ = ȳ ⊙ [−3 < x < 3] / 6         0 at ±3
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Howard et al., *Searching for MobileNetV3*, ICCV 2019, section 5.2.
public func hardsigmoid(_ x: Variable) -> Variable { (clamp(x, to: -3...3) + 3) / 6 }

extension OperationSample {
  static let hardtanh = OperationSample(elementwise: 1, in: -2.1...2) { AdjointAutodiff.hardtanh($0[0]) }
  static let hardsigmoid = OperationSample(elementwise: 1, in: -4.6...4.8) {
    AdjointAutodiff.hardsigmoid($0[0])
  }
}
