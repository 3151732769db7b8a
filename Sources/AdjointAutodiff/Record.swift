// How an operation joins a tape. Built-in operations and users' own go through the same functions.

/// Records an operation with one input under a static rule.
///
/// - Parameters:
///   - rule: The operation's rule, asked for only where there is something to record.
///   - x: The input.
///   - value: The result.
/// - Returns: The result as a variable; a constant if the input is one.
@inline(__always)
public func record(_ rule: @autoclosure () -> OperationRule, _ x: Variable, value: Tensor) -> Variable {
  x.index < 0 ? Variable(value) : recordUnary(rule(), x, value: value, ownsRule: false)
}

/// Records an operation with two inputs under a static rule.
///
/// - Parameters:
///   - rule: The operation's rule, asked for only where there is something to record.
///   - a: The first input.
///   - b: The second input. Inputs of two tapes stop the program.
///   - value: The result.
/// - Returns: The result as a variable; a constant if both inputs are.
@inline(__always)
public func record(_ rule: @autoclosure () -> OperationRule, _ a: Variable, _ b: Variable, value: Tensor) -> Variable {
  record(static: rule(), a, b, value: value)
}

/// Records an operation with a pullback of its own: for operations that carry data, and for users' operations.
///
///     func cube(_ x: Variable) -> Variable {
///       record("cube", x, value: x.value * x.value * x.value, saving: .inputs) { dy, saved in
///         [3 * dy * saved[0] * saved[0]]
///       }
///     }
///
/// - Parameters:
///   - name: The operation's name.
///   - inputs: The inputs. Inputs of two tapes stop the program.
///   - value: The result.
///   - saving: What the pullback reads.
///   - batching: How the pullback takes many gradients at once.
///   - firstOrderOnly: Whether the pullback computes on tensors, so that it has no derivative: gradients of gradients then stop the
///     program and name the operation, instead of being wrong.
///   - pullback: The gradients of the inputs, in their order, each with its input's shape; nil for one that gets none. It is
///     written in operations on variables.
/// - Returns: The result as a variable; a constant if all inputs are.
public func record(
  _ name: String, _ inputs: Variable..., value: Tensor, saving: Saving = .nothing, batching: Batching = .separately,
  firstOrderOnly: Bool = false,
  pullback: @escaping OperationRule.JointPullback
) -> Variable {
  record(
    name, inputs, value: value, saving: saving, batching: batching, firstOrderOnly: firstOrderOnly, pullback: pullback)
}

/// Records an operation with any number of inputs and a pullback of its own.
///
/// - Parameters:
///   - name: The operation's name.
///   - inputs: The inputs. Inputs of two tapes stop the program.
///   - value: The result.
///   - saving: What the pullback reads.
///   - batching: How the pullback takes many gradients at once.
///   - firstOrderOnly: Whether the pullback computes on tensors, so that it has no derivative: gradients of gradients then stop the
///     program and name the operation, instead of being wrong.
///   - pullback: The gradients of the inputs, in their order.
/// - Returns: The result as a variable; a constant if all inputs are.
public func record(
  _ name: String, _ inputs: [Variable], value: Tensor, saving: Saving = .nothing, batching: Batching = .separately,
  firstOrderOnly: Bool = false,
  pullback: @escaping OperationRule.JointPullback
) -> Variable {
  guard inputs.contains(where: \.isRecorded) else { return Variable(value) }
  return record(
    OperationRule(name, saving: saving, batching: batching, firstOrderOnly: firstOrderOnly, joint: pullback), inputs,
    value: value)
}

/// Records an operation with any number of inputs and a rule of its own.
func record(_ rule: OperationRule, _ inputs: [Variable], value: Tensor) -> Variable {
  guard let recorded = inputs.first(where: \.isRecorded) else { return Variable(value) }
  let name = rule.name, saving = rule.saving
  let state = recorded.checkedTape(name)
  for input in inputs where input.isRecorded { require(input.checkedTape(name) == state, twoTapes(name)) }
  let recordedCount = inputs.count { $0.isRecorded }
  let others = ManyInputs(
    indices: inputs.map(\.index),
    saved: inputs.enumerated().map { position, input in
      let another = recordedCount > (input.isRecorded ? 1 : 0)
      return saving.holds(input: position) && (another || !saving.contains(.otherInputs)) ? input.value : nil
    })
  return push(
    state, value,
    Entry(
      rule: .passRetained(rule), input0: -1, input1: -1, others: .passRetained(others), saved0: SavedTensor(),
      saved1: SavedTensor(), output: savedOutput(value, saving), shape: value.shape, kind: value.kind, ownsRule: true),
    inputs: inputs)
}

/// Records that rows of a variable were gathered.
func recordGather(
  _ name: String, _ x: Variable, _ rows: @autoclosure () -> IndexArray, value: Tensor, isPart: Bool = false
) -> Variable {
  guard x.index >= 0 else { return Variable(value) }
  let rule = OperationRule(name, gathering: rows(), of: x.shape[0], isPart: isPart)
  return recordUnary(rule, x, value: value, ownsRule: true)
}

/// Records that a part of a variable was taken.
func recordSlice(_ x: Variable, _ part: AxisRange, value: Tensor) -> Variable {
  guard x.index >= 0 else { return Variable(value) }
  return recordUnary(OperationRule(slicing: part, of: x.shape), x, value: value, ownsRule: true)
}

