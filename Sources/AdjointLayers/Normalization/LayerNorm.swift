/// Normalises every example by its own mean and variance over the last axes.
///
///     y = (x − μ) / √(σ² + ε) ⊙ weight + bias      x, y: [..., features]   weight, bias: [features]
///     μ, σ²: mean and population variance of an example's features
///
/// It does the same in training and evaluation, for a batch of any size.
///
/// Source: Ba, Kiros & Hinton, *Layer Normalization*, arXiv:1607.06450, 2016, eq. 4.
public struct LayerNorm: UnaryLayer {
  /// The scale, ones at first.
  @Parameter public var weight: Variable
  /// The shift, zeros at first.
  @Parameter public var bias: Variable
  /// The number ε that keeps the divisor from 0.
  public let epsilon: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - features: The number of features of an example.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  public init(_ features: Int, epsilon: Double = 1e-5) { self.init(shape: [features], epsilon: epsilon) }

  /// Creates a layer for examples with several axes.
  ///
  /// - Parameters:
  ///   - shape: The last axes, over which mean and variance are taken.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  public init(shape: Shape, epsilon: Double = 1e-5) {
    _weight = Parameter(Tensor(ones: shape))
    _bias = Parameter(Tensor(zeros: shape))
    self.epsilon = epsilon
  }

  /// Normalises every example.
  ///
  /// - Parameter x: `[..., features]`; other last axes stop the program.
  /// - Returns: A variable of the same shape.
  public func callAsFunction(_ x: Variable) -> Variable {
    let axes = normalizedAxes("LayerNorm", x, $weight.value.shape)
    let centred = x - x.mean(along: axes, keepingAxes: true)
    let variance = square(centred).mean(along: axes, keepingAxes: true)
    return centred * rsqrt(variance + Variable(epsilon)) * weight + bias
  }
}

/// Scales every example by its root mean square over the last axis.
///
///     y = x / √(mean x² + ε) ⊙ weight      x, y: [..., features]   weight: [features]
///
/// It does the same in training and evaluation. Unlike ``LayerNorm`` it moves no mean.
///
/// Source: Zhang & Sennrich, *Root Mean Square Layer Normalization*, NeurIPS 2019, eq. 4.
public struct RMSNorm: UnaryLayer {
  /// The scale, ones at first.
  @Parameter public var weight: Variable
  /// The number ε that keeps the divisor from 0.
  public let epsilon: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - features: The number of features of an example.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  public init(_ features: Int, epsilon: Double = 1e-6) {
    _weight = Parameter(Tensor(ones: [features]))
    self.epsilon = epsilon
  }

  /// Scales every example.
  ///
  /// - Parameter x: `[..., features]`; another last axis stops the program.
  /// - Returns: A variable of the same shape.
  public func callAsFunction(_ x: Variable) -> Variable {
    let axes = normalizedAxes("RMSNorm", x, $weight.value.shape)
    return x * rsqrt(square(x).mean(along: axes, keepingAxes: true) + Variable(epsilon)) * weight
  }
}

/// The last axes of a variable, which must be those of a norm.
private func normalizedAxes(_ name: String, _ x: Variable, _ shape: Shape) -> [Int] {
  require(
    x.rank >= shape.rank && Shape(x.shape.suffix(shape.rank)) == shape,
    "\(name): the last axes of shape \(x.shape) are not \(shape)")
  return Array(x.rank - shape.rank..<x.rank)
}
