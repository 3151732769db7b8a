/// Returns every element, moved to the nearer bound if it is outside them.
///
///     y = min(max(x, low), high)   x, y: [any shape]
///     x̄ = ȳ ⊙ [low < x < high]     0 on the bounds, so that clamping to 0 ... ∞ is `relu`
///
/// NaN stays NaN and gets no gradient.
///
/// - Parameters:
///   - x: A variable.
///   - range: The bounds; either may be infinite.
/// - Returns: A variable of the same shape.
/// - Complexity: O(`x.count`) time; keeps the input.
public func clamp(_ x: Variable, to range: ClosedRange<Double>) -> Variable {
  let (low, high) = (Tensor(floatLiteral: range.lowerBound), Tensor(floatLiteral: range.upperBound))
  return record("clamp", x, value: clamp(x.value, to: range), saving: .inputs) { dy, saved in
    let inside = greater(saved[0].value, low) * greater(high, saved[0].value)
    return multiplyOrZero(Variable(inside), dy)
  }
}

extension OperationSample {
  static let clamp = OperationSample(elementwise: 1) { AdjointAutodiff.clamp($0[0], to: -0.3...0.6) }
}
