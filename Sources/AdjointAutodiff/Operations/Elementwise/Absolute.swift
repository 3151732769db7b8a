/// Returns the absolute value of every element.
///
///     y = |x|              x, y: [any shape]
///     x̄ = ȳ ⊙ sign x       0 at x = 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
public func abs(_ x: Variable) -> Variable { record(.absolute, x, value: abs(x.value)) }

extension OperationRule {
  static let absolute = OperationRule("abs", saving: .inputs, batching: .elementwise) { dy, saved in
    dy * Variable(AdjointTensors.sign(saved[0].value))
  }
}

extension OperationSample {
  static let absolute = OperationSample("abs", elementwise: 1) { AdjointAutodiff.abs($0[0]) }
}
