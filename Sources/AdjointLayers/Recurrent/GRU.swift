import AdjointKernels

/// The step of a gated recurrent unit.
///
///     r = σ(x W_r + h U_r + b_r)     what of the state the candidate sees
///     z = σ(x W_z + h U_z + b_z)     what is updated
///     n = tanh(x Wₙ + bₙ + (r ⊙ h) Uₙ + b′ₙ)      `.resetBefore`, the original form
///     n = tanh(x Wₙ + bₙ + r ⊙ (h Uₙ + b′ₙ))      `.resetAfter`, as in cuDNN and PyTorch
///     h′ = z ⊙ h + (1 − z) ⊙ n                    `.keepsOld`, as in PyTorch
///     h′ = (1 − z) ⊙ h + z ⊙ n                    `.keepsNew`
///
/// Shapes: x `[B, D]`; h `[B, H]`; the gates are columns of one matrix, W `[D, 3 H]` and U `[H, 3 H]`, in the order r, z, n. The two
/// meanings of z are the same family of functions: σ(−a) = 1 − σ(a), so that negated weights of z change one into the other. The
/// two places of the reset gate are not, except for a state with one feature and without b′ₙ.
///
/// - SeeAlso: Cho et al., *Learning Phrase Representations using RNN Encoder–Decoder*, EMNLP 2014, eqs. 5–8.
public struct GRUCell: AffineCell {
  /// Where the reset gate acts.
  public enum Reset: Sendable {
    /// On the state, before it is multiplied by the weights.
    case resetBefore
    /// On the product of the state and the weights.
    case resetAfter
  }

  /// What an update gate of 1 does.
  public enum Update: Sendable {
    /// It keeps the old state.
    case keepsOld
    /// It takes the candidate.
    case keepsNew
  }

  /// 3.
  public static let gateCount = 3
  /// The map of the input.
  public let input: Linear
  /// The map of the state.
  public let state: Linear
  /// Where the reset gate acts.
  public let reset: Reset
  /// What an update gate of 1 does.
  public let update: Update
  /// Whether PyTorch has these conventions.
  public var isKnownToPyTorch: Bool { reset == .resetAfter && update == .keepsOld }

  /// Creates a cell with weights uniform within ±1/√units and biases 0.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features D.
  ///   - units: The number of state features H.
  ///   - reset: Where the reset gate acts.
  ///   - update: What an update gate of 1 does.
  ///   - bias: How many biases there are.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ units: Int, reset: Reset = .resetAfter, update: Update = .keepsOld, bias: CellBias = .double,
    key: RandomKey
  ) {
    (input, state) = Self.makeMaps(inputs, units, bias, key)
    (self.reset, self.update) = (reset, update)
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

extension GRUCell: FusedCell {
  var form: GRUForm { GRUForm(reset: reset, update: update) }

  static func step(_ x: Variable, _ h: Variable, _ maps: CellMaps, _ form: GRUForm) -> Variable {
    let units = h.shape[1]
    let a = maps.input(x).split(into: [units, units, units])
    let u = maps.state(h, columns: 0..<2 * units).split(into: [units, units])
    let (r, z) = (sigmoid(a[0] + u[0]), sigmoid(a[1] + u[1]))
    let n =
      switch form.reset {
      case .resetBefore: tanh(a[2] + maps.state(r * h, columns: 2 * units..<3 * units))
      case .resetAfter: tanh(a[2] + r * maps.state(h, columns: 2 * units..<3 * units))
      }
    return switch form.update {
    case .keepsOld: z * h + (1 - z) * n
    case .keepsNew: (1 - z) * h + z * n
    }
  }

  static func equations(_ form: GRUForm) -> CellEquations {
    CellEquations(
      kind: ADJOINT_GRU, resetsBefore: form.reset == .resetBefore, keepsNew: form.update == .keepsNew)
  }
}

/// The conventions of a GRU.
struct GRUForm: Sendable {
  let reset: GRUCell.Reset, update: GRUCell.Update
}

/// Networks of gated recurrent units.
public typealias GRU = Recurrent<GRUCell>

extension Recurrent where Cell == GRUCell {
  /// Creates a network of gated recurrent units.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - units: The number of state features of every layer and direction.
  ///   - layers: The number of layers, each on the outputs of the one before.
  ///   - bidirectional: Whether every layer has a second cell that goes backwards in time.
  ///   - reset: Where the reset gate acts.
  ///   - update: What an update gate of 1 does.
  ///   - bias: How many biases every cell has.
  ///   - dropout: The probability of dropping an output between layers.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ units: Int, layers: Int = 1, bidirectional: Bool = false, reset: GRUCell.Reset = .resetAfter,
    update: GRUCell.Update = .keepsOld, bias: CellBias = .double, dropout: Double = 0, key: RandomKey
  ) {
    self.init(inputs, layers: layers, bidirectional: bidirectional, dropout: dropout, key: key) {
      GRUCell($0, units, reset: reset, update: update, bias: bias, key: $1)
    }
  }
}
