/// Returns the angle of the point (x, y), in −π ... π.
///
///     θ = angle of (x, y)          y, x: shapes that broadcast   θ: the common shape
///     ȳ = θ̄ x / (x² + y²), x̄ = −θ̄ y / (x² + y²)    each summed to its operand's shape
///
/// Both gradients are 0 at the origin. The signs of zeros count, as in C: (0, −1) is at π and (−0, −1) at −π.
///
/// - Parameters:
///   - y: The ordinate.
///   - x: The abscissa, which broadcasts with the ordinate.
/// - Returns: The angles.
/// - Complexity: O(`θ.count`) time; keeps both operands.
/// - SeeAlso: ISO/IEC 9899:2018, F.10.1.4.
public func atan2(_ y: Variable, _ x: Variable) -> Variable { record(.atan2, y, x, value: atan2(y.value, x.value)) }

extension OperationRule {
  static let atan2 = OperationRule(
    "atan2", saving: .inputs, broadcasts: true,
    { dy, saved in AdjointAutodiff.multiplyOrZero(dy, slope(saved, along: 1)) },
    { dy, saved in AdjointAutodiff.multiplyOrZero(dy, -slope(saved, along: 0)) })

  /// One coordinate over the square of the distance from the origin.
  private static func slope(_ saved: Saved, along input: Int) -> Variable {
    AdjointAutodiff.divideOrZero(
      saved[input], AdjointAutodiff.square(saved[0]) + AdjointAutodiff.square(saved[1]))
  }
}

extension OperationSample {
  static let atan2 = OperationSample(elementwise: 2, in: 0.5...2) {
    AdjointAutodiff.atan2($0[0], $0[1])
  }
  static let atan2Left = OperationSample("atan2 left of the origin", [[3, 4], [4]], yields: [3, 4], in: 0.5...2) {
    AdjointAutodiff.atan2($0[0], -$0[1])
  }
}
