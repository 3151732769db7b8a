import AdjointLayers

/// The cells of the library in all their forms.
enum CellForm: String, CaseIterable, Sendable, CustomStringConvertible {
  case rnn, rnnReLU, rnnSigmoid, lstm, gru, gruKeepingNew, gruResettingBefore, gruResettingBeforeKeepingNew

  var description: String { rawValue }

  func cell(_ inputs: Int, _ units: Int, bias: CellBias = .double, key: RandomKey = RandomKey(seed: 1))
    -> any AffineCell
  {
    let cell: any AffineCell =
      switch self {
      case .rnn: RNNCell(inputs, units, bias: bias, key: key)
      case .rnnReLU: RNNCell(inputs, units, activation: .relu, bias: bias, key: key)
      case .rnnSigmoid: RNNCell(inputs, units, activation: .sigmoid, bias: bias, key: key)
      case .lstm: LSTMCell(inputs, units, bias: bias, key: key)
      case .gru: GRUCell(inputs, units, bias: bias, key: key)
      case .gruKeepingNew: GRUCell(inputs, units, update: .keepsNew, bias: bias, key: key)
      case .gruResettingBefore: GRUCell(inputs, units, reset: .resetBefore, bias: bias, key: key)
      case .gruResettingBeforeKeepingNew:
        GRUCell(inputs, units, reset: .resetBefore, update: .keepsNew, bias: bias, key: key)
      }
    // Biases of zeros would hide mistakes.
    for (number, entry) in cell.parameters.enumerated() where entry.parameter.value.rank == 1 {
      entry.parameter.value = Tensor(normal: entry.parameter.value.shape, key: key.stream(10 + number))
    }
    return cell
  }
}

extension AffineCell {
  /// A random state.
  func randomState(batch: Int, dtype: DType = .default, key: RandomKey) -> State {
    let variables = zeroState(batch: batch, dtype: dtype).stateVariables
    return State(
      stateVariables: variables.enumerated().map {
        Variable(Tensor(normal: $1.shape, key: key.stream($0), dtype: dtype))
      })
  }
}

/// All of a state in one row.
func flattened(_ outputs: Variable, _ state: some RecurrentState) -> Variable {
  concatenate(([outputs] + state.stateVariables).map { $0.reshaped(to: [-1]) })
}

/// What a loss on a sequence gives: outputs and last state, and the gradients of input, initial state and parameters.
struct SequenceResult {
  var values: [Tensor] = [], gradients: [Tensor] = []

  init<Cell: AffineCell>(
    _ cell: Cell, over x: Tensor, from state: Cell.State, lengths: IndexArray?, reversed: Bool, isFused: Bool
  ) {
    let tape = Tape()
    let input = tape.variable(x)
    let initial = Cell.State(stateVariables: state.stateVariables.map { tape.variable($0.value) })
    tape.recording {
      let outputs: Variable, last: Cell.State
      if isFused {
        (outputs, last) = cell.sequence(over: input, from: initial, lengths: lengths, reversed: reversed)
      } else {
        let scanned = scan(cell, over: input, from: initial, lengths: lengths, reversed: reversed)
        (outputs, last) = (scanned.outputs, scanned.last)
      }
      values = [outputs.value] + last.stateVariables.map(\.value)
      let all = flattened(outputs, last)
      let weights = Variable(Tensor(normal: all.shape, key: RandomKey(seed: 99), dtype: x.dtype))
      let found = (all * weights).sum().gradients()
      gradients = [found[input].value] + initial.stateVariables.map { found[$0].value }
      gradients += cell.parameters.map { found[$0.parameter].value }
    }
  }

  /// The largest difference from another result, relative to the size of the numbers.
  func distance(to other: SequenceResult) -> Double {
    zip(values + gradients, other.values + other.gradients).map { a, b in
      if a.shape != b.shape { return .infinity }
      if a.count == 0 { return 0 }
      return (abs(a - b).max() / (1 + abs(b).max())).item()
    }.max() ?? 0
  }
}
