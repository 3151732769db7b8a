extension Variable {
  /// Returns the product of all elements, or the products along some axes.
  ///
  ///     y = Π x              x: [any shape]   y: x's shape without `axes`
  ///     x̄ᵢ = ȳ Π x[j] over j ≠ i
  ///
  /// Elements are multiplied along a fixed tree of pairs, never divided out again, so that gradients of every order are right
  /// with one zero and with several. The product of no elements is 1.
  ///
  /// - Parameters:
  ///   - axes: The axes to multiply along, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The products.
  /// - Complexity: O(`x.count`) time; keeps about as many partial products as elements.
  public func product(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let axes = value.reductionAxes(axes, operation: "product")
    var result = self
    for axis in axes.reversed() {
      let outer = result.shape.prefix(axis).reduce(1, *), inner = result.shape.dropFirst(axis + 1).reduce(1, *)
      var kept = result.shape
      kept[axis] = 1
      result = result.reshaped(to: [outer, result.shape[axis], inner]).productOfMiddle().reshaped(to: Array(kept))
    }
    return result.reshaped(to: Array(shape.reduced(along: axes, keepingAxes: keepingAxes)))
  }

  /// Returns the products along one axis.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - keepingAxes: Whether it stays, with extent 1.
  /// - Returns: The products.
  public func product(along axis: Int, keepingAxes: Bool = false) -> Variable {
    product(along: [axis], keepingAxes: keepingAxes)
  }

  private func productOfMiddle() -> Variable {
    if shape[1] == 0 { return Variable(Tensor(ones: [shape[0], 1, shape[2]], dtype: dtype)) }
    var factors = self
    while factors.shape[1] > 1 {
      let extent = factors.shape[1], half = extent / 2
      let pairs = factors.slice(0..<half, along: 1) * factors.slice(half..<2 * half, along: 1)
      factors = extent % 2 == 0 ? pairs : concatenate([pairs, factors.slice(extent - 1..<extent, along: 1)], along: 1)
    }
    return factors
  }
}

extension OperationSample {
  static let product = OperationSample([[3, 3]], yields: []) { $0[0].product() }.varying(3).also(on: [[]], yields: [])
    .also(on: [[5]], yields: [])
  static let productMiddle = OperationSample("product along two axes", [[2, 3, 2, 3]], yields: [2, 1, 2, 1]) {
    $0[0].product(along: [1, 3], keepingAxes: true)
  }.varying(2, 3)
  static let productOfZeros = OperationSample("product with zeros", [[3, 4]], yields: [3]) { inputs in
    let zeros: Tensor = [[0, 1, 1, 1], [0, 1, 0, 1], [0, 0, 0, 1]]
    return (inputs[0] * Variable(zeros.converted(to: inputs[0].dtype))).product(along: 1)
  }
}
