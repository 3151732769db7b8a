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
  /// The memory of a tensor with axes; nil for a single number.
  package var storage: Storage?
  // A single number: its value, as the bit pattern of a Double. Otherwise: the offset of the first element.
  private var word: UInt64
  /// The extents of the axes.
  public private(set) var shape: Shape
  /// The element type.
  public private(set) var dtype: DType
  /// Whether this is a number written in the source, which adopts the element type of whatever it meets.
  package private(set) var isLiteral: Bool

  /// A tensor whose elements are not yet set.
  package init(uninitialized shape: Shape, dtype: DType) {
    self.shape = shape
    self.dtype = dtype
    isLiteral = false
    word = 0
    if shape.rank > 0 {
      let count = shape.elementCount
      if count > 1 << 58 { shape.tooLarge() }
      storage = Storage(byteCount: count * dtype.byteCount)
    }
  }

  /// Another view of the same memory.
  package init(viewing storage: Storage?, offset: Int, shape: Shape, dtype: DType) {
    self.storage = storage
    self.shape = shape
    self.dtype = dtype
    isLiteral = false
    word = UInt64(offset)
  }

  /// A single number of a given element type.
  ///
  /// - Parameters:
  ///   - value: The number; it is rounded to the element type.
  ///   - dtype: The element type.
  @inline(__always)
  public init(_ value: Double, dtype: DType = .default) {
    self.init(scalar: dtype.rounded(value), dtype: dtype)
  }

  @inline(__always)
  package init(scalar value: Double, dtype: DType, isLiteral: Bool = false) {
    storage = nil
    shape = Shape()
    self.dtype = dtype
    self.isLiteral = isLiteral
    word = value.bitPattern
  }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// The value of a tensor of rank 0.
  @inline(__always)
  package var scalarValue: Double { Double(bitPattern: word) }

  @inline(__always)
  package var isScalar: Bool { storage == nil }

  package var offset: Int { storage == nil ? 0 : Int(word) }

  /// The first element of a tensor with axes.
  @inline(__always)
  package var pointer: UnsafeRawPointer {
    UnsafeRawPointer(storage.unsafelyUnwrapped.pointer + Int(word) * dtype.byteCount)
  }

  /// The first element of a tensor with axes that nothing else refers to; makes it so if need be.
  package mutating func uniquePointer() -> UnsafeMutableRawPointer {
    if !isKnownUniquelyReferenced(&storage) { self = copied() }
    return storage.unsafelyUnwrapped.pointer + Int(word) * dtype.byteCount
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

  /// The same memory seen with another shape of as many elements.
  package func viewed(as shape: Shape) -> Tensor {
    if shape.rank == 0 || isScalar {
      if shape.rank == 0 && isScalar { return self }
      if isLiteral { return Tensor(repeating: scalarValue, shape: shape) }
      return withPointer { source in
        Tensor(shape: shape, dtype: dtype) { $0.copyMemory(from: source, byteCount: dtype.byteCount) }
      }
    }
    return Tensor(viewing: storage, offset: offset, shape: shape, dtype: dtype)
  }
}
