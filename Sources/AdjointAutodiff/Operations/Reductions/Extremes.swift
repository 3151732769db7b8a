extension Variable {
  /// Returns the largest element, or the largest along some axes.
  ///
  ///     y = max x                            x: [any shape]   y: x's shape without `axes`
  ///     x̄ = ȳ [x = y] / (number of elements that attain y)
  ///
  /// Ties share the gradient equally. NaN wins, and then no element gets a gradient.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The maxima. A maximum over no elements stops the program.
  /// - Complexity: O(`x.count`) time; keeps the input and the output.
  public func max(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    extreme("max", value.max(along: axes, keepingAxes: keepingAxes), axes)
  }

  /// Returns the largest elements along one axis.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - keepingAxes: Whether it stays, with extent 1.
  /// - Returns: The maxima.
  public func max(along axis: Int, keepingAxes: Bool = false) -> Variable {
    max(along: [axis], keepingAxes: keepingAxes)
  }

  /// Returns the smallest element, or the smallest along some axes.
  ///
  ///     y = min x                            x: [any shape]   y: x's shape without `axes`
  ///     x̄ = ȳ [x = y] / (number of elements that attain y)
  ///
  /// Ties share the gradient equally. NaN wins, and then no element gets a gradient.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The minima. A minimum over no elements stops the program.
  /// - Complexity: O(`x.count`) time; keeps the input and the output.
  public func min(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    extreme("min", value.min(along: axes, keepingAxes: keepingAxes), axes)
  }

  /// Returns the smallest elements along one axis.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - keepingAxes: Whether it stays, with extent 1.
  /// - Returns: The minima.
  public func min(along axis: Int, keepingAxes: Bool = false) -> Variable {
    min(along: [axis], keepingAxes: keepingAxes)
  }

  /// The position of the first largest element along an axis; a NaN counts as largest.
  ///
  /// - Parameter axis: The axis, negative ones counting from the end. Its extent must not be 0.
  /// - Returns: The positions along `axis`, in row-major order of the other axes.
  public func argmax(along axis: Int) -> IndexArray { value.argmax(along: axis) }

  /// The position of the first smallest element along an axis; a NaN counts as smallest.
  ///
  /// - Parameter axis: The axis, negative ones counting from the end. Its extent must not be 0.
  /// - Returns: The positions along `axis`, in row-major order of the other axes.
  public func argmin(along axis: Int) -> IndexArray { value.argmin(along: axis) }

  private func extreme(_ name: String, _ result: Tensor, _ axes: [Int]?) -> Variable {
    let shape = shape, resolved = value.reductionAxes(axes, operation: name)
    let kept = Array(shape.reduced(along: resolved, keepingAxes: true))
    return record(name, self, value: result, saving: [.inputs, .output]) { dy, saved in
      let attained = equal(saved[0].value, saved.output.value.reshaped(to: kept))
      let count = AdjointTensors.max(attained.sum(along: resolved, keepingAxes: true), 1)
      return (dy.reshaped(to: kept) / Variable(count)) * Variable(attained)
    }
  }
}

extension OperationSample {
  static let reduceMax = OperationSample("max of all", [[3, 4]], yields: []) { $0[0].max() }.varying(3, 4, from: 1)
    .also(on: [[]], yields: [])
  static let reduceMaxLast = OperationSample("max along the last axis", [[3, 4]], yields: [3]) { $0[0].max(along: -1) }
    .varying(3).varying(4, from: 1).also(on: [[5]], yields: [])
  static let reduceMin = OperationSample("min along the first axis", [[3, 4]], yields: [1, 4]) {
    $0[0].min(along: 0, keepingAxes: true)
  }.varying(4).varying(3, from: 1).also(on: [[5]], yields: [1])
}
