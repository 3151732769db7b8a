/// Returns every element over one more than its absolute value.
///
///     y = x / (1 + |x|)    x, y: [any shape]; every element of y in [−1, 1]
///     x̄ = ȳ / (1 + |x|)²
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Turian, Bergstra & Bengio, *Quadratic Features and Deep Architectures for Chunking*, NAACL 2009.
public func softsign(_ x: Variable) -> Variable {
  // Beyond 1e30 the quotient is ±1 in both element types; the bound keeps ∞ / ∞ out.
  let bounded = clamp(x.value, to: -1e30...1e30)
  return record(.softsign, x, value: bounded / (1 + abs(bounded)))
}

extension OperationRule {
  static let softsign = OperationRule("softsign", saving: .inputs) { dy, saved in
    dy * AdjointAutodiff.square(AdjointAutodiff.reciprocal(1 + AdjointAutodiff.abs(saved[0])))
  }
}

extension OperationSample {
  static let softsign = OperationSample(elementwise: 1, in: -2.1...2) { AdjointAutodiff.softsign($0[0]) }
}
