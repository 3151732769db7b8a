extension Variable {
  /// Returns, at every position, the element that an index names along an axis.
  ///
  ///     y[o, k, i] = x[o, indices[o, k, i], i]       x: [outer, n, inner]   y, indices: [outer, K, inner]
  ///     x̄[o, j, i] = Σ ȳ[o, k, i] over k with indices[o, k, i] = j
  ///
  /// - Parameters:
  ///   - indices: Positions along the axis in row-major order of the result, whose shape is this one's but for the extent along
  ///     `axis`, which their number decides. One outside the axis stops the program and is named.
  ///   - axis: The axis, negative ones counting from the end.
  /// - Returns: The elements.
  /// - Complexity: O(`y.count`) time; nothing is kept but the indices.
  public func take(_ indices: IndexArray, along axis: Int) -> Variable {
    let axis = shape.resolvedAxis(axis, operation: "take")
    let extent = shape[axis], inner = shape.dropFirst(axis + 1).reduce(1, *), outer = shape.prefix(axis).reduce(1, *)
    var result = shape
    result[axis] = outer * inner == 0 ? extent : indices.count / (outer * inner)
    require(
      result.elementCount == indices.count, "take: \(indices.count) indices do not fill axis \(axis) of shape \(shape)")
    indices.check(within: extent, operation: "take")
    let width = result[axis]
    let elements = IndexArray(count: indices.count) { place in
      var i = 0
      for o in 0..<outer {
        for _ in 0..<width {
          for j in 0..<inner {
            place[i] = Int32((o * extent + Int(indices.pointer[i])) * inner + j)
            i += 1
          }
        }
      }
    }
    return flattened().gatherRows(elements).reshaped(to: Array(result))
  }

  /// Returns the slices that an index array names along an axis.
  ///
  ///     y[…, k, …] = x[…, indices[k], …]
  ///     x̄[…, j, …] = Σ ȳ[…, k, …] over k with indices[k] = j
  ///
  /// - Parameters:
  ///   - indices: Positions along the axis; one outside it stops the program with
  ///     "gather: index 7 at row 3 is outside 0 ..< 5".
  ///   - axis: The axis, negative ones counting from the end.
  /// - Returns: A variable whose extent along `axis` is the number of indices.
  /// - Complexity: O(`y.count`) time; nothing is kept but the indices.
  public func gather(_ indices: IndexArray, along axis: Int) -> Variable {
    let axis = shape.resolvedAxis(axis, operation: "gather")
    if axis == 0 { return gatherRows(indices) }
    let extent = shape[axis], inner = shape.dropFirst(axis + 1).reduce(1, *), outer = shape.prefix(axis).reduce(1, *)
    indices.check(within: extent, operation: "gather")
    let rows = IndexArray(count: outer * indices.count) { row in
      for o in 0..<outer {
        for k in 0..<indices.count { row[o * indices.count + k] = Int32(o * extent) + indices.pointer[k] }
      }
    }
    var result = shape
    result[axis] = indices.count
    return reshaped(to: [outer * extent, inner]).gatherRows(rows).reshaped(to: Array(result))
  }

  /// Returns the rows for which a mask holds.
  ///
  /// - Parameter mask: One entry for each row; another number stops the program.
  /// - Returns: The rows, in their order.
  /// - Complexity: O(`x.count`) time.
  public func rows(where mask: [Bool]) -> Variable {
    require(rank > 0 && mask.count == shape[0], "rows: a mask of \(mask.count) rows for shape \(shape)")
    return gatherRows(IndexArray(mask.indices.filter { mask[$0] }))
  }
}

extension OperationSample {
  static let take = OperationSample([[3, 4]], yields: [3, 2]) { $0[0].take([1, 3, 0, 0, 2, 1], along: 1) }
  static let takeFirst = OperationSample("take along the first axis", [[3, 2]], yields: [2, 2]) {
    $0[0].take([1, 2, 0, 2], along: 0)
  }
  static let gather = OperationSample([[2, 4, 3]], yields: [2, 5, 3]) { $0[0].gather([1, 3, 0, 0, 2], along: 1) }.also(
    on: [[0, 4, 3]], yields: [0, 5, 3]
  ).also(on: [[2, 4, 0]], yields: [2, 5, 0]).also(on: [[1, 4]], yields: [1, 5])
  static let rowsWhere = OperationSample("rows where a mask holds", [[3, 2]], yields: [2, 2]) {
    $0[0].rows(where: [true, false, true])
  }.also(on: [[3, 0]], yields: [2, 0]).also(on: [[3]], yields: [2])
}
