import AdjointKernels

/// How many biases a recurrent cell has.
public enum CellBias: Sendable {
  /// None.
  case none
  /// One, added to the input's part of the gates.
  case single
  /// One for the input's part and one for the state's part, as in PyTorch. They add up, except in a GRU that resets after the
  /// product, where the reset gate scales the state's one.
  case double
}

/// A recurrent cell whose gates are functions of an affine map of the input and one of the state: RNN, LSTM and GRU.
///
///     a = x W + b        W: [inputs, G · units]      u = h U + b′        U: [units, G · units]
///
/// The columns of W and U are the gates, one after another. Where a text multiplies the joined row [h, x] by one matrix, that is
/// U above W.
public protocol AffineCell: RecurrentCell {
  /// The map of the input: W and b.
  var input: Linear { get }
  /// The map of the state: U and b′.
  var state: Linear { get }
  /// The number of gates G.
  static var gateCount: Int { get }
  /// Whether PyTorch has a cell with the same equations.
  var isKnownToPyTorch: Bool { get }
}

extension AffineCell {
  /// True.
  public var isKnownToPyTorch: Bool { true }
  /// The number of features of the state.
  public var units: Int { state.$weight.value.shape[0] }
  /// The number of features of the input.
  public var inputs: Int { input.$weight.value.shape[0] }

  /// The state's weights above the input's, `[units + inputs, G · units]`: what multiplies the joined row [h, x].
  public var joinedWeight: Variable { concatenate([state.weight, input.weight], along: 0) }

  var maps: CellMaps {
    CellMaps(
      inputWeight: input.weight, stateWeight: state.weight, inputBias: input.bias?.wrappedValue,
      stateBias: state.bias?.wrappedValue)
  }

  /// The affine maps of a new cell: weights uniform within ±1/√units, biases 0.
  static func makeMaps(_ inputs: Int, _ units: Int, _ bias: CellBias, _ key: RandomKey) -> (
    input: Linear, state: Linear
  ) {
    require(inputs >= 0 && units >= 1, "\(Self.self): \(inputs) inputs and \(units) units")
    let bound = 1 / Double(units).squareRoot()
    let initializer = Initializer { Tensor(uniform: $0, low: -bound, high: bound, key: $1, dtype: $2) }
    func map(_ rows: Int, _ bias: Bool, _ key: RandomKey) -> Linear {
      Linear(rows, gateCount * units, bias: bias, initializer: initializer, key: key)
    }
    return (map(inputs, bias != .none, key.stream(0)), map(units, bias == .double, key.stream(1)))
  }
}

/// The weights and biases of a cell as variables.
struct CellMaps {
  let inputWeight, stateWeight: Variable
  let inputBias, stateBias: Variable?

  /// a = x W + b.
  func input(_ x: Variable) -> Variable { Self.map(x, inputWeight, inputBias) }
  /// u = h U + b′.
  func state(_ h: Variable) -> Variable { Self.map(h, stateWeight, stateBias) }
  /// Some columns of u.
  func state(_ h: Variable, columns: Range<Int>) -> Variable {
    Self.map(h, stateWeight.slice(columns, along: 1), stateBias?.rows(columns))
  }

  private static func map(_ x: Variable, _ weight: Variable, _ bias: Variable?) -> Variable {
    bias.map { linear(x, weight, $0) } ?? matmul(x, weight)
  }
}

/// A cell that the kernels know.
protocol FusedCell: AffineCell, SendableMetatype {
  /// What tells cells of this type from one another, besides their weights.
  associatedtype Form: Sendable
  var form: Form { get }
  /// One step with given weights: the cell's definition.
  static func step(_ x: Variable, _ state: State, _ maps: CellMaps, _ form: Form) -> State
  /// Which equations the kernels compute.
  static func equations(_ form: Form) -> CellEquations
}

/// Which of the equations in `adjoint/recurrent.h` a cell has.
struct CellEquations: Sendable {
  let kind: adjoint_cell_kind
  var resetsBefore = false, keepsNew = false

  var isLSTM: Bool { kind == ADJOINT_LSTM }
  var isGRU: Bool { kind == ADJOINT_GRU }
}
