/// What a recurrent cell carries from one step to the next.
///
/// A plain RNN and a GRU carry one variable, an LSTM two. A cell of your own may carry any number: conform a struct of
/// variables, each of shape `[B, …]`.
public protocol RecurrentState {
  /// The variables that make up the state, in a fixed order; the first axis of each is the batch.
  var stateVariables: [Variable] { get }
  /// Creates a state from its variables, in that order.
  ///
  /// - Parameter variables: As many variables as ``stateVariables`` has.
  init(stateVariables variables: [Variable])
  /// The part that the next layer sees, `[B, H]`.
  var hidden: Variable { get }
}

extension RecurrentState {
  /// The same state as a constant: no gradient flows through it. Carrying a detached state from one piece of a long sequence to
  /// the next is truncated backpropagation through time.
  ///
  /// - Returns: A state that is on no tape.
  public func detached() -> Self { Self(stateVariables: stateVariables.map { $0.detached() }) }

  /// The state with some rows of the batch replaced; the others stay as they are, bit for bit.
  func setting(_ rows: IndexArray, to state: Self) -> Self {
    Self(stateVariables: zip(stateVariables, state.stateVariables).map { $0.setting(rows: $1, at: rows) })
  }

  /// Some rows of the batch.
  func gathered(_ rows: IndexArray) -> Self { Self(stateVariables: stateVariables.map { $0.gatherRows(rows) }) }
}

/// The state of a cell that carries nothing but its output.
extension Variable: RecurrentState {
  /// The variable itself.
  public var stateVariables: [Variable] { [self] }
  /// Creates a state from its only variable.
  public init(stateVariables variables: [Variable]) { self = variables[0] }
  /// The variable itself.
  public var hidden: Variable { self }
}

/// The state of an LSTM: its output h, and the cell state c that it keeps to itself.
public struct LSTMState: RecurrentState {
  /// The output h, `[B, H]`.
  public let hidden: Variable
  /// The cell state c, `[B, H]`.
  public let cell: Variable

  /// Creates a state.
  ///
  /// - Parameters:
  ///   - hidden: The output h, `[B, H]`.
  ///   - cell: The cell state c, `[B, H]`.
  public init(hidden: Variable, cell: Variable) { (self.hidden, self.cell) = (hidden, cell) }

  /// The output and the cell state.
  public var stateVariables: [Variable] { [hidden, cell] }
  /// Creates a state from the output and the cell state.
  public init(stateVariables variables: [Variable]) { self.init(hidden: variables[0], cell: variables[1]) }
}
