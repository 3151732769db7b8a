/// Returns every element, scaled by a learned slope where it is negative.
///
///     y = x > 0 ? x : slope ⊙ x    x, slope: shapes that broadcast   y: the common shape
///     x̄ = ȳ ⊙ (x > 0 ? 1 : slope), slope̅ = ȳ ⊙ min(x, 0)     each summed to its operand's shape
///
/// x̄ is ȳ ⊙ slope at x = 0.
///
/// - Parameters:
///   - x: A variable.
///   - slope: The slopes below 0: one number, or one for each column.
/// - Returns: A variable of the common shape.
/// - Complexity: O(`y.count`) time; keeps both operands.
/// - SeeAlso: He, Zhang, Ren & Sun, *Delving Deep into Rectifiers*, ICCV 2015, eq. 1.
public func prelu(_ x: Variable, slope: Variable) -> Variable {
  record(.prelu, x, slope, value: leakyReLU(x.value, slope.value))
}

extension OperationRule {
  static let prelu = parametricReLU("prelu")
}

extension OperationSample {
  static let prelu = OperationSample(elementwise: 2) { AdjointAutodiff.prelu($0[0], slope: $0[1]) }
  static let preluRow = OperationSample("prelu with a row", [[3, 4], [4]], yields: [3, 4]) {
    AdjointAutodiff.prelu($0[0], slope: $0[1])
  }.varying(3, 4)
}
