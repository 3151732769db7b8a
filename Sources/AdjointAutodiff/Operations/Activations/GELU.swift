import AdjointKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How ``gelu(_:form:)`` is computed.
public enum GELUForm: Sendable {
  /// x Φ(x), with the error function.
  case exact
  /// ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), which differs by up to 5e-4.
  case tanh
}

/// Returns the Gaussian error linear unit of every element.
///
///     y = x Φ(x) = ½ x (1 + erf(x / √2))   x, y: [any shape]
///     x̄ = ȳ ⊙ (Φ(x) + x φ(x))              φ(x) = exp(−x²/2) / √(2π)
///
/// The value at −∞ is 0, in both forms.
///
/// - Parameters:
///   - x: A variable.
///   - form: The exact function, or the approximation by a hyperbolic tangent that some models were trained with.
/// - Returns: A variable of the same shape.
/// - Complexity: O(`x.count`) time; keeps the input, and three more arrays in the tanh form.
/// - SeeAlso: Hendrycks & Gimpel, *Gaussian Error Linear Units*, 2016, section 2.
public func gelu(_ x: Variable, form: GELUForm = .exact) -> Variable {
  switch form {
  case .exact: return record(.gelu, x, value: gelu(x.value))
  case .tanh:
    // Beyond ±10 the hyperbolic tangent is ±1 to the last digit, and its derivative 0: the bounds keep ∞ · 0 out.
    let bounded = max(x, -10), inner = min(bounded, 10)
    return multiplyOrZero(1 + tanh(0.79788456080286535588 * (inner * (1 + 0.044715 * square(inner)))), 0.5 * bounded)
  }
}

/// Returns ȳ ⊙ (Φ(x) + x φ(x)) in one pass.
func geluPullback(_ dy: Variable, _ x: Variable) -> Variable {
  let value = Tensor.binary(ADJOINT_GELU_PULLBACK, "gelu′", dy.value, x.value) { dy, x in
    let x = x < -40 ? -40 : x > 40 ? 40 : x
    return dy * (0.5 * erfc(-x * 0.5.squareRoot()) + x * exp(-0.5 * x * x) * 0.39894228040143267794)
  }
  return record(.geluPullback, dy, x, value: value)
}

extension OperationRule {
  static let gelu = OperationRule("gelu", saving: .inputs, batching: .elementwise) { dy, saved in
    AdjointAutodiff.geluPullback(dy, saved[0])
  }
  // d/dx (Φ(x) + x φ(x)) = φ(x) (2 − x²).
  static let geluPullback = OperationRule(
    "gelu′", saving: .inputs, { g, saved in AdjointAutodiff.geluPullback(g, saved[1]) },
    { g, saved in
      let square = AdjointAutodiff.square(AdjointAutodiff.clamp(saved[1], to: -40...40))
      return g * saved[0] * (0.39894228040143267794 * AdjointAutodiff.exp(-0.5 * square) * (2 - square))
    })
}

extension OperationSample {
  static let gelu = OperationSample(elementwise: 1, in: -2...2) { AdjointAutodiff.gelu($0[0]) }
  static let geluTanh = OperationSample("gelu, tanh form", elementwise: 1, in: -2...2) {
    AdjointAutodiff.gelu($0[0], form: .tanh)
  }
  static let geluPullback = OperationSample("gelu′", [[3, 4], [3, 4]], yields: [3, 4]) {
    AdjointAutodiff.geluPullback($0[0], $0[1])
  }.varying(3, 4).also(on: [[], []], yields: [])
}
