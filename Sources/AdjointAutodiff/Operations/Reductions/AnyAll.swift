extension Variable {
  /// Returns 1 where any element along some axes differs from 0, else 0: a constant.
  ///
  /// Of no elements none does. NaN differs from 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: Zeros and ones.
  public func any(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    Variable(greater((1 - equal(value, 0)).sum(along: axes, keepingAxes: keepingAxes), 0))
  }

  /// Returns 1 where all elements along some axes differ from 0, else 0: a constant.
  ///
  /// Of no elements all do. NaN differs from 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: Zeros and ones.
  public func all(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    Variable(equal(equal(value, 0).sum(along: axes, keepingAxes: keepingAxes), 0))
  }
}

extension OperationSample {
  static let anyAll = OperationSample("product with any and all", [[3, 4]], yields: [3, 4], in: 0.5...2) {
    $0[0] * $0[0].any(along: [0]) * $0[0].all(along: [1], keepingAxes: true)
  }.varying(3, 4)
}
