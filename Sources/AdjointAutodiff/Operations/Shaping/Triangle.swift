extension Variable {
  /// Returns the matrix, or every matrix of a stack, with zeros above a diagonal.
  ///
  ///     y[…, i, j] = j − i ≤ offset ? x[…, i, j] : 0      x, y: [..., M, N]
  ///     x̄ = ȳ, likewise
  ///
  /// - Parameter offset: The last diagonal that stays: 0 the main one, 1 the one above.
  /// - Returns: A variable of the same shape.
  /// - Complexity: O(`x.count`) time; keeps one matrix of zeros and ones.
  public func lowerTriangle(offset: Int = 0) -> Variable { triangle("lowerTriangle") { $1 - $0 <= offset } }

  /// Returns the matrix, or every matrix of a stack, with zeros below a diagonal.
  ///
  ///     y[…, i, j] = j − i ≥ offset ? x[…, i, j] : 0      x, y: [..., M, N]
  ///     x̄ = ȳ, likewise
  ///
  /// - Parameter offset: The first diagonal that stays: 0 the main one, 1 the one above.
  /// - Returns: A variable of the same shape.
  /// - Complexity: O(`x.count`) time; keeps one matrix of zeros and ones.
  public func upperTriangle(offset: Int = 0) -> Variable { triangle("upperTriangle") { $1 - $0 >= offset } }

  private func triangle(_ name: String, _ stays: (_ row: Int, _ column: Int) -> Bool) -> Variable {
    require(rank >= 2, "\(name): shape \(shape) has no matrices")
    let rows = shape[rank - 2], columns = shape[rank - 1]
    let kept = (0..<rows * columns).map { stays($0 / columns, $0 % columns) ? 1.0 : 0 }
    // What is cut off does not matter, not even if it is infinite.
    return multiplyOrZero(Variable(Tensor(kept, shape: [rows, columns], dtype: dtype)), self)
  }
}

extension OperationSample {
  static let lowerTriangle = OperationSample([[2, 3, 4]], yields: [2, 3, 4]) { $0[0].lowerTriangle(offset: 1) }.varying(
    2, 3, 4)
  static let upperTriangle = OperationSample([[3, 4]], yields: [3, 4]) { $0[0].upperTriangle() * $0[0] }.varying(3, 4)
}
