import AdjointKernels

/// Returns every element, scaled by a small slope where it is negative.
///
///     y = x > 0 ? x : slope · x    x, y: [any shape]
///     x̄ = ȳ ⊙ (x > 0 ? 1 : slope)  slope at x = 0
///
/// - Parameters:
///   - x: A variable.
///   - slope: The slope below 0.
/// - Returns: A variable of the same shape.
/// - Complexity: O(`x.count`) time; keeps the input.
/// - SeeAlso: Maas, Hannun & Ng, *Rectifier Nonlinearities Improve Neural Network Acoustic Models*, ICML 2013.
public func leakyReLU(_ x: Variable, slope: Double = 0.01) -> Variable {
  let slope = Tensor(floatLiteral: slope)
  return record(.leakyReLU, x, Variable(slope), value: leakyReLU(x.value, slope))
}

func leakyReLU(_ x: Tensor, _ slope: Tensor) -> Tensor {
  Tensor.binary(ADJOINT_LEAKY_RELU, "leakyReLU", x, slope) { $0 > 0 ? $0 : $1 * $0 }
}

/// Returns x > 0 ? 1 : slope: the derivative, which depends on the slope.
func leakyReLUSlope(_ x: Variable, _ slope: Variable) -> Variable {
  record(
    .leakyReLUSlope, x, slope,
    value: Tensor.binary(ADJOINT_LEAKY_RELU_SLOPE, "leakyReLU′", x.value, slope.value) { $0 > 0 ? 1 : $1 })
}

extension OperationRule {
  static let leakyReLU = parametricReLU("leakyReLU")
  static let leakyReLUSlope = OperationRule(
    "leakyReLU′", saving: .input0, broadcasts: true,
    { dy, _ in Variable(Tensor(zeros: dy.shape, dtype: dy.dtype)) },
    { dy, saved in dy * Variable(1 - step(saved[0].value)) })

  /// The rule of leakyReLU and prelu, whose second operand may be a variable.
  static func parametricReLU(_ name: String) -> OperationRule {
    OperationRule(
      name, saving: .inputs, broadcasts: true,
      { dy, saved in AdjointAutodiff.multiplyOrZero(dy, AdjointAutodiff.leakyReLUSlope(saved[0], saved[1])) },
      { dy, saved in AdjointAutodiff.multiplyOrZero(dy, min(saved[0], 0)) })
  }
}

extension OperationSample {
  static let leakyReLU = OperationSample(elementwise: 1) { AdjointAutodiff.leakyReLU($0[0], slope: 0.2) }
}
