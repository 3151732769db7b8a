extension Variable {
  /// Returns the elements along an axis in the order of their values.
  ///
  ///     y[…, i, …] = x[…, order[i], …]      x, y: [any shape]
  ///     x̄[…, order[i], …] = ȳ[…, i, …]
  ///
  /// Equal elements keep their order, and with it their gradients. NaN comes last, in descending order too.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - descending: Whether the largest element comes first.
  /// - Returns: A variable of the same shape.
  /// - Complexity: O(n log n) time for every slice of n elements; keeps the order.
  public func sorted(along axis: Int = -1, descending: Bool = false) -> Variable {
    take(value.argsort(along: axis, descending: descending), along: axis)
  }

  /// The positions of the elements along an axis in the order of their values, as ``sorted(along:descending:)`` puts them.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - descending: Whether the largest element comes first.
  /// - Returns: Positions along `axis`, in row-major order of this variable's shape; ``take(_:along:)`` takes them.
  public func argsort(along axis: Int = -1, descending: Bool = false) -> IndexArray {
    value.argsort(along: axis, descending: descending)
  }

  /// Returns the largest elements along an axis, the largest first, and where they were.
  ///
  ///     y[…, i, …] = x[…, position[…, i, …], …]      x: [..., n, ...]   y: [..., k, ...]
  ///     x̄ = ȳ at the positions, 0 elsewhere
  ///
  /// Of equal elements the first come first. NaN comes last.
  ///
  /// - Parameters:
  ///   - count: The number of elements k; one outside `0 ... n` stops the program.
  ///   - axis: The axis, negative ones counting from the end.
  ///   - smallest: Whether the smallest elements are wanted instead.
  /// - Returns: The elements, and their positions along `axis` in row-major order of the elements' shape.
  /// - Complexity: O(n log n) time for every slice of n elements; keeps the positions.
  public func topK(
    _ count: Int, along axis: Int = -1, smallest: Bool = false
  ) -> (values: Variable, positions: IndexArray) {
    let axis = shape.resolvedAxis(axis, operation: "topK")
    let extent = shape[axis]
    require(count >= 0 && count <= extent, "topK: \(count) elements of axis \(axis) of shape \(shape)")
    let order = value.argsort(along: axis, descending: !smallest)
    let inner = shape.dropFirst(axis + 1).reduce(1, *), outer = shape.prefix(axis).reduce(1, *)
    let positions = IndexArray(count: outer * count * inner) { result in
      for o in 0..<outer {
        for i in 0..<count * inner { result[o * count * inner + i] = order.pointer[o * extent * inner + i] }
      }
    }
    // Of no positions, `take` could not tell how many each slice has.
    return (positions.isEmpty ? slice(0..<count, along: axis) : take(positions, along: axis), positions)
  }
}

extension OperationSample {
  static let sort = OperationSample([[3, 4]], yields: [3, 4]) { $0[0].sorted() * $0[0] }.varying(3, 4).also(
    on: [[5]], yields: [5])
  static let sortFirst = OperationSample("sort along the first axis, descending", [[3, 2, 2]], yields: [3, 2, 2]) {
    $0[0].sorted(along: 0, descending: true)
  }.varying(3, 2)
  static let topK = OperationSample([[2, 5]], yields: [2, 2]) { $0[0].topK(2).values }.also(
    on: [[0, 5]], yields: [0, 2]
  ).also(on: [[1, 2]], yields: [1, 2]).also(on: [[5]], yields: [2])
  static let topKSmallest = OperationSample("topK, smallest", [[5, 2]], yields: [2, 2]) {
    $0[0].topK(2, along: 0, smallest: true).values
  }.also(on: [[5, 0]], yields: [2, 0]).also(on: [[2, 1]], yields: [2, 1])
}
