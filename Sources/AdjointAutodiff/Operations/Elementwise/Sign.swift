/// Returns the sign of every element.
///
///     y = [x > 0] − [x < 0]    x, y: [any shape]; 0 at ±0, NaN stays NaN
///     x̄ = 0                    at 0 too
///
/// - Complexity: O(`x.count`) time; nothing is kept for the reverse sweep.
public func sign(_ x: Variable) -> Variable { record(.sign, x, value: sign(x.value)) }

extension OperationRule {
  static let sign = OperationRule("sign", saving: .nothing, joint: { _, _ in [nil] })
}

extension OperationSample {
  static let sign = OperationSample(elementwise: 1, in: 0.1...1) { AdjointAutodiff.sign($0[0]) }
}
