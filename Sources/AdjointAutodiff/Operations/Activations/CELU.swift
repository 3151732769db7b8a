/// Returns the continuously differentiable exponential linear unit of every element.
///
///     y = x > 0 ? x : α (exp(x / α) − 1)   x, y: [any shape]
///     x̄ = ȳ ⊙ (x > 0 ? 1 : exp(x / α))     1 at x = 0
///
/// - Parameters:
///   - x: A variable.
///   - alpha: The value α > 0, negated, that y tends to at −∞.
/// - Returns: A variable of the same shape.
/// - Complexity: O(`x.count`) time; keeps x / α.
/// - SeeAlso: Barron, *Continuously Differentiable Exponential Linear Units*, 2017, eq. 2.
public func celu(_ x: Variable, alpha: Double = 1) -> Variable {
  require(alpha > 0, "celu: alpha is \(alpha), not above 0")
  if alpha == 1 { return elu(x) }
  let alpha = Variable(alpha)
  return alpha * elu(x / alpha)
}

extension OperationSample {
  static let celu = OperationSample(elementwise: 1) { AdjointAutodiff.celu($0[0], alpha: 0.5) }
}