/// Records an operation with one input that carries data of its own.
@inline(never)
func record(
  _ name: String, _ x: Variable, value: Tensor, saving: Saving, batching: Batching = .separately,
  unary pullback: @escaping OperationRule.Pullback
) -> Variable {
  guard x.index >= 0 else { return Variable(value) }
  let rule = OperationRule(name, saving: saving, batching: batching, pullback)
  return recordUnary(rule, x, value: value, ownsRule: true)
}

/// Records an operation with two inputs that carries data of its own.
@inline(never)
func record(
  _ name: String, _ a: Variable, _ b: Variable, value: Tensor, saving: Saving,
  _ first: @escaping OperationRule.Pullback, _ second: @escaping OperationRule.Pullback
) -> Variable {
  guard a.index >= 0 || b.index >= 0 else { return Variable(value) }
  return recordBinary(OperationRule(name, saving: saving, first, second), a, b, value: value, ownsRule: true)
}

@inline(never)
private func recordUnary(_ rule: OperationRule, _ x: Variable, value: Tensor, ownsRule: Bool) -> Variable {
  let saving = rule.saving
  let saved = saving.holds(input: 0) && !saving.contains(.otherInputs) ? SavedTensor(retaining: x.value) : SavedTensor()
  return push(
    x.checkedTape(rule.name), value,
    Entry(
      rule: ownsRule ? .passRetained(rule) : .passUnretained(rule), input0: x.index, input1: -1, others: nil,
      saved0: saved, saved1: SavedTensor(), output: savedOutput(value, saving), shape: value.shape, kind: value.kind,
      ownsRule: ownsRule),
    inputs: [x])
}

@inline(never)
func recordBinary(
  _ rule: OperationRule, _ a: Variable, _ b: Variable, value: Tensor, ownsRule: Bool
) -> Variable {
  let state = commonTape(rule, a, b), saving = rule.saving
  let kept = saving.kept(a.isRecorded, b.isRecorded)
  return push(
    state, value,
    Entry(
      rule: ownsRule ? .passRetained(rule) : .passUnretained(rule), input0: a.index, input1: b.index, others: nil,
      saved0: kept.0 ? SavedTensor(retaining: a.value) : SavedTensor(),
      saved1: kept.1 ? SavedTensor(retaining: b.value) : SavedTensor(),
      output: savedOutput(value, saving), shape: value.shape, kind: value.kind, ownsRule: ownsRule), inputs: [a, b])
}

/// Records an operation with two inputs under a static rule.
///
/// Numbers hold no references: there is nothing to count, and no shape to look at. It is transparent because the optimizer does
/// not inline it, and a call with three variables costs as much as what it does.
@_transparent
func record(
  static rule: @autoclosure () -> OperationRule, _ a: Variable, _ b: Variable, value: Tensor
) -> Variable {
  // The sign bit is set only if both indices are −1.
  if a.index & b.index < 0 { return Variable(value) }
  let (tape, generation) = a.isRecorded ? (a.tape, a.generation) : (b.tape, b.generation)
  let state = tape.unsafelyUnwrapped
  guard value.isScalar && a.value.isScalar && b.value.isScalar, state.pointee.isOpen(generation),
    !b.isRecorded || (b.tape.unsafelyUnwrapped == state && b.generation == generation)
  else { return recordBinary(rule(), a, b, value: value, ownsRule: false) }
  let rule = rule(), index = state.pointee.nextIndex, kept = rule.saving.kept(a.isRecorded, b.isRecorded)
  state.pointee.appendNumber(
    Entry(
      rule: .passUnretained(rule), input0: a.index, input1: b.index,
      numbers: SavedTensor(number: a.value, isKept: kept.0), SavedTensor(number: b.value, isKept: kept.1), output: value
    ))
  return Variable(value: value, index: index, generation: generation, tape: state)
}

/// The tape of two operands, at least one of which is recorded.
@inline(__always)
private func commonTape(_ rule: OperationRule, _ a: Variable, _ b: Variable) -> UnsafeMutablePointer<TapeState> {
  if a.index < 0 { return b.checkedTape(rule.name) }
  let state = a.checkedTape(rule.name)
  if b.index >= 0 { require(b.checkedTape(rule.name) == state, twoTapes(rule.name)) }
  return state
}

@inline(__always)
private func savedOutput(_ value: Tensor, _ saving: Saving) -> SavedTensor {
  if value.isScalar || saving.contains(.output) || value.count <= smallCount { return SavedTensor(retaining: value) }
  return SavedTensor()
}

private func push(
  _ state: UnsafeMutablePointer<TapeState>, _ value: Tensor, _ entry: Entry, inputs: @autoclosure () -> [Variable]
) -> Variable {
  if state.pointee.isFull { state.pointee.makeRoom() }
  let index = state.pointee.nextIndex
  state.pointee.append(entry)
  if !state.pointee.observers.isEmpty { state.show(entry.rule, at: index, inputs: inputs(), value: value) }
  return Variable(value: value, index: index, tape: state)
}

private func twoTapes(_ name: String) -> String { "\(name): the operands were recorded on two different tapes" }

extension Variable {
  /// The tape of a recorded variable. One that has ended stops the program.
  @inline(__always)
  func checkedTape(_ name: String) -> UnsafeMutablePointer<TapeState> {
    let state = tape.unsafelyUnwrapped
    if state.pointee.generation != generation { endedTape(name) }
    return state
  }

  @inline(never)
  private func endedTape(_ name: String) -> Never {
    stop(
      "\(name): a variable of shape \(shape) is used after its tape has ended; carry values on with detached()")
  }
}
