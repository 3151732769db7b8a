/// Returns e to the power of every element.
///
///     y = eˣ               x, y: [any shape]
///     x̄ = ȳ ⊙ y            0 where ȳ is 0, even where y overflows
///
/// - Complexity: O(`x.count`) time; keeps the output.
public func exp(_ x: Variable) -> Variable { record(.exp, x, value: exp(x.value)) }

extension OperationRule {
  static let exp = OperationRule("exp", saving: .output, batching: .elementwise) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, saved.output)
  }
}

extension OperationSample {
  static let exp = OperationSample(elementwise: 1) { AdjointAutodiff.exp($0[0]) }
}
