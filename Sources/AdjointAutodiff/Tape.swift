/// A Wengert list: every recorded operation, in the order of execution.
///
///     let tape = Tape()
///     let (x, y, z) = (tape.variable(-2), tape.variable(3), tape.variable(2))
///     let f = max((x + y) * z, 0)
///     let gradients = f.gradients()
///     gradients[x]                     // 2
///     print(tape)                      // the list: operation, inputs, shape, value
///
/// An operation is recorded on the tape of its operands. Gradients may be asked for any number of times, and of any recorded
/// value. When the tape goes, what it kept goes with it, entry by entry and without recursion, however long it is.
///
/// A variable does not keep its tape alive: hold the tape for as long as gradients are wanted, in a property or with
/// `withExtendedLifetime`. A tape and its variables belong to one thread of execution; separate threads use separate tapes.
///
/// Source: R. E. Wengert, "A simple automatic derivative evaluation program", Communications of the ACM 7 (1964).
public final class Tape {
  let state: UnsafeMutablePointer<TapeState>

  /// Creates an empty tape.
  public init() { state = TapeState.make() }

  deinit { TapeState.recycle(state) }

  /// Records a leaf: a value that gradients are wanted for.
  ///
  /// - Parameters:
  ///   - value: The value. A number written as a literal has the default element type.
  ///   - name: The name that views of the tape show.
  /// - Returns: The recorded variable.
  public func variable(_ value: Tensor, named name: String? = nil) -> Variable {
    guard let number = value.number, name == nil, !state.pointee.isFull else { return variable(value, name) }
    let kind = value.isLiteral ? Tensor.Kind(numberOf: .default) : value.kind
    return state.leaf(kind.rounded(number), kind)
  }

  @inline(never)
  private func variable(_ value: Tensor, _ name: String?) -> Variable {
    let variable = state.leaf(value.isLiteral ? Tensor(value.scalarValue) : value)
    if let name { state.pointee.names[variable.index] = name }
    return variable
  }

  /// Runs `body` with this tape as the one that parameters join: a ``Parameter`` read inside is a leaf of this tape.
  ///
  /// - Parameter body: The code to run, on this thread.
  /// - Returns: What `body` returns.
  public func recording<Result>(_ body: () throws -> Result) rethrows -> Result {
    try state.recording(body)
  }

  /// The number of entries.
  public var count: Int { state.pointee.count }

  /// Drops every entry, so that the tape can be used again. Variables recorded so far are no longer on it.
  public func reset() { state.pointee.reset() }
}

extension UnsafeMutablePointer<TapeState> {
  /// Records a leaf.
  @inline(__always)
  func leaf(_ value: Tensor) -> Variable {
    guard let number = value.number, !pointee.isFull else { return leafInFull(value) }
    return leaf(number, value.kind)
  }

  /// Records a leaf that is a number, on a tape that is not full.
  @inline(__always)
  func leaf(_ number: Double, _ kind: Tensor.Kind) -> Variable {
    let index = pointee.nextIndex, value = Tensor(number: number, kind: kind)
    pointee.appendNumber(Entry(rule: nil, numbers: SavedTensor(), SavedTensor(), output: value))
    return Variable(value: value, index: index, tape: self)
  }

  @inline(never)
  private func leafInFull(_ value: Tensor) -> Variable {
    if pointee.isFull { pointee.makeRoom() }
    let index = pointee.nextIndex
    pointee.append(
      Entry(
        rule: nil, input0: -1, input1: -1, others: nil, saved0: SavedTensor(), saved1: SavedTensor(),
        output: value.count <= smallCount ? SavedTensor(retaining: value) : SavedTensor(),
        shape: value.shape, kind: value.kind, ownsRule: false))
    return Variable(value: value, index: index, tape: self)
  }

  /// The leaf that stands for a parameter, recorded at its first use.
  func leaf(for parameter: Parameter) -> Variable {
    let storage = parameter.value.storage.map { ObjectIdentifier($0) }
    if let known = pointee.parameters[ObjectIdentifier(parameter)] {
      require(
        known.storage == storage,
        "Parameter: the value of \(parameter.path.isEmpty ? "a parameter" : parameter.path) has changed since it was first read "
          + "in this scope")
      return Variable(value: parameter.value, index: known.index, tape: self)
    }
    let variable = leaf(parameter.value)
    pointee.parameters[ObjectIdentifier(parameter)] = (variable.index, parameter, storage)
    return variable
  }
}

/// Values with at most this many elements are kept on the tape, so that its views can show them.
let smallCount = 4
