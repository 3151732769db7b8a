extension Variable {
  /// Returns the variable repeated along new axes and axes of extent 1, by NumPy's rules.
  ///
  ///     y[…, i, …] = x[…, 0, …]      x̄ = Σᵢ ȳ[…, i, …]
  ///
  /// - Parameter shape: The shape to reach; one that cannot be reached stops the program with both shapes named.
  /// - Returns: A variable of that shape.
  /// - Complexity: O(`y.count`) time; nothing is kept.
  public func broadcast(to shape: Shape) -> Variable {
    if shape == self.shape { return self }
    return record(.broadcast, self, value: value.broadcast(to: shape))
  }

  /// Returns the sum over everything that broadcasting `shape` to this variable's shape would repeat.
  ///
  ///     y[…, 0, …] = Σᵢ x[…, i, …]      x̄[…, i, …] = ȳ[…, 0, …]
  ///
  /// - Parameter shape: A shape that broadcasts to this one's; another one stops the program with both shapes named.
  /// - Returns: A variable of that shape.
  /// - Complexity: O(`x.count`) time; nothing is kept.
  public func summed(to shape: Shape) -> Variable {
    if shape == self.shape { return self }
    return record(.summedToShape, self, value: value.summed(to: shape))
  }
}

extension OperationRule {
  static let broadcast = OperationRule("broadcast", saving: .nothing) { dy, saved in dy.summed(to: saved.shape(of: 0)) }
  static let summedToShape = OperationRule("sum to shape", saving: .nothing) { dy, saved in
    dy.broadcast(to: saved.shape(of: 0))
  }
}

extension OperationSample {
  static let broadcast = OperationSample([[3, 1]], yields: [2, 3, 4]) { $0[0].broadcast(to: [2, 3, 4]) }.also(
    on: [[]], yields: [2, 3, 4]
  ).also(on: [[4]], yields: [2, 3, 4]).also(on: [[1, 1, 1]], yields: [2, 3, 4])
  static let summedToShape = OperationSample("sum to shape", [[2, 3, 4]], yields: [3, 1]) { $0[0].summed(to: [3, 1]) }
    .also(on: [[3, 1]], yields: [3, 1]).also(on: [[0, 3, 4]], yields: [3, 1]).also(on: [[3, 0]], yields: [3, 1])
}
