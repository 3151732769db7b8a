import AdjointKernels

/// How the elements of two operands meet in a common shape: as few axes as possible, a stride of 0 where one is repeated.
struct BroadcastLayout {
  private(set) var kernel = adjoint_broadcast()

  init(_ shape: Shape, _ a: Shape, _ b: Shape) {
    let left = Self.strides(of: a, in: shape), right = Self.strides(of: b, in: shape)
    var extents: [Int] = [], lefts: [Int] = [], rights: [Int] = []
    // From the last axis to the first, an axis joins the one after it if both operands run through the two without a gap.
    for axis in stride(from: shape.rank - 1, through: 0, by: -1) where shape[axis] != 1 {
      if let extent = extents.last, let l = lefts.last, let r = rights.last,
        left[axis] == l * extent && right[axis] == r * extent
      {
        extents[extents.count - 1] = extent * shape[axis]
      } else {
        extents.append(shape[axis])
        lefts.append(left[axis])
        rights.append(right[axis])
      }
    }
    if extents.isEmpty { (extents, lefts, rights) = ([1], [1], [1]) }
    kernel.rank = Int32(extents.count)
    withUnsafeMutableBytes(of: &kernel.extents) { Self.fill($0, extents) }
    withUnsafeMutableBytes(of: &kernel.left_strides) { Self.fill($0, lefts) }
    withUnsafeMutableBytes(of: &kernel.right_strides) { Self.fill($0, rights) }
  }

  /// The distance in memory between neighbours along each axis of `shape`, 0 where `operand` is repeated.
  static func strides(of operand: Shape, in shape: Shape) -> [Int] {
    let dense = operand.strides, missing = shape.rank - operand.rank
    return (0..<shape.rank).map { axis in
      axis < missing || operand[axis - missing] == 1 ? 0 : dense[axis - missing]
    }
  }

  private static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ reversed: [Int]) {
    for (i, value) in reversed.reversed().enumerated() {
      bytes.storeBytes(of: value, toByteOffset: i * 8, as: Int.self)
    }
  }
}

extension Tensor {
  /// The tensor repeated along new axes and axes of extent 1, by NumPy's rules.
  ///
  /// - Parameter shape: The shape to reach.
  /// - Returns: A tensor of that shape; a shape that cannot be reached stops the program.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    require(
      broadcastShape(self.shape, shape, operation: "broadcast") == shape,
      "broadcast: shape \(self.shape) does not broadcast to \(shape)")
    if isScalar { return Tensor(repeating: scalarValue, shape: shape, dtype: isLiteral ? .default : dtype) }
    return strided(shape: shape, strides: BroadcastLayout.strides(of: self.shape, in: shape))
  }

  /// The sum over everything that broadcasting to this tensor's shape had repeated: the adjoint of ``broadcast(to:)``.
  ///
  /// - Parameter shape: A shape that broadcasts to this tensor's.
  /// - Returns: A tensor of that shape.
  public func summed(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    require(
      broadcastShape(self.shape, shape, operation: "sum") == self.shape,
      "sum: shape \(shape) does not broadcast to \(self.shape)")
    let missing = rank - shape.rank
    let axes = (0..<rank).filter { $0 < missing || (shape[$0 - missing] == 1 && self.shape[$0] != 1) }
    return sum(along: axes, keepingAxes: true).viewed(as: shape)
  }
}
