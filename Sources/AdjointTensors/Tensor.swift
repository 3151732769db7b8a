import AdjointKernels

/// A dense, row-major array of numbers of one element type.
///
/// Tensors are values: a copy shares memory until one of the two is changed. A single number (rank 0) is stored inline,
/// without any allocation. Reshaping and slicing along the first axis share memory; everything else makes a new tensor.
///
///     let a: Tensor = [[1, 2, 3], [4, 5, 6]]      // shape [2, 3], float32
///     let b = Tensor(zeros: [2, 3])
///     print(a + b * 2)
///
/// Numbers written as literals adopt the element type of the other operand. Otherwise both operands of an operation must
/// have the same element type.
public struct Tensor: Sendable {
  /// What a tensor consists of. One byte says all there is to ask of a number.
  @usableFromInline package enum Elements: Sendable {
    /// A tensor of rank 0; a literal has been written in the source, and adopts the element type of whatever it meets.
    case float32(Double), float64(Double), literal(Double)
    /// The elements and extents of a tensor with axes.
    case float32Array(Storage), float64Array(Storage)
  }

  @usableFromInline package private(set) var elements: Elements

  @inlinable @inline(__always)
  package init(_ elements: Elements) { self.elements = elements }

  /// A tensor whose elements are not yet set.
  package init(uninitialized shape: Shape, dtype: DType) {
    if shape.rank > 0 {
      self.init(storage: Storage(shape: shape, elementSize: dtype.byteCount), dtype: dtype)
    } else {
      self.init(scalar: 0, dtype: dtype)
    }
  }

  /// A tensor with the given elements.
  @inlinable @inline(__always)
  package init(storage: Storage, dtype: DType) {
    elements = dtype == .float32 ? .float32Array(storage) : .float64Array(storage)
  }

  /// A single number of a given element type.
  ///
  /// - Parameters:
  ///   - value: The number; it is rounded to the element type.
  ///   - dtype: The element type.
  @inlinable @inline(__always)
  public init(_ value: Double, dtype: DType = .default) {
    self.init(scalar: dtype.rounded(value), dtype: dtype)
  }

  @inlinable @inline(__always)
  package init(scalar value: Double, dtype: DType) {
    elements = dtype == .float32 ? .float32(value) : .float64(value)
  }

  /// A tensor of rank 0 whose value is rounded to its type already.
  @inlinable @inline(__always)
  package init(number value: Double, kind: Kind) {
    switch kind {
    case .float32: elements = .float32(value)
    case .float64: elements = .float64(value)
    case .literal: elements = .literal(value)
    case .float32Array, .float64Array: preconditionFailure("a number of a kind with axes")
    }
  }

  /// The element type; a literal has that of a tensor made of it alone.
  @inlinable @inline(__always)
  public var dtype: DType { kind.dtype }

  /// Whether this is a number written in the source, which adopts the element type of whatever it meets.
  @inlinable @inline(__always)
  package var isLiteral: Bool { kind == .literal }

  /// The memory of a tensor with axes; nil for a single number.
  @inlinable @inline(__always)
  package var storage: Storage? {
    switch elements {
    case .float32Array(let storage), .float64Array(let storage): storage
    default: nil
    }
  }

  /// The extents of the axes.
  public var shape: Shape { storage?.shape ?? Shape() }

  /// The number of axes.
  public var rank: Int { storage?.shape.rank ?? 0 }

  /// The number of elements.
  public var count: Int { storage?.shape.elementCount ?? 1 }

  /// The value of a tensor of rank 0.
  @inlinable @inline(__always)
  package var scalarValue: Double {
    switch elements {
    case .float32(let value), .float64(let value), .literal(let value): value
    default: 0
    }
  }

  /// The value of a tensor of rank 0; nil if it has axes.
  @inlinable @inline(__always)
  package var number: Double? {
    switch elements {
    case .float32(let value), .float64(let value), .literal(let value): value
    default: nil
    }
  }

