extension Variable {
  /// Returns the variable with a new axis of extent 1.
  ///
  /// - Parameter axis: The position of the new axis in the result, negative ones counting from the end.
  /// - Returns: A variable that shares memory with this one; its gradient drops the axis again.
  /// - Complexity: O(1).
  public func expandedDims(at axis: Int) -> Variable {
    var extents = Array(shape)
    extents.insert(1, at: Shape(extents + [1]).resolvedAxis(axis, operation: "expandedDims"))
    return reshaped(to: extents)
  }

  /// Returns the variable without some axes of extent 1.
  ///
  /// - Parameter axes: The axes, negative ones counting from the end; every axis of extent 1 if left out. An axis of
  ///   another extent stops the program.
  /// - Returns: A variable that shares memory with this one.
  /// - Complexity: O(1).
  public func squeezed(along axes: [Int]? = nil) -> Variable {
    let axes = axes.map { value.reductionAxes($0, operation: "squeeze") } ?? shape.indices.filter { shape[$0] == 1 }
    for axis in axes { require(shape[axis] == 1, "squeeze: axis \(axis) of shape \(shape) has extent \(shape[axis])") }
    return reshaped(to: Array(shape.reduced(along: axes, keepingAxes: false)))
  }

  /// Returns the variable without an axis of extent 1.
  ///
  /// - Parameter axis: The axis, negative ones counting from the end.
  /// - Returns: A variable that shares memory with this one.
  public func squeezed(along axis: Int) -> Variable { squeezed(along: [axis]) }

  /// Returns all elements in row-major order, along one axis.
  ///
  /// - Returns: A variable that shares memory with this one.
  public func flattened() -> Variable { reshaped(to: [value.count]) }
}

extension OperationSample {
  static let expandedDims = OperationSample([[3, 4]], yields: [3, 3, 4]) {
    $0[0].expandedDims(at: 1) * $0[0].expandedDims(at: 0)
  }.varying(3, 4)
  static let squeeze = OperationSample([[3, 1, 4, 1]], yields: [3, 4]) { $0[0].squeezed(along: 1).squeezed() }.also(
    on: [[0, 1, 4, 1]], yields: [0, 4]
  ).also(on: [[1, 1, 1]], yields: [])
  static let flatten = OperationSample([[3, 4]], yields: [12]) { $0[0].flattened() }.also(on: [[]], yields: [1]).also(
    on: [[0, 4]], yields: [0]
  ).also(on: [[2, 1, 3]], yields: [6])
}
