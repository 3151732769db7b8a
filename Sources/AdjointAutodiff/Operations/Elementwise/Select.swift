/// Returns the elements of one variable where a condition holds, and those of another elsewhere.
///
///     y = condition = 1 ? a : b    condition, a, b: shapes that broadcast   y: the common shape
///     ā = ȳ ⊙ [condition = 1], b̄ = ȳ ⊙ [condition = 0]     each summed to its operand's shape
///
/// What is not chosen may be infinite or NaN, and passes no gradient: `select(where: greater(x.value, 0), sqrt(x), else: x)`
/// has a finite gradient everywhere. (`where` alone is a word of the language.)
///
/// - Parameters:
///   - condition: 1 where `a` is chosen and 0 where `b` is, as comparisons give; a constant.
///   - a: A variable.
///   - b: A variable.
/// - Returns: The chosen elements.
/// - Complexity: O(`y.count`) time; keeps the condition.
public func select(where condition: Tensor, _ a: Variable, else b: Variable) -> Variable {
  multiplyOrZero(Variable(condition), a) + multiplyOrZero(Variable(1 - condition), b)
}

extension OperationSample {
  static let select = OperationSample([[3, 4], [4]], yields: [3, 4]) {
    AdjointAutodiff.select(where: greater($0[0].value, 0.1), $0[0] * $0[0], else: $0[1])
  }.varying(3, 4).also(on: [[], []], yields: [])
}
