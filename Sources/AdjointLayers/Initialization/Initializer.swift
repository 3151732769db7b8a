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

  /// Uniform within given bounds.
  ///
  /// - Parameters:
  ///   - low: The lower bound, included.
  ///   - high: The upper bound, not included.
  /// - Returns: The initializer.
  public static func uniform(_ low: Double = 0, _ high: Double = 1) -> Initializer {
    Initializer { shape, key, dtype in Tensor(uniform: shape, low: low, high: high, key: key, dtype: dtype) }
  }

  /// Normal.
  ///
  /// - Parameters:
  ///   - mean: The mean.
  ///   - standardDeviation: The standard deviation.
  /// - Returns: The initializer.
  public static func normal(mean: Double = 0, standardDeviation: Double = 1) -> Initializer {
    Initializer { shape, key, dtype in
      Tensor(normal: shape, mean: mean, standardDeviation: standardDeviation, key: key, dtype: dtype)
    }
  }

  /// Uniform within ±√(6 / (inputs + outputs)): Glorot & Bengio, *Understanding the difficulty of training deep feedforward
  /// neural networks*, AISTATS 2010, eq. 16.
  public static let glorotUniform: Initializer = glorotUniform(gain: 1)

  /// Normal with variance 2 / (inputs + outputs): Glorot & Bengio 2010, eq. 12.
  public static let glorotNormal: Initializer = glorotNormal(gain: 1)

  /// Uniform within ±√(6 / inputs): He et al., *Delving Deep into Rectifiers*, ICCV 2015, eq. 10, as a uniform distribution.
  public static let heUniform: Initializer = heUniform(gain: Nonlinearity.relu.gain)

  /// Normal with variance 2 / inputs: He et al. 2015, eq. 10.
  public static let heNormal: Initializer = heNormal(gain: Nonlinearity.relu.gain)

  /// Uniform within ±gain √(6 / (inputs + outputs)).
  ///
  /// - Parameter gain: What the activation asks for: ``Nonlinearity/gain``.
  /// - Returns: The initializer.
  public static func glorotUniform(gain: Double) -> Initializer {
    scaledUniform { gain * gain * 2 / Double(Swift.max(1, $0 + $1)) }
  }

  /// Normal with variance 2 gain² / (inputs + outputs).
  ///
  /// - Parameter gain: What the activation asks for: ``Nonlinearity/gain``.
  /// - Returns: The initializer.
  public static func glorotNormal(gain: Double) -> Initializer {
    scaledNormal { gain * gain * 2 / Double(Swift.max(1, $0 + $1)) }
  }

  /// Uniform within ±gain √(3 / fan).
  ///
  /// - Parameters:
  ///   - gain: What the activation asks for: ``Nonlinearity/gain``.
  ///   - fan: The number of inputs, which keeps the forward pass in scale, or of outputs, which keeps the backward pass.
  /// - Returns: The initializer.
  public static func heUniform(gain: Double, fan: Fan = .inputs) -> Initializer {
    scaledUniform { gain * gain / Double(Swift.max(1, fan == .inputs ? $0 : $1)) }
  }

  /// Normal with variance gain² / fan.
  ///
  /// - Parameters:
  ///   - gain: What the activation asks for: ``Nonlinearity/gain``.
  ///   - fan: The number of inputs, which keeps the forward pass in scale, or of outputs, which keeps the backward pass.
  /// - Returns: The initializer.
  public static func heNormal(gain: Double, fan: Fan = .inputs) -> Initializer {
    scaledNormal { gain * gain / Double(Swift.max(1, fan == .inputs ? $0 : $1)) }
  }

  /// Which of a weight's two sides is counted.
  public enum Fan: Sendable {
    /// What goes in.
    case inputs
    /// What comes out.
    case outputs
  }

  private static func scaledUniform(_ variance: @escaping @Sendable (Int, Int) -> Double) -> Initializer {
    Initializer { shape, key, dtype in
      let (inputs, outputs) = fans(shape), bound = (3 * variance(inputs, outputs)).squareRoot()
      return Tensor(uniform: shape, low: -bound, high: bound, key: key, dtype: dtype)
    }
  }

  private static func scaledNormal(_ variance: @escaping @Sendable (Int, Int) -> Double) -> Initializer {
    Initializer { shape, key, dtype in
      let (inputs, outputs) = fans(shape), deviation = variance(inputs, outputs).squareRoot()
      return Tensor(normal: shape, standardDeviation: deviation, key: key, dtype: dtype)
    }
  }
}
