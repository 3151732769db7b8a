/// What follows a weight, which decides by how much the weight has to make up for it.
public enum Nonlinearity: Sendable {
  /// Nothing, or a function with slope 1.
  case linear
  /// The logistic function.
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// The rectifier.
  case relu
  /// The leaky rectifier with its slope below 0.
  case leakyReLU(slope: Double)
  /// The self-normalising unit.
  case selu

  /// The factor for the standard deviation of a weight: 1, 5/3 for tanh, √2 for relu, √(2 / (1 + slope²)) for the leaky one,
  /// 3/4 for selu.
  public var gain: Double {
    switch self {
    case .linear, .sigmoid: 1
    case .tanh: 5.0 / 3
    case .relu: 2.squareRoot()
    case .leakyReLU(let slope): (2 / (1 + slope * slope)).squareRoot()
    case .selu: 0.75
    }
  }
}
