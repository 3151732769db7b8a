import AdjointKernels

/// The step of a plain recurrent network.
///
///     h′ = φ(x W + b + h U + b′)          x: [B, D]   h, h′: [B, H]   W: [D, H]   U: [H, H]
///
/// - SeeAlso: Elman, *Finding Structure in Time*, Cognitive Science 14(2), 1990.
public struct RNNCell: AffineCell {
  /// The function φ.
  public enum Activation: Sendable {
    /// The hyperbolic tangent.
    case tanh
    /// max(·, 0).
    case relu
    /// The logistic function.
    case sigmoid
  }

  /// 1.
  public static let gateCount = 1
  /// The map of the input.
  public let input: Linear
  /// The map of the state.
  public let state: Linear
  /// The function φ.
  public let activation: Activation
  /// Whether PyTorch has this function: it has no logistic one.
  public var isKnownToPyTorch: Bool { activation != .sigmoid }

  /// Creates a cell with weights uniform within ±1/√units and biases 0.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features D.
  ///   - units: The number of state features H.
  ///   - activation: The function φ.
  ///   - bias: How many biases there are.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ units: Int, activation: Activation = .tanh, bias: CellBias = .double, key: RandomKey
  ) {
    (input, state) = Self.makeMaps(inputs, units, bias, key)
    self.activation = activation
  }

  /// Zeros, `[B, H]`.
  public func zeroState(batch: Int, dtype: DType) -> Variable { Variable(Tensor(zeros: [batch, units], dtype: dtype)) }

  /// One step.
  ///
  /// - Parameters:
  ///   - x: The input, `[B, D]`.
  ///   - h: The state before the step, `[B, H]`.
  /// - Returns: The state after it.
  public func callAsFunction(_ x: Variable, _ h: Variable) -> Variable { Self.step(x, h, maps, form) }

  /// All steps of a sequence, as one operation.
  public func sequence(
    over x: Variable, from state: Variable, lengths: IndexArray?, reversed: Bool
  ) -> (outputs: Variable, last: Variable) {
    fusedSequence(self, over: x, from: state, lengths: lengths, reversed: reversed)
  }
}

extension RNNCell: FusedCell {
  var form: Activation { activation }

  static func step(_ x: Variable, _ h: Variable, _ maps: CellMaps, _ activation: Activation) -> Variable {
    let a = maps.input(x) + maps.state(h)
    return switch activation {
    case .tanh: tanh(a)
    case .relu: relu(a)
    case .sigmoid: sigmoid(a)
    }
  }

  static func equations(_ activation: Activation) -> CellEquations {
    switch activation {
    case .tanh: CellEquations(kind: ADJOINT_RNN_TANH)
    case .relu: CellEquations(kind: ADJOINT_RNN_RELU)
    case .sigmoid: CellEquations(kind: ADJOINT_RNN_SIGMOID)
    }
  }
}

/// Plain recurrent networks.
public typealias RNN = Recurrent<RNNCell>

extension Recurrent where Cell == RNNCell {
  /// Creates a network of plain recurrent layers.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - units: The number of state features of every layer and direction.
  ///   - layers: The number of layers, each on the outputs of the one before.
  ///   - bidirectional: Whether every layer has a second cell that goes backwards in time.
  ///   - activation: The function φ.
  ///   - bias: How many biases every cell has.
  ///   - dropout: The probability of dropping an output between layers.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ units: Int, layers: Int = 1, bidirectional: Bool = false, activation: RNNCell.Activation = .tanh,
    bias: CellBias = .double, dropout: Double = 0, key: RandomKey
  ) {
    self.init(inputs, layers: layers, bidirectional: bidirectional, dropout: dropout, key: key) {
      RNNCell($0, units, activation: activation, bias: bias, key: $1)
    }
  }
}
