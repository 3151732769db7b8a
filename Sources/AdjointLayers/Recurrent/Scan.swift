/// The states of a recurrent cell along a sequence.
public struct Scan<State: RecurrentState> {
  /// The state before the first step.
  public let initial: State
  /// The state after every step, by time.
  public let states: [State]
  /// The state after the last step that was taken: of the last position, or of the first one when reversed.
  public let last: State

  /// The outputs after every step, `[T, B, H]`.
  public var outputs: Variable {
    if states.isEmpty {
      let hidden = initial.hidden
      return Variable(Tensor(zeros: Shape([0] + hidden.shape), dtype: hidden.dtype))
    }
    return stack(states.map(\.hidden))
  }
}

/// Applies a cell along a sequence, step by step.
///
///     s₀ = initial,   sₜ = cell(xₜ, sₜ₋₁) for t = 1 … T
///
/// Sequences of different lengths share a batch: row b takes part in its first `lengths[b]` steps, and its state stays as it is,
/// bit for bit, in the others. What the input holds there is never read. A length may be 0.
///
/// - Parameters:
///   - cell: The cell.
///   - x: The inputs, `[T, B, D]`.
///   - state: The state before the first step; zeros if left out.
///   - lengths: The length of each sequence, in any order; T if left out. One outside `0 ... T` stops the program and is named.
///   - reversed: Whether the steps go from the last to the first.
///   - window: The number of steps after which the state is detached, so that gradients reach no further back; never if
///     left out (truncated backpropagation through time).
/// - Returns: Every state.
/// - Complexity: T times the cell's.
/// - SeeAlso: Williams & Peng, *An efficient gradient-based algorithm for on-line training of recurrent network trajectories*,
///   Neural Computation 2(4), 1990, for the truncation.
public func scan<Cell: RecurrentCell>(
  _ cell: Cell, over x: Variable, from state: Cell.State? = nil, lengths: IndexArray? = nil, reversed: Bool = false,
  truncatingEvery window: Int? = nil
) -> Scan<Cell.State> {
  let state = cell.checkedState(state, x, lengths, window)
  return scan(over: x, from: state, lengths: lengths, reversed: reversed, truncatingEvery: window) { cell($0, $1) }
}

func scan<State: RecurrentState>(
  over x: Variable, from initial: State, lengths: IndexArray?, reversed: Bool, truncatingEvery window: Int? = nil,
  step: (Variable, State) -> State
) -> Scan<State> {
  let (steps, batch) = (x.shape[0], x.shape[1])
  var state = initial
  var states: [State] = []
  for number in 0..<steps {
    let time = reversed ? steps - 1 - number : number
    let rows = lengths.map { lengths in IndexArray((0..<batch).filter { lengths[$0] > time }) }
    if let window, number > 0, number % window == 0 { state = state.detached() }
    let input = x.rows(time..<time + 1).reshaped(to: [batch, x.shape[2]])
    if let rows, rows.count < batch {
      if !rows.isEmpty { state = state.setting(rows, to: step(input.gatherRows(rows), state.gathered(rows))) }
    } else {
      state = step(input, state)
    }
    states.append(state)
  }
  return Scan(initial: initial, states: reversed ? states.reversed() : states, last: state)
}
