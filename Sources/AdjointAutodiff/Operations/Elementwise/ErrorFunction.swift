/// Returns the error function of every element.
///
///     y = 2/√π ∫₀ˣ exp(−t²) dt     x, y: [any shape]; every element of y in [−1, 1]
///     x̄ = ȳ ⊙ 2/√π exp(−x²)
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Abramowitz & Stegun, *Handbook of Mathematical Functions*, 1964, 7.1.1.
public func erf(_ x: Variable) -> Variable { record(.erf, x, value: erf(x.value)) }

extension OperationRule {
  static let erf = OperationRule("erf", saving: .inputs) { dy, saved in
    dy * (1.128379167095512574 * AdjointAutodiff.exp(-AdjointAutodiff.square(saved[0])))
  }
}

extension OperationSample {
  static let erf = OperationSample(elementwise: 1, in: -2...2) { AdjointAutodiff.erf($0[0]) }
}
