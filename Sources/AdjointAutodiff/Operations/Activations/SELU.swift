/// Returns the scaled exponential linear unit of every element, which keeps means near 0 and variances near 1.
///
///     y = λ (x > 0 ? x : α (eˣ − 1))       x, y: [any shape]; λ = 1.0507…, α = 1.6732…
///     x̄ = ȳ ⊙ λ (x > 0 ? 1 : α eˣ)         λα at x = 0
///
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Klambauer, Unterthiner, Mayr & Hochreiter, *Self-Normalizing Neural Networks*, NeurIPS 2017, eq. 2.
public func selu(_ x: Variable) -> Variable { 1.0507009873554804935 * elu(x, alpha: 1.6732632423543772848) }

extension OperationSample {
  static let selu = OperationSample(elementwise: 1) { AdjointAutodiff.selu($0[0]) }
}
