import AdjointKernels

extension Tensor {
  /// A tensor of zeros.
  ///
  /// - Parameters:
  ///   - shape: The extents of the axes.
  ///   - dtype: The element type.
  public init(zeros shape: Shape, dtype: DType = .default) { self.init(repeating: 0, shape: shape, dtype: dtype) }

  /// A tensor of ones.
  ///
  /// - Parameters:
  ///   - shape: The extents of the axes.
  ///   - dtype: The element type.
  public init(ones shape: Shape, dtype: DType = .default) { self.init(repeating: 1, shape: shape, dtype: dtype) }

  /// A tensor whose elements are all the same.
  ///
  /// - Parameters:
  ///   - value: The value of every element.
  ///   - shape: The extents of the axes.
  ///   - dtype: The element type.
  public init(repeating value: Double, shape: Shape, dtype: DType = .default) {
    self.init(shape: shape, dtype: dtype) { adjoint_fill(dtype.kernel, $0, value, shape.elementCount) }
  }

  /// A tensor from its elements in row-major order.
  ///
  /// - Parameters:
  ///   - scalars: The elements; their number must be the shape's.
  ///   - shape: The extents of the axes; one axis if left out.
  ///   - dtype: The element type.
  public init(_ scalars: [Double], shape: Shape? = nil, dtype: DType = .default) {
    self.init(elements: scalars, type: .float64, shape: shape, dtype: dtype)
  }

  /// A tensor from its elements in row-major order.
  ///
  /// - Parameters:
  ///   - scalars: The elements; their number must be the shape's.
  ///   - shape: The extents of the axes; one axis if left out.
  ///   - dtype: The element type.
  @_disfavoredOverload
  public init(_ scalars: [Float], shape: Shape? = nil, dtype: DType = .default) {
    self.init(elements: scalars, type: .float32, shape: shape, dtype: dtype)
  }

  private init<Element>(elements: [Element], type: DType, shape: Shape?, dtype: DType) {
    let shape = shape ?? [elements.count]
    require(
      shape.elementCount == elements.count,
      "Tensor: \(elements.count) elements do not fill shape \(shape), which has \(shape.elementCount)")
    self.init(shape: shape, dtype: dtype) { result in
      elements.withUnsafeBytes { source in
        guard let base = source.baseAddress else { return }
        adjoint_convert(dtype.kernel, result, type.kernel, base, elements.count)
      }
    }
  }

  /// Equally spaced numbers: `start`, `start + step`, … below `end` (above it for a negative step).
  ///
  /// Element i is `start + i · step`, computed in double precision and then rounded.
  ///
  /// - Parameters:
  ///   - start: The first number.
  ///   - end: The bound, not included.
  ///   - step: The distance between neighbours, not 0.
  ///   - dtype: The element type.
  /// - Returns: A tensor with one axis, empty if `end` is not beyond `start`.
  public static func arange(_ start: Double, _ end: Double, step: Double = 1, dtype: DType = .default) -> Tensor {
    let steps = ((end - start) / step).rounded(.up)
    require(
      step != 0 && (end - start).isFinite && steps <= Double(Int32.max),
      "arange: no steps of \(step) lead from \(start) to \(end)")
    let count = Int(Swift.max(0, steps))
    return Tensor((0..<count).map { start + Double($0) * step }, dtype: dtype)
  }

  /// The whole numbers 0, 1, … below `end`.
  ///
  /// - Parameters:
  ///   - end: The bound, not included.
  ///   - dtype: The element type.
  /// - Returns: A tensor with one axis.
  public static func arange(_ end: Double, dtype: DType = .default) -> Tensor { arange(0, end, dtype: dtype) }

  /// The identity matrix: ones on the diagonal, zeros elsewhere.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns, the same as rows if left out.
  ///   - dtype: The element type.
  /// - Returns: A tensor of shape `[rows, columns]`.
  public static func eye(_ rows: Int, _ columns: Int? = nil, dtype: DType = .default) -> Tensor {
    let shape: Shape = [rows, columns ?? rows]
    var scalars = [Double](repeating: 0, count: shape.elementCount)
    for i in 0..<Swift.min(shape[0], shape[1]) { scalars[i * shape[1] + i] = 1 }
    return Tensor(scalars, shape: shape, dtype: dtype)
  }
}

extension Tensor: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A number that adopts the element type of the other operand.
  @inlinable @inline(__always)
  public init(floatLiteral value: Double) { self.init(number: value, kind: .literal) }

  /// A number that adopts the element type of the other operand.
  @inlinable @inline(__always)
  public init(integerLiteral value: Int) { self.init(number: Double(value), kind: .literal) }
}

extension Tensor: ExpressibleByArrayLiteral {
  /// A tensor from nested literals: `[[1, 2], [3, 4]]`.
  ///
  /// Every element along an axis must have the same shape. The element type is the default one.
  public init(arrayLiteral elements: Tensor...) {
    self = elements.isEmpty ? Tensor(zeros: [0]) : stack(elements)
  }
}
