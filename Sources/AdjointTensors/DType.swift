import AdjointKernels

/// The element type of a tensor.
///
/// Integer indices are not tensors: they have a type of their own, ``IndexArray``.
public enum DType: UInt8, Sendable, CaseIterable {
  /// IEEE 754 binary32, about 7 decimal digits.
  case float32
  /// IEEE 754 binary64, about 16 decimal digits.
  case float64

  /// The type that new tensors get when none is named: `.float32`, unless ``withDefaultDType(_:_:)`` says otherwise.
  @inlinable
  public static var `default`: DType { adjoint_default_dtype() == ADJOINT_FLOAT32 ? .float32 : .float64 }

  /// The size of an element in bytes.
  @inline(__always)
  public var byteCount: Int { self == .float32 ? 4 : 8 }

  /// The distance from 1 to the next larger number of the type.
  public var ulpOfOne: Double { self == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne }

  @inline(__always)
  package var kernel: adjoint_dtype { self == .float32 ? ADJOINT_FLOAT32 : ADJOINT_FLOAT64 }

  /// The nearest value of this type.
  @inlinable @inline(__always)
  package func rounded(_ value: Double) -> Double { self == .float32 ? Double(Float(value)) : value }
}

extension DType: CustomStringConvertible {
  /// `"float32"` or `"float64"`.
  public var description: String { self == .float32 ? "float32" : "float64" }
}

/// Runs `body` with another default element type, on this thread.
///
///     withDefaultDType(.float64) { Tensor(zeros: [2, 3]).dtype }   // .float64
///
/// - Parameters:
///   - dtype: The element type of tensors made inside `body` without one being named.
///   - body: The code to run.
/// - Returns: What `body` returns.
public func withDefaultDType<Result>(_ dtype: DType, _ body: () throws -> Result) rethrows -> Result {
  let previous = adjoint_set_default_dtype(dtype.kernel)
  defer { _ = adjoint_set_default_dtype(previous) }
  return try body()
}
