/// Returns the square of every element.
///
///     y = x²               x, y: [any shape]
///     x̄ = 2 ȳ ⊙ x
///
/// - Complexity: O(`x.count`) time; keeps the input.
public func square(_ x: Variable) -> Variable { record(.square, x, value: square(x.value)) }

extension OperationRule {
  static let square = OperationRule("square", saving: .inputs, batching: .elementwise) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, 2 * saved[0])
  }
}

extension OperationSample {
  static let square = OperationSample(elementwise: 1) { AdjointAutodiff.square($0[0]) }
}