  @inlinable @inline(__always)
  package var isScalar: Bool { kind.isNumber }

  /// The first element of a tensor with axes.
  @inline(__always)
  package var pointer: UnsafeRawPointer { UnsafeRawPointer(storage.unsafelyUnwrapped.pointer) }

  /// Whether the elements are part of a larger array, which they keep alive.
  package var isView: Bool { storage.map { !$0.ownsBlock } ?? false }

  /// Whether nothing else refers to the elements of this tensor with axes.
  package var isUnique: Bool {
    mutating get {
      guard var storage else { return false }
      let dtype = dtype
      // The reference moves out for the question, so that it counts once.
      elements = .literal(0)
      defer { self = Tensor(storage: storage, dtype: dtype) }
      return isKnownUniquelyReferenced(&storage) && storage.ownsBlock
    }
  }

  /// The first element of a tensor with axes that nothing else refers to; makes it so if need be.
  package mutating func uniquePointer() -> UnsafeMutableRawPointer {
    if !isUnique { self = copied() }
    return storage.unsafelyUnwrapped.pointer
  }

  /// Calls `body` with the address of the elements, for single numbers too.
  @inline(__always)
  package func withPointer<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    if storage != nil { return body(pointer) }
    if dtype == .float32 {
      var value = Float(scalarValue)
      return Swift.withUnsafeBytes(of: &value) { body($0.baseAddress.unsafelyUnwrapped) }
    }
    var value = scalarValue
    return Swift.withUnsafeBytes(of: &value) { body($0.baseAddress.unsafelyUnwrapped) }
  }

  /// A new tensor whose elements `fill` writes.
  @inline(__always)
  package init(shape: Shape, dtype: DType, fill: (UnsafeMutableRawPointer) -> Void) {
    if shape.rank > 0 {
      self.init(uninitialized: shape, dtype: dtype)
      fill(storage.unsafelyUnwrapped.pointer)
    } else if dtype == .float32 {
      var value: Float = 0
      Swift.withUnsafeMutableBytes(of: &value) { fill($0.baseAddress.unsafelyUnwrapped) }
      self.init(scalar: Double(value), dtype: dtype)
    } else {
      var value: Double = 0
      Swift.withUnsafeMutableBytes(of: &value) { fill($0.baseAddress.unsafelyUnwrapped) }
      self.init(scalar: value, dtype: dtype)
    }
  }

  /// The same elements in memory of their own.
  package func copied() -> Tensor {
    guard storage != nil else { return self }
    let source = pointer
    return Tensor(shape: shape, dtype: dtype) { adjoint_copy($0, source, count * dtype.byteCount) }
  }

  /// The same elements in another element type.
  ///
  /// - Parameter dtype: The element type; values are rounded to it.
  /// - Returns: The converted tensor, or `self` if it has that type already.
  public func converted(to dtype: DType) -> Tensor {
    if isScalar { return Tensor(scalarValue, dtype: dtype) }
    if dtype == self.dtype { return self }
    let source = pointer
    return Tensor(shape: shape, dtype: dtype) { adjoint_convert(dtype.kernel, $0, self.dtype.kernel, source, count) }
  }

  /// The memory of a tensor with axes from `byteOffset` on, seen with another shape.
  package func viewed(byteOffset: Int, as shape: Shape) -> Tensor {
    Tensor(
      storage: Storage(viewing: storage.unsafelyUnwrapped, byteOffset: byteOffset, shape: shape), dtype: dtype)
  }

  /// The same memory seen with another shape of as many elements.
  package func viewed(as shape: Shape) -> Tensor {
    if shape.rank == 0 || isScalar {
      if shape.rank == 0 && isScalar { return self }
      if isLiteral { return Tensor(repeating: scalarValue, shape: shape) }
      return withPointer { source in
        Tensor(shape: shape, dtype: dtype) { $0.copyMemory(from: source, byteCount: dtype.byteCount) }
      }
    }
    return viewed(byteOffset: 0, as: shape)
  }
}
