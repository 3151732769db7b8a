/// Returns a smooth form of max(x, 0) of every element.
///
///     y = ln(1 + eˣ)       x, y: [any shape]; computed as max(x, 0) + ln(1 + exp(−|x|))
///     x̄ = ȳ ⊙ σ(x)         σ(x) = 1 / (1 + e⁻ˣ)
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Dugas et al., *Incorporating Second-Order Functional Knowledge for Better Option Pricing*, NeurIPS 2000.
public func softplus(_ x: Variable) -> Variable { record(.softplus, x, value: softplus(x.value)) }

/// Returns the logarithm of the logistic sigmoid of every element.
///
///     y = ln σ(x) = −ln(1 + e⁻ˣ)   x, y: [any shape]; finite for every finite x
///     x̄ = ȳ ⊙ σ(−x)
///
/// - Complexity: O(`x.count`) time; keeps the input.
public func logSigmoid(_ x: Variable) -> Variable { record(.logSigmoid, x, value: -softplus(-x.value)) }

extension OperationRule {
  static let softplus = OperationRule("softplus", saving: .inputs, batching: .elementwise) { dy, saved in
    dy * AdjointAutodiff.sigmoid(saved[0])
  }
  static let logSigmoid = OperationRule("logSigmoid", saving: .inputs) { dy, saved in
    dy * AdjointAutodiff.sigmoid(-saved[0])
  }
}

extension OperationSample {
  static let softplus = OperationSample(elementwise: 1, in: -3...3) { AdjointAutodiff.softplus($0[0]) }
  static let logSigmoid = OperationSample(elementwise: 1, in: -3...3) { AdjointAutodiff.logSigmoid($0[0]) }
}
