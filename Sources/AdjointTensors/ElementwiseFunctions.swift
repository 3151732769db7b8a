import AdjointKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// Functions of every element beyond those of Elementwise.swift.

/// eˣ − 1 of every element, without the cancellation near 0.
public func expm1(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_EXPM1, x) { expm1($0) } }

/// ln(1 + x) of every element, with all digits near 0: −∞ at −1, NaN below.
public func log1p(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_LOG1P, x) { log1p($0) } }

/// The logarithm to base 2 of every element, exact for powers of two: −∞ at 0, NaN below.
public func log2(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_LOG2, x) { log2($0) } }

/// 1 / √x of every element: ∞ at 0, NaN below.
public func rsqrt(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_RSQRT, x) { 1 / $0.squareRoot() } }

/// 1 / x of every element.
public func reciprocal(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_RECIPROCAL, x) { 1 / $0 } }

/// The sine of every element.
public func sin(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_SIN, x) { sin($0) } }

/// The cosine of every element.
public func cos(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_COS, x) { cos($0) } }

/// The tangent of every element.
public func tan(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_TAN, x) { tan($0) } }

/// The inverse sine of every element: NaN outside −1 ... 1.
public func asin(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_ASIN, x) { asin($0) } }

/// The inverse cosine of every element: NaN outside −1 ... 1.
public func acos(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_ACOS, x) { acos($0) } }

/// The inverse tangent of every element.
public func atan(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_ATAN, x) { atan($0) } }

/// The hyperbolic sine of every element.
public func sinh(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_SINH, x) { sinh($0) } }

/// The hyperbolic cosine of every element.
public func cosh(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_COSH, x) { cosh($0) } }

/// The inverse hyperbolic sine of every element.
public func asinh(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_ASINH, x) { asinh($0) } }

/// The inverse hyperbolic cosine of every element: NaN below 1.
public func acosh(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_ACOSH, x) { acosh($0) } }

/// The inverse hyperbolic tangent of every element: ±∞ at ±1, NaN beyond.
public func atanh(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_ATANH, x) { atanh($0) } }

/// The error function of every element.
public func erf(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_ERF, x) { erf($0) } }

/// The largest integer that is not above an element.
public func floor(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_FLOOR, x) { $0.rounded(.down) } }

/// The smallest integer that is not below an element.
public func ceil(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_CEIL, x) { $0.rounded(.up) } }

/// The integer nearest to every element; the even one of two that are equally near.
public func round(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_ROUND, x) { $0.rounded(.toNearestOrEven) } }

/// ln(1 + eˣ) of every element, without overflow.
public func softplus(_ x: Tensor) -> Tensor {
  Tensor.unary(ADJOINT_SOFTPLUS, x) { x in (x > 0 ? x : 0) + log1p(exp(-Swift.abs(x))) }
}

/// x / (1 + e⁻ˣ) of every element; 0 at −∞.
public func silu(_ x: Tensor) -> Tensor {
  Tensor.unary(ADJOINT_SILU, x) { x in
    let power = exp(-Swift.abs(x))
    return (x < -1000 ? -1000 : x) * (x < 0 ? power : 1) / (1 + power)
  }
}

/// x Φ(x) of every element, with the distribution function Φ of the normal distribution; 0 at −∞.
public func gelu(_ x: Tensor) -> Tensor {
  Tensor.unary(ADJOINT_GELU, x) { x in (x < -40 ? -40 : x) * 0.5 * erfc(-x * 0.5.squareRoot()) }
}

/// a to the power of b, elementwise and by broadcasting: 1 where b is 0, NaN where a is negative and b is not an integer.
public func pow(_ a: Tensor, _ b: Tensor) -> Tensor {
  // Three exponents that are faster without the general function. Literal ones leave a's type as it is.
  if b.isScalar, b.isLiteral || b.dtype == a.dtype {
    if b.scalarValue == 1 { return a }
    if b.scalarValue == 2 { return square(a) }
    if b.scalarValue == 3 { return square(a) * a }
  }
  return Tensor.binary(ADJOINT_POW, "pow", a, b) { pow($0, $1) }
}

/// The angle of the point (x, y), in −π ... π, elementwise and by broadcasting.
public func atan2(_ y: Tensor, _ x: Tensor) -> Tensor { Tensor.binary(ADJOINT_ATAN2, "atan2", y, x) { atan2($0, $1) } }

/// a − b ⌊a / b⌋, elementwise and by broadcasting: the remainder with the sign of b, as in Python. NaN where b is 0.
public func remainder(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.binary(ADJOINT_REMAINDER, "remainder", a, b) { a, b in
    let r = fmod(a, b)
    if r == 0 { return b.sign == .minus ? -0.0 : 0 }
    return (r < 0) != (b < 0) && !b.isNaN ? r + b : r
  }
}

/// `low` where an element is below it, `high` where it is above that, and the element itself between; NaN stays NaN.
public func clamp(_ x: Tensor, to range: ClosedRange<Double>) -> Tensor {
  min(max(x, Tensor(floatLiteral: range.lowerBound)), Tensor(floatLiteral: range.upperBound))
}

/// a where `condition` is 1 and b where it is 0, by broadcasting. What is not chosen may be infinite or NaN.
public func select(where condition: Tensor, _ a: Tensor, else b: Tensor) -> Tensor {
  multiplyOrZero(condition, a) + multiplyOrZero(1 - condition, b)
}

/// a ⊙ b, and exactly 0 wherever a is 0, whatever b is; by broadcasting.
@inlinable @inline(__always)
package func multiplyOrZero(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.binary(ADJOINT_MULTIPLY_OR_ZERO, "multiplyOrZero", a, b) { $0 == 0 ? 0 : $0 * $1 }
}

/// a / b, and exactly 0 wherever a is 0, whatever b is; by broadcasting.
@inlinable @inline(__always)
package func divideOrZero(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.binary(ADJOINT_DIVIDE_OR_ZERO, "divideOrZero", a, b) { $0 == 0 ? 0 : $0 / $1 }
}
