extension Variable {
  /// Returns the sum of all elements, or the sums along some axes.
  ///
  ///     y = Σ x              x: [any shape]   y: x's shape without `axes`
  ///     x̄ = ȳ                repeated along `axes`
  ///
  /// The sum of no elements is 0. Elements are added along a fixed tree.
  ///
  /// - Parameters:
  ///   - axes: The axes to add along, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The sums.
  /// - Complexity: O(`x.count`) time; nothing is kept for the reverse sweep.
  public func sum(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let result = value.sum(along: axes, keepingAxes: keepingAxes)
    if result.rank == 0 { return record(.sum, self, value: result) }
    let shape = shape, resolved = value.reductionAxes(axes, operation: "sum")
    let kept = shape.reduced(along: resolved, keepingAxes: true)
    return record("sum", self, value: result, saving: .nothing) { dy, _ in
      dy.reshaped(to: Array(kept)).broadcast(to: shape)
    }
  }

  /// Returns the sums along one axis.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - keepingAxes: Whether it stays, with extent 1.
  /// - Returns: The sums.
  public func sum(along axis: Int, keepingAxes: Bool = false) -> Variable {
    sum(along: [axis], keepingAxes: keepingAxes)
  }
}

extension OperationRule {
  static let sum = OperationRule("sum", saving: .nothing) { dy, saved in dy.broadcast(to: saved.shape(of: 0)) }
}

extension OperationSample {
  static let sum = OperationSample([[3, 4]], yields: []) { $0[0].sum() }.varying(3, 4).also(on: [[]], yields: []).also(
    on: [[5]], yields: [])
  static let sumFirst = OperationSample("sum along the first axis", [[3, 4]], yields: [4]) { $0[0].sum(along: 0) }
    .varying(3, 4).also(on: [[5]], yields: [])
  static let sumLast = OperationSample("sum along the last axis", [[2, 3, 4]], yields: [2, 3]) { $0[0].sum(along: -1) }
    .varying(2, 3, 4).also(on: [[5]], yields: [])
  static let sumOuter = OperationSample("sum along two axes", [[2, 3, 4]], yields: [1, 3, 1]) {
    $0[0].sum(along: [0, 2], keepingAxes: true)
  }.varying(2, 3, 4)
}
