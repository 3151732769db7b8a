extension Variable {
  /// Returns rows `range` of the first axis.
  ///
  /// - Parameter range: Positions along the first axis; a range beyond it stops the program.
  /// - Returns: A variable that shares memory with this one.
  /// - Complexity: O(1); see ``slice(_:along:)`` for the reverse sweep.
  public func rows(_ range: Range<Int>) -> Variable { slice(range, along: 0) }

  /// Returns positions `range` of an axis.
  ///
  ///     y[…, i, …] = x[…, range.lowerBound + i, …]
  ///     x̄ = ȳ at `range`, 0 elsewhere
  ///
  /// - Parameters:
  ///   - range: Positions along the axis; a range beyond it stops the program.
  ///   - axis: The axis, negative ones counting from the end.
  /// - Returns: The slice.
  /// - Complexity: O(`y.count`) time; nothing is kept. A reverse sweep takes O(`x.count`) for all slices of x that do not overlap;
  ///   a sweep for many gradients at once, or one that somebody watches, takes O(`x.count`) for each.
  public func slice(_ range: Range<Int>, along axis: Int) -> Variable {
    let axis = shape.resolvedAxis(axis, operation: "slice")
    return recordSlice(self, AxisRange(axis: axis, range: range), value: value.slice(range, along: axis))
  }

  /// Zeros of shape `shape` with this variable at positions `start …` of an axis: the adjoint of a slice.
  func placed(in shape: Shape, along axis: Int, at start: Int) -> Variable {
    let extent = self.shape[axis]
    return record("place", self, value: value.placed(in: shape, along: axis, at: start), saving: .nothing) { dy, _ in
      dy.slice(start..<start + extent, along: axis)
    }
  }
}

extension OperationSample {
  static let rows = OperationSample([[4, 3]], yields: [2, 3]) { $0[0].rows(1..<3) }.varying(3).also(
    on: [[3]], yields: [2])
  static let slice = OperationSample([[2, 5, 3]], yields: [2, 2, 3]) { $0[0].slice(2..<4, along: 1) }.varying(3).also(
    on: [[0, 5, 1]], yields: [0, 2, 1])
  static let place = OperationSample([[2, 3]], yields: [2, 5]) { $0[0].placed(in: [2, 5], along: 1, at: 1) }.also(
    on: [[2, 0]], yields: [2, 5]
  ).also(on: [[2, 1]], yields: [2, 5])
}
