/// Returns the remainder of a division, with the sign of the divisor, as in Python and NumPy.
///
///     y = a − b ⌊a / b⌋            a, b: shapes that broadcast   y: the common shape
///     ā = ȳ, b̄ = −ȳ ⌊a / b⌋        each summed to its operand's shape
///
/// At a multiple of b, where y jumps, the gradient is that of the side on which y is close to 0. NaN where b is 0.
///
/// - Parameters:
///   - a: The dividend.
///   - b: The divisor, which broadcasts with the dividend.
/// - Returns: The remainders, each between 0 and its divisor.
/// - Complexity: O(`y.count`) time; keeps both operands and the remainders.
/// - SeeAlso: Knuth, *The Art of Computer Programming*, volume 1, section 1.2.4.
public func remainder(_ a: Variable, _ b: Variable) -> Variable {
  record(static: .remainder, a, b, value: remainder(a.value, b.value))
}

extension OperationRule {
  static let remainder = OperationRule(
    "remainder", saving: [.inputs, .output], broadcasts: true, { dy, _ in dy },
    { dy, saved in
      // An integer up to rounding, even where a / b itself would round to the next one.
      let quotient = AdjointTensors.round((saved[0].value - saved.output.value) / saved[1].value)
      return AdjointAutodiff.multiplyOrZero(dy, Variable(-quotient))
    })
}

extension OperationSample {
  static let remainder = OperationSample([[3, 4], [2, 1, 1]], yields: [2, 3, 4]) {
    // The quotient stays between 3 and 4, away from the jumps.
    AdjointAutodiff.remainder(3.5 + 0.05 * $0[0], 1 + 0.05 * $0[1])
  }
  static let remainderNegative = OperationSample("remainder of a negative number", elementwise: 1) {
    AdjointAutodiff.remainder($0[0], -0.71)
  }
}
