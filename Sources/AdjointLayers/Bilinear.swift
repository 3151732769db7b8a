/// A bilinear map of pairs of rows.
///
///     y[n, k] = Σ x₁[n, i] W[i, j, k] x₂[n, j] + b[k]      x₁: [N, D₁]   x₂: [N, D₂]   W: [D₁, D₂, outputs]   y: [N, outputs]
public struct Bilinear: Layer {
  /// The weights W.
  @Parameter public var weight: Variable
  /// The bias b, zeros at first; nil for a map without one.
  public let bias: Parameter?

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - first: The number D₁ of features of the first row.
  ///   - second: The number D₂ of features of the second row.
  ///   - outputs: The number of output features.
  ///   - bias: Whether there is a bias.
  ///   - initializer: How the weights start; the product D₁ D₂ counts as inputs.
  ///   - key: The place in the random sequence.
  public init(
    _ first: Int, _ second: Int, _ outputs: Int, bias: Bool = true, initializer: Initializer = .glorotUniform,
    key: RandomKey
  ) {
    _weight = Parameter(initializer([first * second, outputs], key: key).reshaped(to: [first, second, outputs]))
    self.bias = bias ? Parameter(Tensor(zeros: [outputs])) : nil
  }

  /// Applies the map.
  ///
  /// - Parameters:
  ///   - first: `[N, D₁]`.
  ///   - second: `[N, D₂]`. Shapes that do not fit stop the program.
  /// - Returns: `[N, outputs]`.
  /// - Complexity: O(N · D₁ · D₂ · outputs) time.
  public func callAsFunction(_ first: Variable, _ second: Variable) -> Variable {
    let weight = weight, (inner, other, outputs) = (weight.shape[0], weight.shape[1], weight.shape[2])
    require(
      first.rank == 2 && second.shape == [first.shape[0], other] && first.shape[1] == inner,
      "Bilinear: shapes \(first.shape) and \(second.shape) are not [N, \(inner)] and [N, \(other)]")
    let rows = first.shape[0]
    let maps = matmul(first, weight.reshaped(to: [inner, other * outputs])).reshaped(to: [rows, other, outputs])
    let y = matmul(second.expandedDims(at: 1), maps).reshaped(to: [rows, outputs])
    return bias.map { y + $0.wrappedValue } ?? y
  }
}
