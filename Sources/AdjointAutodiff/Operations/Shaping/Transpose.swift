extension Variable {
  /// Returns the variable with its axes in another order.
  ///
  ///     y[i, j, …] = x[… in the order of axes]
  ///     x̄ = ȳ in the inverse order
  ///
  /// Products take transposition flags instead, which move nothing.
  ///
  /// - Parameter axes: For every axis of the result, the axis of this variable; all axes in reverse if left out.
  /// - Returns: A variable in memory of its own.
  /// - Complexity: O(`x.count`) time; nothing is kept.
  public func transposed(_ axes: [Int]? = nil) -> Variable {
    let order = axes?.map { shape.resolvedAxis($0, operation: "transpose") } ?? Array((0..<rank).reversed())
    let result = value.transposed(order)
    return record("transpose", self, value: result, saving: .nothing) { dy, _ in
      dy.transposed(order.indices.map { axis in order.firstIndex(of: axis).unsafelyUnwrapped })
    }
  }
}

extension OperationSample {
  static let transpose = OperationSample([[3, 4]], yields: [4, 3]) { $0[0].transposed() }.varying(3, 4)
  static let permute = OperationSample("transpose three axes", [[2, 3, 4]], yields: [4, 2, 3]) {
    $0[0].transposed([2, 0, 1])
  }.varying(2, 3, 4)
}
