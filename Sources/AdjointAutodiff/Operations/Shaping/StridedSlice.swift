extension Variable {
  /// Returns positions `start`, `start + step`, … of an axis, up to but not including `end`.
  ///
  ///     y[…, i, …] = x[…, start + i · step, …]
  ///     x̄ = ȳ at these positions, 0 elsewhere
  ///
  ///     x.slice(along: 1, from: 1, by: 2)       // every second column, from column 1
  ///     x.slice(along: 0, from: -3)             // the last three rows
  ///     x.slice(along: 0, by: -1)               // all rows, in reverse order
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - start: The first position, a negative one counting from the end; the first (last for a negative step) if left out.
  ///   - end: The position to stop before, a negative one counting from the end; everything if left out. A position beyond the
  ///     axis stops the program.
  ///   - step: The distance between neighbours, not 0; a negative one goes backwards.
  /// - Returns: The slice, with no elements if `end` does not lie beyond `start`.
  /// - Complexity: O(`y.count`) time, O(`x.count`) in the reverse sweep; nothing is kept.
  public func slice(along axis: Int, from start: Int? = nil, to end: Int? = nil, by step: Int = 1) -> Variable {
    let axis = shape.resolvedAxis(axis, operation: "slice")
    let extent = shape[axis]
    func position(_ index: Int, _ name: String, _ allowed: ClosedRange<Int>) -> Int {
      let resolved = index < 0 ? index + extent : index
      require(allowed.contains(resolved), "slice: \(name) \(index) is outside axis \(axis) of shape \(shape)")
      return resolved
    }
    require(step != 0, "slice: the step along axis \(axis) of shape \(shape) is 0")
    let forwards = step > 0
    let first = start.map { position($0, "start", 0...extent) } ?? (forwards ? 0 : extent - 1)
    let last = end.map { position($0, "end", 0...extent) } ?? (forwards ? extent : -1)
    let distance = forwards ? last - first : first - last
    let count = distance <= 0 ? 0 : (distance - 1) / Swift.abs(step) + 1
    require(count == 0 || first < extent, "slice: start \(first) is outside axis \(axis) of shape \(shape)")
    if step == 1 { return slice(first..<first + count, along: axis) }
    var view = StridedView(shape)
    view.select(count, along: axis, from: first, by: step)
    return selected(view, "slice")
  }

  /// Returns the variable with the elements along some axes in reverse order.
  ///
  ///     y[…, i, …] = x[…, n − 1 − i, …]      x, y: [any shape]   n: the extent
  ///     x̄ = ȳ, reversed alike
  ///
  /// - Parameter axes: The axes, negative ones counting from the end; all if left out.
  /// - Returns: A variable of the same shape.
  /// - Complexity: O(`x.count`) time; nothing is kept.
  public func flipped(along axes: [Int]? = nil) -> Variable {
    let axes = value.reductionAxes(axes, operation: "flip")
    if axes.isEmpty { return self }
    var view = StridedView(shape)
    for axis in axes { view.select(shape[axis], along: axis, from: shape[axis] - 1, by: -1) }
    return selected(view, "flip")
  }

  /// Returns the variable with the elements along one axis in reverse order.
  ///
  /// - Parameter axis: The axis, negative ones counting from the end.
  /// - Returns: A variable of the same shape.
  public func flipped(along axis: Int) -> Variable { flipped(along: [axis]) }

  /// The elements that a view selects.
  func selected(_ view: StridedView, _ name: String) -> Variable {
    let shape = shape
    return record(name, self, value: value.selected(view), saving: .nothing) { dy, _ in dy.placed(view, in: shape, name)
    }
  }

  /// A variable filled with a number, with this one's elements where a view selects: the adjoint of `selected`.
  func placed(_ view: StridedView, in shape: Shape, _ name: String, around filling: Double = 0) -> Variable {
    record(name, self, value: value.placed(view, in: shape, around: filling), saving: .nothing) { dy, _ in
      dy.selected(view, name)
    }
  }
}

extension OperationSample {
  static let stridedSlice = OperationSample("slice with a step", [[2, 6, 3]], yields: [2, 2, 3]) {
    $0[0].slice(along: 1, from: 1, to: 5, by: 3)
  }.varying(3).also(on: [[0, 6, 1]], yields: [0, 2, 1])
  static let reversedSlice = OperationSample("slice backwards", [[2, 6]], yields: [2, 2]) {
    $0[0].slice(along: 1, from: -2, to: 0, by: -2) + $0[0].slice(along: 1, from: 4)
  }.also(on: [[0, 6]], yields: [0, 2])
  static let flip = OperationSample([[2, 3, 4]], yields: [2, 3, 4]) { $0[0].flipped(along: [0, -1]) }.varying(2, 3, 4)
}
