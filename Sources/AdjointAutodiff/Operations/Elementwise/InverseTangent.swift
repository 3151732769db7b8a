/// Returns the inverse tangent of every element, in −π/2 ... π/2.
///
///     y = arctan x         x, y: [any shape]
///     x̄ = ȳ / (1 + x²)
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 4.4.54.
public func atan(_ x: Variable) -> Variable { record(.atan, x, value: atan(x.value)) }

extension OperationRule {
  static let atan = OperationRule("atan", saving: .inputs) { dy, saved in
    AdjointAutodiff.divideOrZero(dy, 1 + AdjointAutodiff.square(saved[0]))
  }
}

extension OperationSample {
  static let atan = OperationSample(elementwise: 1, in: -2...2) { AdjointAutodiff.atan($0[0]) }
}
