import AdjointKernels

/// The step of a long short-term memory.
///
///     i = σ(x Wᵢ + h Uᵢ + bᵢ)        what enters             f = σ(x W_f + h U_f + b_f)      what stays
///     g = tanh(x W_g + h U_g + b_g)  the candidate           o = σ(x Wₒ + h Uₒ + bₒ)         what is shown
///     c′ = f ⊙ c + i ⊙ g             h′ = o ⊙ tanh(c′)
///
/// Shapes: x `[B, D]`; h, c `[B, H]`; the gates are columns of one matrix, W `[D, 4 H]` and U `[H, 4 H]`, in the order i, f, g, o,
/// and each bias is the sum of two where there are two. Where a text writes W · [h, x], that is ``AffineCell/joinedWeight``.
/// The cell state passes a step unchanged where f = 1 and i = 0, and so does its gradient.
///
/// - SeeAlso: Hochreiter & Schmidhuber, *Long Short-Term Memory*, Neural Computation 9(8), 1997; the forget gate is of Gers,
///   Schmidhuber & Cummins, *Learning to Forget*, Neural Computation 12(10), 2000.
public struct LSTMCell: AffineCell {
  /// 4.
  public static let gateCount = 4
  /// The map of the input.
  public let input: Linear
  /// The map of the state.
  public let state: Linear

  /// Creates a cell with weights uniform within ±1/√units and biases 0, except for the forget gate.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features D.
  ///   - units: The number of state features H.
  ///   - bias: How many biases there are.
  ///   - forgetBias: Where the bias of the forget gate starts. At 1, a new cell remembers (Jozefowicz, Zaremba & Sutskever,
  ///     *An Empirical Exploration of Recurrent Network Architectures*, ICML 2015).
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ units: Int, bias: CellBias = .double, forgetBias: Double = 1, key: RandomKey) {
    (input, state) = Self.makeMaps(inputs, units, bias, key)
    if let bias = input.bias {
      let start = (0..<4).flatMap { gate in [Double](repeating: gate == 1 ? forgetBias : 0, count: units) }
      bias.value = Tensor(start, dtype: bias.value.dtype)
    }
  }

  /// Zeros.
  public func zeroState(batch: Int, dtype: DType) -> LSTMState {
    let zeros = Variable(Tensor(zeros: [batch, units], dtype: dtype))
    return LSTMState(hidden: zeros, cell: zeros)
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - x: The input, `[B, D]`.
  ///   - state: The state before the step.
  /// - Returns: The state after it.
  public func callAsFunction(_ x: Variable, _ state: LSTMState) -> LSTMState { Self.step(x, state, maps, form) }

  /// All steps of a sequence, as one operation.
  public func sequence(
    over x: Variable, from state: LSTMState, lengths: IndexArray?, reversed: Bool
  ) -> (outputs: Variable, last: LSTMState) {
    fusedSequence(self, over: x, from: state, lengths: lengths, reversed: reversed)
  }
}

extension LSTMCell: FusedCell {
  var form: LSTMForm { LSTMForm() }

  static func step(_ x: Variable, _ state: LSTMState, _ maps: CellMaps, _ form: LSTMForm) -> LSTMState {
    let units = state.cell.shape[1]
    let gates = (maps.input(x) + maps.state(state.hidden)).split(into: [units, units, units, units])
    let (i, f, g, o) = (sigmoid(gates[0]), sigmoid(gates[1]), tanh(gates[2]), sigmoid(gates[3]))
    let cell = f * state.cell + i * g
    return LSTMState(hidden: o * tanh(cell), cell: cell)
  }

  static func equations(_ form: LSTMForm) -> CellEquations { CellEquations(kind: ADJOINT_LSTM) }
}

/// The only form of an LSTM.
struct LSTMForm: Sendable {}

/// Networks of long short-term memories.
public typealias LSTM = Recurrent<LSTMCell>

extension Recurrent where Cell == LSTMCell {
  /// Creates a network of long short-term memories.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - units: The number of state features of every layer and direction.
  ///   - layers: The number of layers, each on the outputs of the one before.
  ///   - bidirectional: Whether every layer has a second cell that goes backwards in time.
  ///   - bias: How many biases every cell has.
  ///   - forgetBias: Where the bias of the forget gate starts.
  ///   - dropout: The probability of dropping an output between layers.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ units: Int, layers: Int = 1, bidirectional: Bool = false, bias: CellBias = .double,
    forgetBias: Double = 1, dropout: Double = 0, key: RandomKey
  ) {
    self.init(inputs, layers: layers, bidirectional: bidirectional, dropout: dropout, key: key) {
      LSTMCell($0, units, bias: bias, forgetBias: forgetBias, key: $1)
    }
  }
}
