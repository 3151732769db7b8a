/// Returns a to the power of b.
///
///     y = aᵇ                       a, b: shapes that broadcast   y: the common shape
///     ā = ȳ b aᵇ⁻¹, b̄ = ȳ y ln a   each summed to its operand's shape
///
/// 0⁰ = 1, and both gradients are 0 there: ā is 0 wherever b is 0, b̄ wherever a is 0. Where ȳ is exactly 0, so are both. A
/// negative base has a value and a gradient for integer exponents, and NaN for others; the gradient of the exponent is NaN.
///
/// - Parameters:
///   - a: The base.
///   - b: The exponent, which broadcasts with the base; a number as a rule: `pow(x, 1.5)`.
/// - Returns: The powers.
/// - Complexity: O(`y.count`) time; keeps both operands and the powers.
/// - SeeAlso: Kahan, *Branch Cuts for Complex Elementary Functions*, 1987, for 0⁰ = 1.
public func pow(_ a: Variable, _ b: Variable) -> Variable { record(static: .pow, a, b, value: pow(a.value, b.value)) }

extension OperationRule {
  static let pow = OperationRule(
    "pow", saving: [.inputs, .output], broadcasts: true, batching: .elementwise,
    { dy, saved in
      let (a, b) = (saved[0], saved[1])
      return AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.multiplyOrZero(b, AdjointAutodiff.pow(a, b - 1)))
    },
    { dy, saved in
      // ln 1 in the place of ln 0.
      let logarithm = AdjointAutodiff.log(saved[0] + Variable(equal(saved[0].value, 0)))
      return AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.multiplyOrZero(logarithm, saved.output))
    })
}

extension OperationSample {
  static let pow = OperationSample(elementwise: 2, in: 0.5...2) { AdjointAutodiff.pow($0[0], $0[1]) }
  static let powRow = OperationSample("pow with a row", [[3, 4], [4]], yields: [3, 4], in: 0.5...2) {
    AdjointAutodiff.pow($0[0], $0[1])
  }
  static let powFraction = OperationSample("pow with exponent 1.7", elementwise: 1, in: 0.5...2) {
    AdjointAutodiff.pow($0[0], 1.7)
  }
  static let powInteger = OperationSample("pow with exponent 3", elementwise: 1) {
    AdjointAutodiff.pow($0[0], 3)
  }
  static let powNegative = OperationSample("pow with exponent −2", elementwise: 1, in: -2 ... -0.5) {
    AdjointAutodiff.pow($0[0], -2)
  }
}
