import AdjointKernels

extension Tensor {
  /// The sum along some axes, or of all elements; 0 over no elements.
  ///
  /// Elements are added along a fixed tree, so that the error grows with the logarithm of their number and the result has
  /// the same bits for any number of threads.
  ///
  /// - Parameters:
  ///   - axes: The axes to add along, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The sums.
  public func sum(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    reduced(ADJOINT_SUM, "sum", along: axes, keepingAxes: keepingAxes)
  }

  /// The largest element along some axes, or of all; NaN if one is NaN.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The maxima; a maximum over no elements stops the program.
  public func max(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    reduced(ADJOINT_MAX, "max", along: axes, keepingAxes: keepingAxes)
  }

  /// The smallest element along some axes, or of all; NaN if one is NaN.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The minima; a minimum over no elements stops the program.
  public func min(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    reduced(ADJOINT_MIN, "min", along: axes, keepingAxes: keepingAxes)
  }

  /// The position of the first largest element along an axis; a NaN counts as largest.
  ///
  /// - Parameter axis: The axis, negative ones counting from the end. Its extent must not be 0.
  /// - Returns: The positions along `axis`, in row-major order of the other axes.
  public func argmax(along axis: Int) -> IndexArray { extremeIndex(1, "argmax", axis) }

  /// The position of the first smallest element along an axis; a NaN counts as smallest.
  ///
  /// - Parameter axis: The axis, negative ones counting from the end. Its extent must not be 0.
  /// - Returns: The positions along `axis`, in row-major order of the other axes.
  public func argmin(along axis: Int) -> IndexArray { extremeIndex(-1, "argmin", axis) }

  /// The axes that a reduction names, counted from the front, sorted, each once.
  package func reductionAxes(_ axes: [Int]?, operation: String) -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let resolved = axes.map { shape.resolvedAxis($0, operation: operation) }.sorted()
    for (a, b) in zip(resolved, resolved.dropFirst()) {
      require(a != b, "\(operation): axis \(a) is named twice for shape \(shape)")
    }
    return resolved
  }

  private func reduced(
    _ reduction: adjoint_reduction, _ name: String, along axes: [Int]?, keepingAxes: Bool
  ) -> Tensor {
    let axes = reductionAxes(axes, operation: name)
    if isScalar { return self }
    if reduction != ADJOINT_SUM {
      for axis in axes { require(shape[axis] > 0, "\(name): axis \(axis) of shape \(shape) has no elements") }
    }
    // Each run of neighbouring axes is one pass over [outer, middle, inner]; the last run goes first.
    var result = self
    var kept = shape
    var end = axes.count
    while end > 0 {
      var start = end - 1
      while start > 0 && axes[start - 1] == axes[start] - 1 { start -= 1 }
      let run = axes[start..<end]
      let outer = kept.prefix(run.first.unsafelyUnwrapped).reduce(1, *)
      let middle = run.reduce(1) { $0 * kept[$1] }
      let inner = kept.dropFirst(run.last.unsafelyUnwrapped + 1).reduce(1, *)
      for axis in run { kept[axis] = 1 }
      let source = result
      result = source.withPointer { x in
        Tensor(shape: kept, dtype: dtype) { adjoint_reduce(reduction, dtype.kernel, $0, x, outer, middle, inner) }
      }
      end = start
    }
    return result.viewed(as: shape.reduced(along: axes, keepingAxes: keepingAxes))
  }

  private func extremeIndex(_ sign: Int32, _ name: String, _ axis: Int) -> IndexArray {
    let axis = shape.resolvedAxis(axis, operation: name)
    require(shape[axis] > 0, "\(name): axis \(axis) of shape \(shape) has no elements")
    let outer = shape.prefix(axis).reduce(1, *), inner = shape.dropFirst(axis + 1).reduce(1, *)
    let source = pointer
    return IndexArray(count: outer * inner) {
      adjoint_reduce_index(sign, dtype.kernel, $0, source, outer, shape[axis], inner)
    }
  }
}
