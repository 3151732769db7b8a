extension Variable {
  /// Returns the variable cut into pieces along an axis: the inverse of ``concatenate(_:along:)``.
  ///
  ///     y₀ = x[…, 0 ..< s₀, …], y₁ = x[…, s₀ ..< s₀ + s₁, …], …
  ///     x̄ = [ȳ₀ | ȳ₁ | …]
  ///
  /// - Parameters:
  ///   - sizes: The extent of every piece along the axis; sizes that do not add up to its extent stop the program.
  ///   - axis: The axis, negative ones counting from the end.
  /// - Returns: The pieces.
  /// - Complexity: O(`x.count`) time; nothing is kept.
  public func split(into sizes: [Int], along axis: Int = -1) -> [Variable] {
    let axis = shape.resolvedAxis(axis, operation: "split")
    require(
      sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) == shape[axis],
      "split: pieces of \(sizes) do not make up axis \(axis) of shape \(shape)")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return slice(start..<start + size, along: axis)
    }
  }

  /// Returns the variable cut into pieces of one extent along an axis; the last one is smaller where the rest is.
  ///
  /// - Parameters:
  ///   - size: The extent of a piece along the axis, at least 1.
  ///   - axis: The axis, negative ones counting from the end.
  /// - Returns: The pieces.
  public func chunked(by size: Int, along axis: Int = -1) -> [Variable] {
    require(size > 0, "chunk: pieces of \(size) along axis \(axis) of shape \(shape)")
    let extent = shape[shape.resolvedAxis(axis, operation: "chunk")]
    return split(into: stride(from: 0, to: extent, by: size).map { Swift.min(size, extent - $0) }, along: axis)
  }
}

extension OperationSample {
  static let split = OperationSample([[2, 5]], yields: [2, 2]) {
    let pieces = $0[0].split(into: [2, 1, 2])
    return pieces[0] * pieces[1] + pieces[2]
  }.also(on: [[0, 5]], yields: [0, 2]).also(on: [[5]], yields: [2])
  static let chunk = OperationSample([[5, 2]], yields: [2, 2]) {
    let pieces = $0[0].chunked(by: 2, along: 0)
    return pieces[0] * pieces[2] + pieces[1]
  }.also(on: [[5, 0]], yields: [2, 0]).also(on: [[5, 1]], yields: [2, 1])
}
