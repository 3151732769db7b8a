/// Returns e to the power of every element.
///
///     y = eˣ               x, y: [any shape]
///     x̄ = ȳ ⊙ y            the output alone is kept for the reverse sweep
///
/// - Complexity: O(`x.count`) time.
public func exp(_ x: Variable) -> Variable { record(.exp, x, value: exp(x.value)) }

extension OperationRule {
  static let exp = OperationRule("exp", saving: .output) { dy, saved in dy * saved.output }
}

extension OperationSample {
  static let exp = OperationSample([[3, 4]], yields: [3, 4]) { AdjointAutodiff.exp($0[0]) }
}
