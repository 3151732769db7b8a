/// How a weight starts.
///
/// Fans follow from the shape: the last axis holds outputs, the one before it inputs, and all earlier axes (a convolution's
/// window) multiply both. A vector counts its extent as both fans.
public struct Initializer: Sendable {
  private let make: @Sendable (Shape, RandomKey, DType) -> Tensor

  /// Creates an initializer.
  ///
  /// - Parameter make: Makes a tensor of the given shape and element type from a place in the random sequence.
  public init(_ make: @escaping @Sendable (Shape, RandomKey, DType) -> Tensor) { self.make = make }

  /// Makes a tensor.
  ///
  /// - Parameters:
  ///   - shape: The extents of the axes.
  ///   - key: The place in the random sequence.
  ///   - dtype: The element type.
  /// - Returns: The initial value.
  public func callAsFunction(_ shape: Shape, key: RandomKey, dtype: DType = .default) -> Tensor {
    make(shape, key, dtype)
  }

  /// The number of inputs and outputs that a weight of the given shape connects.
  ///
  /// - Parameter shape: The shape of the weight.
  /// - Returns: Both fans.
  public static func fans(_ shape: Shape) -> (inputs: Int, outputs: Int) {
    guard shape.rank >= 2 else { return (shape.elementCount, shape.elementCount) }
    let window = shape.dropLast(2).reduce(1, *)
    return (shape[shape.rank - 2] * window, shape[shape.rank - 1] * window)
  }

  /// All zeros.
  public static let zeros = Initializer { shape, _, dtype in Tensor(zeros: shape, dtype: dtype) }

  /// All ones.
  public static let ones = Initializer { shape, _, dtype in Tensor(ones: shape, dtype: dtype) }

  /// Uniform within ±√(6 / (inputs + outputs)): Glorot & Bengio, *Understanding the difficulty of training deep feedforward
  /// neural networks*, AISTATS 2010, eq. 16.
  public static let glorotUniform = uniform { 6 / Double($0 + $1) }

  /// Normal with variance 2 / (inputs + outputs): Glorot & Bengio 2010, eq. 12.
  public static let glorotNormal = normal { 2 / Double($0 + $1) }

  /// Uniform within ±√(6 / inputs): He et al., *Delving Deep into Rectifiers*, ICCV 2015, eq. 10, as a uniform distribution.
  public static let heUniform = uniform { inputs, _ in 6 / Double(inputs) }

  /// Normal with variance 2 / inputs: He et al. 2015, eq. 10.
  public static let heNormal = normal { inputs, _ in 2 / Double(inputs) }

  private static func uniform(_ squaredBound: @escaping @Sendable (Int, Int) -> Double) -> Initializer {
    Initializer { shape, key, dtype in
      let (inputs, outputs) = fans(shape)
      let bound = squaredBound(Swift.max(1, inputs), outputs).squareRoot()
      return Tensor(uniform: shape, low: -bound, high: bound, key: key, dtype: dtype)
    }
  }

  private static func normal(_ variance: @escaping @Sendable (Int, Int) -> Double) -> Initializer {
    Initializer { shape, key, dtype in
      let (inputs, outputs) = fans(shape)
      let deviation = variance(Swift.max(1, inputs), outputs).squareRoot()
      return Tensor(normal: shape, standardDeviation: deviation, key: key, dtype: dtype)
    }
  }
}
