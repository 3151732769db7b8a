import AdjointKernels

/// A Swift type that elements can be read as.
public protocol TensorScalar: BinaryFloatingPoint, Sendable {
  /// The element type with the same representation.
  static var dtype: DType { get }
}

extension Float: TensorScalar {
  /// `.float32`.
  public static var dtype: DType { .float32 }
}

extension Double: TensorScalar {
  /// `.float64`.
  public static var dtype: DType { .float64 }
}

extension Tensor {
  /// The elements in row-major order.
  ///
  /// - Parameter type: `Float.self` or `Double.self`; elements of the other type are converted.
  /// - Returns: An array of ``count`` elements.
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
    let count = count
    return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress {
        withPointer { adjoint_convert(Scalar.dtype.kernel, base, dtype.kernel, $0, count) }
      }
      initialized = count
    }
  }

  /// The value of a tensor with exactly one element.
  ///
  /// - Returns: The element as a `Double`; a tensor with more or fewer elements stops the program.
  @inlinable @inline(__always)
  public func item() -> Double { isScalar ? scalarValue : onlyElement }

  @usableFromInline
  var onlyElement: Double {
    require(count == 1, "item: shape \(shape) has \(count) elements, not one")
    return element(at: 0)
  }

  /// The element at a position in row-major order.
  package func element(at position: Int) -> Double {
    if isScalar { return scalarValue }
    return dtype == .float32
      ? Double(pointer.load(fromByteOffset: position * 4, as: Float.self))
      : pointer.load(fromByteOffset: position * 8, as: Double.self)
  }

  private func position(of indices: [Int]) -> Int {
    require(indices.count == rank, "Tensor: \(indices.count) indices for shape \(shape)")
    var position = 0
    for (axis, index) in indices.enumerated() {
      require(
        index >= 0 && index < shape[axis],
        "Tensor: index \(index) on axis \(axis) is outside 0 ..< \(shape[axis]) of shape \(shape)")
      position = position * shape[axis] + index
    }
    return position
  }

  /// The element at the given index on every axis: `a[1, 2]`.
  ///
  /// Setting an element copies the tensor first if another one shares its memory.
  public subscript(indices: Int...) -> Double {
    get { element(at: position(of: indices)) }
    set {
      let position = position(of: indices)
      if isScalar {
        self = Tensor(newValue, dtype: dtype)
      } else if dtype == .float32 {
        uniquePointer().storeBytes(of: Float(newValue), toByteOffset: position * 4, as: Float.self)
      } else {
        uniquePointer().storeBytes(of: newValue, toByteOffset: position * 8, as: Double.self)
      }
    }
  }
}

extension Tensor: Equatable {
  /// Whether shapes, element types and all elements are equal. NaN equals nothing; a literal number equals the same
  /// number of either type.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape, a.dtype == b.dtype || a.isLiteral || b.isLiteral else { return false }
    if a.isScalar {
      let dtype = a.isLiteral ? b.dtype : a.dtype
      return dtype.rounded(a.scalarValue) == dtype.rounded(b.scalarValue)
    }
    return (0..<a.count).allSatisfy { a.element(at: $0) == b.element(at: $0) }
  }

  /// Whether two tensors have the same shape, element type and bits: NaN equals itself, 0 differs from −0.
  ///
  /// - Parameter other: The tensor to compare with.
  /// - Returns: True if every bit is equal.
  public func isIdentical(to other: Tensor) -> Bool {
    guard shape == other.shape, dtype == other.dtype else { return false }
    return withPointer { a in
      other.withPointer { b in
        a == b
          || UnsafeRawBufferPointer(start: a, count: count * dtype.byteCount).elementsEqual(
            UnsafeRawBufferPointer(start: b, count: count * dtype.byteCount))
      }
    }
  }
}
