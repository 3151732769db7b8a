/// Returns the tangent of every element, in radians.
///
///     y = tan x            x, y: [any shape]; NaN at ±∞
///     x̄ = ȳ ⊙ (1 + y²)     0 where ȳ is 0
///
/// - Complexity: O(`x.count`) time; keeps the output.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.3.107.
public func tan(_ x: Variable) -> Variable { record(.tan, x, value: tan(x.value)) }

extension OperationRule {
  static let tan = OperationRule("tan", saving: .output) { dy, saved in
    AdjointAutodiff.multiplyOrZero(dy, 1 + AdjointAutodiff.square(saved.output))
  }
}

extension OperationSample {
  static let tan = OperationSample(elementwise: 1) { AdjointAutodiff.tan($0[0]) }
}
