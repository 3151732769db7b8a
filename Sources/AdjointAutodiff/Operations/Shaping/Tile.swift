extension Variable {
  /// Returns copies of the variable side by side.
  ///
  ///     y[i] = x[i mod n]        along every axis   n: the extent
  ///     x̄ = Σ of the copies of ȳ
  ///
  /// - Parameter counts: The number of copies along every axis; more counts than axes add axes at the front.
  /// - Returns: A variable with extents `counts` times as large.
  /// - Complexity: O(`y.count`) time; nothing is kept.
  public func tiled(_ counts: [Int]) -> Variable {
    require(
      counts.count >= rank && counts.allSatisfy { $0 >= 0 },
      "tile: counts \(counts) do not fit the axes of shape \(shape)")
    let extents = [Int](repeating: 1, count: counts.count - rank) + shape
    return counts.indices.reduce(reshaped(to: extents)) { $0.copied(counts[$1], along: $1, elementwise: false) }
  }

  /// Returns the variable with every element along an axis repeated: [a, b] becomes [a, a, b, b].
  ///
  ///     y[…, i, …] = x[…, i div count, …]
  ///     x̄ = Σ of the copies of ȳ
  ///
  /// - Parameters:
  ///   - count: The number of copies of every element.
  ///   - axis: The axis, negative ones counting from the end.
  /// - Returns: A variable whose extent along `axis` is `count` times as large.
  /// - Complexity: O(`y.count`) time; nothing is kept.
  public func repeated(_ count: Int, along axis: Int) -> Variable {
    require(count >= 0, "repeat: \(count) copies")
    return copied(count, along: shape.resolvedAxis(axis, operation: "repeat"), elementwise: true)
  }

  private func copied(_ count: Int, along axis: Int, elementwise: Bool) -> Variable {
    if count == 1 { return self }
    var extents = Array(shape), joined = extents
    joined[axis] *= count
    let outer = extents.prefix(axis).reduce(1, *), inner = extents.dropFirst(axis + 1).reduce(1, *)
    extents = elementwise ? [outer * shape[axis], 1, inner] : [outer, 1, shape[axis] * inner]
    let copies = reshaped(to: extents).broadcast(to: [extents[0], count, extents[2]])
    return copies.reshaped(to: joined)
  }
}

extension OperationSample {
  static let tile = OperationSample([[2, 3]], yields: [3, 4, 6]) { $0[0].tiled([3, 2, 2]) }.also(
    on: [[0, 3]], yields: [3, 0, 6]
  ).also(on: [[1, 1]], yields: [3, 2, 2]).also(on: [[3]], yields: [3, 2, 6])
  static let repeatElements = OperationSample("repeat", [[2, 3]], yields: [2, 9]) { $0[0].repeated(3, along: 1) }.also(
    on: [[2, 0]], yields: [2, 0]
  ).also(on: [[0, 2]], yields: [0, 6]).also(on: [[1, 1]], yields: [1, 3])
}
