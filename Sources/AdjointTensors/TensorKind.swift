extension Tensor {
  /// What a tensor consists of, without its elements.
  @usableFromInline package enum Kind: UInt8, Sendable {
    case float32, float64, literal, float32Array, float64Array

    /// The kind of a tensor of rank 0.
    @inlinable @inline(__always)
    package init(numberOf dtype: DType) { self = dtype == .float32 ? .float32 : .float64 }

    @inlinable @inline(__always)
    package var isNumber: Bool { rawValue <= Kind.literal.rawValue }

    @inlinable @inline(__always)
    package var dtype: DType { self == .float64 || self == .float64Array ? .float64 : .float32 }

    /// The nearest value of a number of this kind. A literal stays as it is until it meets another kind.
    @inlinable @inline(__always)
    package func rounded(_ value: Double) -> Double { self == .float32 ? Double(Float(value)) : value }
  }

  @inlinable @inline(__always)
  package var kind: Kind {
    switch elements {
    case .float32: .float32
    case .float64: .float64
    case .literal: .literal
    case .float32Array: .float32Array
    case .float64Array: .float64Array
    }
  }
}
