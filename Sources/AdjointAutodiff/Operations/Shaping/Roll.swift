extension Variable {
  /// Returns the variable with its elements moved along an axis, those that leave at the end coming back at the start.
  ///
  ///     y[…, (i + k) mod n, …] = x[…, i, …]      x, y: [any shape]   k: the distance   n: the extent
  ///     x̄ = ȳ, moved back
  ///
  /// - Parameters:
  ///   - distance: How far, towards the start if negative.
  ///   - axis: The axis, negative ones counting from the end.
  /// - Returns: A variable of the same shape.
  /// - Complexity: O(`x.count`) time; nothing is kept.
  public func rolled(by distance: Int, along axis: Int) -> Variable {
    let axis = shape.resolvedAxis(axis, operation: "roll")
    let extent = shape[axis]
    let cut = extent == 0 ? 0 : ((-distance % extent) + extent) % extent
    if cut == 0 { return self }
    return concatenate([slice(cut..<extent, along: axis), slice(0..<cut, along: axis)], along: axis)
  }
}

extension OperationSample {
  static let roll = OperationSample([[2, 5]], yields: [2, 5]) {
    $0[0].rolled(by: 2, along: 1) * $0[0].rolled(by: -7, along: -1)
  }.varying(2, 5)
}
