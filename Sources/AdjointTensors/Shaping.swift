import AdjointKernels

extension Tensor {
  /// The same elements in another shape.
  ///
  /// - Parameter extents: The new extents; one of them may be −1 and is then worked out from the others.
  /// - Returns: A tensor that shares this one's memory. A shape with another number of elements stops the program.
  public func reshaped(to extents: [Int]) -> Tensor {
    viewed(as: resolvedShape(extents))
  }

  /// The shape that `extents` names for this tensor's elements.
  package func resolvedShape(_ extents: [Int]) -> Shape {
    let known = extents.filter { $0 != -1 }
    let product = known.reduce(1, *)
    var resolved = extents
    if known.count == extents.count - 1, let gap = extents.firstIndex(of: -1) {
      require(
        product != 0 && count % product == 0,
        "reshape: shape \(shape) with \(count) elements does not fit \(extents)")
      resolved[gap] = count / product
    }
    require(
      known.count >= extents.count - 1 && known.allSatisfy { $0 >= 0 } && resolved.reduce(1, *) == count,
      "reshape: shape \(shape) with \(count) elements does not fit \(extents)")
    return Shape(resolved)
  }

  /// The tensor with its axes in another order.
  ///
  /// - Parameter axes: For every axis of the result, the axis of this tensor; all axes in reverse if left out.
  /// - Returns: A tensor in memory of its own.
  public func transposed(_ axes: [Int]? = nil) -> Tensor {
    let axes = axes?.map { shape.resolvedAxis($0, operation: "transpose") } ?? Array((0..<rank).reversed())
    require(
      axes.sorted() == Array(0..<rank), "transpose: axes \(axes) are not an order of the \(rank) axes of \(shape)")
    if isScalar || axes == Array(0..<rank) { return self }
    let strides = shape.strides
    return strided(shape: Shape(axes.map { shape[$0] }), strides: axes.map { strides[$0] })
  }

  /// Rows `range` of the first axis.
  ///
  /// - Parameter range: Positions along the first axis.
  /// - Returns: A tensor that shares this one's memory. A range beyond the axis stops the program.
  public func rows(_ range: Range<Int>) -> Tensor {
    require(rank > 0, "rows: a single number has no axis to slice")
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[0],
      "rows: \(range.lowerBound) ..< \(range.upperBound) is outside 0 ..< \(shape[0]) of shape \(shape)")
    var result = shape
    result[0] = range.count
    let width = shape.dropFirst().reduce(1, *)
    return viewed(byteOffset: range.lowerBound * width * dtype.byteCount, as: result)
  }

  /// Positions `range` of an axis.
  ///
  /// - Parameters:
  ///   - range: Positions along the axis.
  ///   - axis: The axis, negative ones counting from the end.
  /// - Returns: The slice. A range beyond the axis stops the program.
  public func slice(_ range: Range<Int>, along axis: Int) -> Tensor {
    let axis = shape.resolvedAxis(axis, operation: "slice")
    if axis == 0 { return rows(range) }
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "slice: \(range.lowerBound) ..< \(range.upperBound) is outside 0 ..< \(shape[axis]) on axis \(axis) of \(shape)")
    var result = shape
    result[axis] = range.count
    let strides = shape.strides
    return strided(shape: result, strides: strides, offset: range.lowerBound * strides[axis])
  }

  /// Zeros of shape `shape` with this tensor at positions `start ...` of an axis: the adjoint of a slice.
  package func placed(in shape: Shape, along axis: Int, at start: Int) -> Tensor {
    var result = Tensor(zeros: shape, dtype: dtype)
    result.write(self, along: axis, at: start)
    return result
  }

  /// Overwrites positions `start ...` of an axis. This tensor must own its memory.
  package mutating func write(_ part: Tensor, along axis: Int, at start: Int) {
    let strides = shape.strides
    let target = uniquePointer() + start * strides[axis] * dtype.byteCount
    adjoint_strided_copy(
      Int32(dtype.byteCount), Int32(rank), Array(part.shape), target, strides, part.pointer, part.shape.strides)
  }

  /// A dense copy of a strided view. Strides are in elements, 0 to repeat.
  package func strided(shape: Shape, strides: [Int], offset: Int = 0) -> Tensor {
    let source = pointer + offset * dtype.byteCount
    return Tensor(shape: shape, dtype: dtype) {
      adjoint_strided_copy(
        Int32(dtype.byteCount), Int32(shape.rank), Array(shape), $0, shape.strides, source, strides)
    }
  }
}

/// Tensors joined along an axis.
///
/// - Parameters:
///   - tensors: At least one tensor; all extents but that of `axis` must agree.
///   - axis: The axis, negative ones counting from the end.
/// - Returns: A tensor whose extent along `axis` is the sum of theirs.
public func concatenate(_ tensors: [Tensor], along axis: Int = -1) -> Tensor {
  require(!tensors.isEmpty, "concatenate: there are no tensors")
  let first = tensors[0]
  let axis = first.shape.resolvedAxis(axis, operation: "concatenate")
  var shape = first.shape
  shape[axis] = 0
  for (i, tensor) in tensors.enumerated() {
    var expected = first.shape
    if tensor.rank == first.rank { expected[axis] = tensor.shape[axis] }
    require(
      tensor.shape == expected,
      "concatenate: shape \(tensor.shape) of tensor \(i) does not fit \(first.shape) along axis \(axis)")
    require(
      tensor.dtype == first.dtype,
      "concatenate: element types differ: \(first.dtype) and \(tensor.dtype) of tensor \(i)")
    shape[axis] += tensor.shape[axis]
  }
  var result = Tensor(uninitialized: shape, dtype: first.dtype)
  var start = 0
  for tensor in tensors {
    result.write(tensor, along: axis, at: start)
    start += tensor.shape[axis]
  }
  return result
}

/// Tensors of one shape joined along a new first axis.
///
/// - Parameter tensors: At least one tensor. Numbers written as literals adopt the element type of the others.
/// - Returns: A tensor of shape `[tensors.count, ...]`. Shapes or element types that differ stop the program.
public func stack(_ tensors: [Tensor]) -> Tensor {
  require(!tensors.isEmpty, "stack: there are no tensors")
  let first = tensors[0], length = first.count
  let dtype = tensors.first { !$0.isLiteral }?.dtype ?? .default
  return Tensor(shape: Shape([tensors.count] + first.shape), dtype: dtype) { result in
    for (i, tensor) in tensors.enumerated() {
      require(tensor.shape == first.shape, "stack: tensor \(i) has shape \(tensor.shape), tensor 0 has \(first.shape)")
      require(
        tensor.isLiteral || tensor.dtype == dtype,
        "stack: element types differ: \(dtype) and \(tensor.dtype) of tensor \(i)")
      tensor.converted(to: dtype).withPointer {
        adjoint_copy(result + i * length * dtype.byteCount, $0, length * dtype.byteCount)
      }
    }
  }
}
