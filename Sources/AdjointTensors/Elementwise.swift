import AdjointKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// Every function has a path for single numbers, which stays in registers, and one for arrays, which calls a kernel.

extension Tensor {
  @inlinable @inline(__always)
  package static func unary(
    _ operation: adjoint_unary_operation, _ x: Tensor, _ scalar: (Double) -> Double
  ) -> Tensor {
    if x.isScalar {
      return Tensor(number: x.kind.rounded(scalar(x.scalarValue)), kind: x.kind)
    }
    return unaryArray(operation, x)
  }

  @inline(never) @usableFromInline
  static func unaryArray(_ operation: adjoint_unary_operation, _ x: Tensor) -> Tensor {
    let source = x.pointer, count = x.count
    return Tensor(shape: x.shape, dtype: x.dtype) { adjoint_unary(operation, x.dtype.kernel, $0, source, count) }
  }

  @inlinable @inline(__always)
  package static func binary(
    _ operation: adjoint_binary_operation, _ name: StaticString, _ a: Tensor, _ b: Tensor,
    _ scalar: (Double, Double) -> Double
  ) -> Tensor {
    if a.isScalar && b.isScalar {
      if a.kind == b.kind {
        return Tensor(number: a.kind.rounded(scalar(a.scalarValue, b.scalarValue)), kind: a.kind)
      }
      let kind = commonKind(name, a, b)
      // Only a literal is not rounded yet; rounding again changes nothing.
      let value = kind.rounded(scalar(kind.rounded(a.scalarValue), kind.rounded(b.scalarValue)))
      return Tensor(number: value, kind: kind)
    }
    return binaryArray(operation, name, a, b)
  }

  /// The kind of the result of an operation on two numbers; types that differ stop the program.
  @inlinable @inline(__always)
  package static func commonKind(_ name: StaticString, _ a: Tensor, _ b: Tensor) -> Kind {
    if a.kind == b.kind || b.kind == .literal { return a.kind }
    if a.kind != .literal { differ(name, a, b) }
    return b.kind
  }

  /// The element type of an operation on two tensors; types that differ stop the program.
  package static func commonDType(_ name: StaticString, _ a: Tensor, _ b: Tensor) -> DType {
    if a.dtype == b.dtype || b.isLiteral { return a.dtype }
    if !a.isLiteral { differ(name, a, b) }
    return b.dtype
  }

  @inline(never) @usableFromInline
  static func differ(_ name: StaticString, _ a: Tensor, _ b: Tensor) -> Never {
    stop("\(name): element types differ: \(a.dtype) \(a.shape) and \(b.dtype) \(b.shape)")
  }

  @inline(never) @usableFromInline
  static func binaryArray(
    _ operation: adjoint_binary_operation, _ name: StaticString, _ left: Tensor, _ right: Tensor
  ) -> Tensor {
    let dtype = commonDType(name, left, right)
    let a = left.converted(to: dtype), b = right.converted(to: dtype)
    if a.shape == b.shape {
      let x = a.pointer, y = b.pointer, count = a.count
      return Tensor(shape: a.shape, dtype: dtype) { adjoint_binary(operation, dtype.kernel, $0, x, y, count) }
    }
    let shape = broadcastShape(a.shape, b.shape, operation: "\(name)")
    var layout = BroadcastLayout(shape, a.shape, b.shape).kernel
    return Tensor(shape: shape, dtype: dtype) { result in
      a.withPointer { x in
        b.withPointer { y in
          adjoint_binary_broadcast(operation, dtype.kernel, result, x, y, &layout)
        }
      }
    }
  }

  /// Adds `other` to this tensor, in place when nothing else shares its memory.
  ///
  /// - Parameter other: A tensor of the same shape and element type.
  public mutating func add(_ other: Tensor) {
    require(shape == other.shape, "add: shapes \(shape) and \(other.shape) differ")
    if isScalar {
      self = self + other
      return
    }
    require(dtype == other.dtype, "add: element types differ: \(dtype) and \(other.dtype)")
    if isUnique {
      let target = UnsafeMutableRawPointer(mutating: pointer)
      adjoint_binary(ADJOINT_ADD, dtype.kernel, target, target, other.pointer, count)
    } else {
      self = self + other
    }
  }

  /// The sum of two tensors, by broadcasting.
  @inlinable @inline(__always)
  public static func + (a: Tensor, b: Tensor) -> Tensor { binary(ADJOINT_ADD, "add", a, b, +) }

  /// The difference of two tensors, by broadcasting.
  @inlinable @inline(__always)
  public static func - (a: Tensor, b: Tensor) -> Tensor { binary(ADJOINT_SUBTRACT, "subtract", a, b, -) }

  /// The elementwise product of two tensors, by broadcasting.
  @inlinable @inline(__always)
  public static func * (a: Tensor, b: Tensor) -> Tensor { binary(ADJOINT_MULTIPLY, "multiply", a, b, *) }

  /// The elementwise quotient of two tensors, by broadcasting.
  @inlinable @inline(__always)
  public static func / (a: Tensor, b: Tensor) -> Tensor { binary(ADJOINT_DIVIDE, "divide", a, b, /) }

  /// The negated tensor.
  @inlinable @inline(__always)
  public static prefix func - (x: Tensor) -> Tensor { unary(ADJOINT_NEGATE, x, -) }
}

/// The elementwise maximum, by broadcasting; NaN if either operand is.
@inlinable @inline(__always)
public func max(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.binary(ADJOINT_MAXIMUM, "max", a, b) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
}

/// The elementwise minimum, by broadcasting; NaN if either operand is.
@inlinable @inline(__always)
public func min(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.binary(ADJOINT_MINIMUM, "min", a, b) { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
}

/// 1 where a > b and 0 elsewhere, by broadcasting.
@inlinable @inline(__always)
public func greater(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.binary(ADJOINT_GREATER, "greater", a, b) { $0 > $1 ? 1 : 0 }
}

/// 1 where a = b and 0 elsewhere, by broadcasting.
@inlinable @inline(__always)
public func equal(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.binary(ADJOINT_EQUAL, "equal", a, b) { $0 == $1 ? 1 : 0 }
}

/// e to the power of every element.
public func exp(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_EXP, x) { exp($0) } }

/// The natural logarithm of every element: −∞ at 0, NaN below.
public func log(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_LOG, x) { log($0) } }

/// The hyperbolic tangent of every element.
public func tanh(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_TANH, x) { tanh($0) } }

/// 1 / (1 + e⁻ˣ) of every element.
public func sigmoid(_ x: Tensor) -> Tensor {
  Tensor.unary(ADJOINT_SIGMOID, x) { x in
    // For a negative number the other form keeps every digit.
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let power = exp(x)
    return power / (1 + power)
  }
}

/// max(x, 0) of every element; NaN stays NaN.
public func relu(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_RELU, x) { $0 > 0 || $0.isNaN ? $0 : 0 } }

/// The square root of every element: NaN below 0.
public func sqrt(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_SQRT, x) { $0.squareRoot() } }

/// The square of every element.
public func square(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_SQUARE, x) { $0 * $0 } }

/// The absolute value of every element.
public func abs(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_ABSOLUTE, x) { Swift.abs($0) } }

/// 1 where an element is above 0, −1 where it is below, 0 at 0.
public func sign(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_SIGN, x) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 } }

/// 1 where an element is above 0, and 0 elsewhere.
public func step(_ x: Tensor) -> Tensor { Tensor.unary(ADJOINT_STEP, x) { $0 > 0 ? 1 : 0 } }
