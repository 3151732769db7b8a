extension Variable {
  /// Returns the same elements in another shape.
  ///
  ///     y = x                x: [any shape]   y: [extents], as many elements
  ///     x̄ = ȳ                in x's shape
  ///
  /// - Parameter extents: The new extents; one of them may be −1 and is then worked out from the others.
  /// - Returns: A variable that shares memory with this one. Another number of elements stops the program.
  /// - Complexity: O(1).
  public func reshaped(to extents: [Int]) -> Variable {
    let result = value.resolvedShape(extents)
    if result == shape { return self }
    return record(.reshape, self, value: value.viewed(as: result))
  }
}

extension OperationRule {
  static let reshape = OperationRule("reshape", saving: .nothing, batching: .reshaping) { dy, saved in
    dy.reshaped(to: Array(saved.shape(of: 0)))
  }
}

extension OperationSample {
  static let reshape = OperationSample([[3, 4]], yields: [2, 6]) { $0[0].reshaped(to: [2, -1]) }.also(
    on: [[1, 2]], yields: [2, 1]
  ).also(on: [[0, 5]], yields: [2, 0])
}
