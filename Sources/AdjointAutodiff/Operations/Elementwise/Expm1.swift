/// Returns eˣ − 1 of every element, with all digits near 0, where eˣ itself would lose them.
///
///     y = eˣ − 1           x, y: [any shape]
///     x̄ = ȳ ⊙ eˣ           from the input, since y + 1 has lost the digits of a small eˣ
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Kahan, *Branch Cuts for Complex Elementary Functions*, 1987.
public func expm1(_ x: Variable) -> Variable { record(.expm1, x, value: expm1(x.value)) }

extension OperationRule {
  static let expm1 = OperationRule("expm1", saving: .inputs) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.exp(saved[0]))
  }
}

extension OperationSample {
  static let expm1 = OperationSample(elementwise: 1) { AdjointAutodiff.expm1($0[0]) }
}
