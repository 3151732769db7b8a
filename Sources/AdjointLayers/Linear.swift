/// An affine map of rows.
///
///     y = x W + b              x: [..., inputs]   W: [inputs, outputs]   b: [outputs]   y: [..., outputs]
public struct Linear: UnaryLayer {
  /// The weights W.
  @Parameter public var weight: Variable
  /// The bias b, zeros at first; nil for a map without one.
  public let bias: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - bias: Whether there is a bias.
  ///   - initializer: How the weights start.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, initializer: Initializer = .glorotUniform, key: RandomKey
  ) {
    _weight = Parameter(initializer([inputs, outputs], key: key))
    self.bias = bias ? Parameter(Tensor(zeros: [outputs])) : nil
  }

  /// Applies the map.
  ///
  /// - Parameter x: `[N, inputs]`, or rows with more axes in front of them.
  /// - Returns: `[N, outputs]`, with the axes in front as they are.
  public func callAsFunction(_ x: Variable) -> Variable {
    onRows(x) { rows in bias.map { linear(rows, weight, $0.wrappedValue) } ?? matmul(rows, weight) }
  }

  /// Applies the map and the rectified linear unit, relu(x W + b), in one pass over the result.
  ///
  /// - Parameter x: `[N, inputs]`, or rows with more axes in front of them.
  /// - Returns: `[N, outputs]`, with the axes in front as they are.
  public func rectified(_ x: Variable) -> Variable {
    onRows(x) { rows in
      bias.map { rectifiedLinear(rows, weight, $0.wrappedValue) } ?? relu(matmul(rows, weight))
    }
  }

  /// A function of rows, of `x` as rows.
  private func onRows(_ x: Variable, _ function: (Variable) -> Variable) -> Variable {
    if x.rank <= 2 { return function(x) }
    let y = function(x.reshaped(to: [x.shape.dropLast().reduce(1, *), x.shape[x.rank - 1]]))
    return y.reshaped(to: x.shape.dropLast() + [y.shape[1]])
  }

  /// Applies the map to sparse rows, at the cost of their stored entries.
  ///
  /// - Parameter x: A sparse matrix of shape `[N, inputs]`.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: SparseMatrix) -> Variable {
    let product = matmul(x, weight)
    return bias.map { product + $0.wrappedValue } ?? product
  }
}
