extension Variable {
  /// Returns the variable with a number in every place where a mask holds.
  ///
  ///     y = mask ≠ 0 ? number : x      x, y: [any shape]   mask: a shape that broadcasts to x's
  ///     x̄ = mask ≠ 0 ? 0 : ȳ
  ///
  /// What is replaced does not matter, not even if it is infinite or NaN.
  ///
  /// - Parameters:
  ///   - mask: Zeros where the elements stay.
  ///   - number: The number; it may be infinite.
  /// - Returns: A variable of the same shape. A mask that does not fit stops the program with both shapes named.
  /// - Complexity: O(`x.count`) time; keeps a mask.
  public func filled(where mask: Tensor, with number: Double) -> Variable {
    require(
      broadcastShape(mask.shape, shape, operation: "filled") == shape,
      "filled: a mask of shape \(mask.shape) for shape \(shape)")
    let stays = equal(mask.converted(to: dtype), 0)
    let filling = multiplyOrZero(Variable(1 - stays), Variable(Tensor(number, dtype: dtype)))
    return multiplyOrZero(Variable(stays), self) + filling
  }

  /// Returns the elements for which a mask holds, in row-major order.
  ///
  ///     y[k] = x at the k-th place where mask ≠ 0      x, mask: one shape   y: [the number of places]
  ///     x̄ = ȳ at these places, 0 elsewhere
  ///
  /// - Parameter mask: Zeros where elements are left out. Another shape stops the program with both named.
  /// - Returns: A variable with one axis.
  /// - Complexity: O(`x.count`) time; keeps the places.
  public func selected(where mask: Tensor) -> Variable {
    require(mask.shape == shape, "selected: a mask of shape \(mask.shape) for shape \(shape)")
    return flattened().gatherRows(IndexArray((0..<mask.count).filter { mask.element(at: $0) != 0 }))
  }
}

extension OperationSample {
  static let maskedFill = OperationSample("masked fill", [[2, 3]], yields: [2, 3]) {
    $0[0].filled(where: [1, 0, 1], with: -7) * $0[0]
  }.varying(2)
  static let maskedSelect = OperationSample("masked select", [[2, 3]], yields: [3]) {
    $0[0].selected(where: [[1, 0, 1], [0, 0, 1]])
  }
}
