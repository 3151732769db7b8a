import AdjointKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Returns the exponential linear unit of every element.
///
///     y = x > 0 ? x : α (eˣ − 1)   x, y: [any shape]
///     x̄ = ȳ ⊙ (x > 0 ? 1 : α eˣ)   α at x = 0
///
/// - Parameters:
///   - x: A variable.
///   - alpha: The value α, negated, that y tends to at −∞.
/// - Returns: A variable of the same shape.
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Clevert, Unterthiner & Hochreiter, *Fast and Accurate Deep Network Learning by Exponential Linear Units*,
///   ICLR 2016, eq. 15.
public func elu(_ x: Variable, alpha: Double = 1) -> Variable {
  let alpha = Tensor(floatLiteral: alpha)
  let value = Tensor.binary(ADJOINT_ELU, "elu", x.value, alpha) { $0 > 0 ? $0 : $1 * expm1($0) }
  return record(.elu, x, Variable(alpha), value: value)
}

/// Returns x > 0 ? 1 : α eˣ, with its own derivative x > 0 ? 0 : α eˣ.
func eluSlope(_ x: Variable, _ alpha: Tensor) -> Variable {
  let value = Tensor.binary(ADJOINT_ELU_SLOPE, "elu′", x.value, alpha) { $0 > 0 ? 1 : $1 * exp($0) }
  return record("elu′", x, value: value, saving: .inputs) { dy, saved in
    let below = Variable(1 - step(saved[0].value))
    return dy * below * eluSlope(saved[0], alpha)
  }
}

extension OperationRule {
  // α is a constant; its gradient is never asked for.
  static let elu = OperationRule(
    "elu", saving: .inputs, { dy, saved in dy * eluSlope(saved[0], saved[1].value) }, { dy, _ in dy })
}

extension OperationSample {
  static let elu = OperationSample(elementwise: 1) { AdjointAutodiff.elu($0[0]) }
  static let eluAlpha = OperationSample("elu with α = ½", elementwise: 1) {
    AdjointAutodiff.elu($0[0], alpha: 0.5)
  }
}
