extension Variable {
  /// Returns the sums of the elements up to every position of an axis.
  ///
  ///     y[i] = Σ x[j] over j ≤ i      x, y: [any shape]
  ///     x̄[j] = Σ ȳ[i] over i ≥ j
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - reversed: Whether the sums run from every position to the end instead.
  /// - Returns: A variable of the same shape.
  /// - Complexity: O(`x.count`) time; nothing is kept.
  public func cumulativeSum(along axis: Int, reversed: Bool = false) -> Variable {
    let axis = shape.resolvedAxis(axis, operation: "cumulativeSum")
    return record("cumulativeSum", self, value: value.runningSum(along: axis, reversed: reversed), saving: .nothing) {
      dy, _ in [dy.cumulativeSum(along: axis, reversed: !reversed)]
    }
  }

  /// Returns the products of the elements up to every position of an axis.
  ///
  ///     y[i] = Π x[j] over j ≤ i      x, y: [any shape]
  ///     x̄[j] = Σ ȳ[i] Π x[k] over i ≥ j and k ≤ i, k ≠ j
  ///
  /// Nothing is divided, so that gradients of every order are right with zeros too.
  ///
  /// - Parameter axis: The axis, negative ones counting from the end.
  /// - Returns: A variable of the same shape.
  /// - Complexity: O(`x.count` · log n) time for n elements along the axis; keeps about as many products.
  /// - SeeAlso: Hillis & Steele, *Data Parallel Algorithms*, Communications of the ACM 29 (12), 1986.
  public func cumulativeProduct(along axis: Int) -> Variable {
    let axis = shape.resolvedAxis(axis, operation: "cumulativeProduct")
    let extent = shape[axis]
    var result = self, distance = 1
    while distance < extent {
      // Element i, the product of the `distance` elements up to i, takes in the `distance` elements before them.
      let later = result.slice(distance..<extent, along: axis) * result.slice(0..<extent - distance, along: axis)
      result = concatenate([result.slice(0..<distance, along: axis), later], along: axis)
      distance *= 2
    }
    return result
  }

  /// Returns the largest of the elements up to every position of an axis.
  ///
  ///     y[i] = max x[j] over j ≤ i      x, y: [any shape]
  ///     x̄[j] = Σ ȳ[i] over i where the maximum is element j, the first of equal ones
  ///
  /// NaN wins.
  ///
  /// - Parameter axis: The axis, negative ones counting from the end.
  /// - Returns: A variable of the same shape.
  /// - Complexity: O(`x.count`) time; keeps the positions of the maxima.
  public func cumulativeMax(along axis: Int) -> Variable {
    let axis = shape.resolvedAxis(axis, operation: "cumulativeMax")
    return take(value.runningArgmax(along: axis), along: axis)
  }
}

extension OperationSample {
  static let cumulativeSum = OperationSample([[2, 3, 4]], yields: [2, 3, 4]) { $0[0].cumulativeSum(along: 1) * $0[0] }
    .varying(2, 3, 4)
  static let cumulativeProduct = OperationSample([[2, 5]], yields: [2, 5]) { $0[0].cumulativeProduct(along: 1) }
    .varying(2, 5)
  static let cumulativeMax = OperationSample([[5, 2]], yields: [5, 2]) { $0[0].cumulativeMax(along: 0) }.varying(5, 2)
    .also(on: [[4]], yields: [4])
}
