// Recomputing instead of keeping: a block of a computation records one entry, and runs again when the reverse sweep reaches it.

/// Runs a block of a computation without keeping what its operations save, and runs it again in the reverse sweep.
///
///     let h = checkpoint(x) { dropout(relu(hidden($0)), probability: 0.5, key: key) }
///
/// Only the inputs and the result stay in memory between the two runs. Parameters read in the block get their gradients.
/// Blocks nest, and gradients of every order go through them. Randomness comes from keys, so that the second run draws the same
/// numbers; a block that gives another result the second time, or a parameter changed in between, stops the program.
///
/// - Parameters:
///   - inputs: The variables that the block depends on. One that it takes from outside instead stops the program.
///   - block: The computation.
/// - Returns: Its result.
/// - Complexity: The block runs once more for each reverse sweep.
/// - SeeAlso: T. Chen, B. Xu, C. Zhang and C. Guestrin, *Training Deep Nets with Sublinear Memory Cost*, arXiv 1604.06174.
public func checkpoint(_ inputs: [Variable], _ block: @escaping ([Variable]) -> Variable) -> Variable {
  guard let state = inputs.first(where: \.isRecorded)?.checkedTape("checkpoint") ?? .current else {
    return block(inputs)
  }
  var block = RecomputedBlock(block: block, inputCount: inputs.count)
  let (value, parameters) = block.run(inputs)
  block.parameters = parameters
  let leaves = parameters.map { state.leaf(for: $0) }
  return record("checkpoint", inputs + leaves, value: value, saving: [.inputs, .output]) { [block] dy, saved in
    saved.recorded ? block.recordedGradients(dy, saved) : block.gradients(dy, saved)
  }
}

/// Runs a block of one input without keeping what its operations save, and runs it again in the reverse sweep.
///
/// - Parameters:
///   - input: The variable that the block depends on.
///   - block: The computation.
/// - Returns: Its result.
public func checkpoint(_ input: Variable, _ block: @escaping (Variable) -> Variable) -> Variable {
  checkpoint([input]) { block($0[0]) }
}

/// Runs a block that depends on parameters alone without keeping what its operations save, and runs it again in the reverse
/// sweep.
///
/// - Parameter block: The computation.
/// - Returns: Its result.
public func checkpoint(_ block: @escaping () -> Variable) -> Variable { checkpoint([]) { _ in block() } }

/// A block with what it takes to run it again. It stays on the thread of its tape.
private struct RecomputedBlock: @unchecked Sendable {
  let block: ([Variable]) -> Variable
  let inputCount: Int
  /// The parameters that the block reads.
  var parameters: [Parameter] = []
  private let surroundings = Surroundings(isInScope: UnsafeMutablePointer<TapeState>.current != nil)

  init(block: @escaping ([Variable]) -> Variable, inputCount: Int) {
    (self.block, self.inputCount) = (block, inputCount)
  }

  /// Runs the block on a tape that ends here, and finds the parameters that it reads.
  func run(_ inputs: [Variable]) -> (value: Tensor, parameters: [Parameter]) {
    let state = TapeState.make()
    defer { TapeState.recycle(state) }
    let result = apply(to: inputs.map { $0.isRecorded ? state.leaf($0.value) : $0 }, on: state)
    let found = state.pointee.parameters.values.sorted { $0.index < $1.index }
    return (result.value, found.map(\.parameter))
  }

  /// The gradients in an ordinary sweep: the block is recorded on a tape of its own, and swept.
  func gradients(_ dy: Variable, _ saved: Saved) -> [Variable?] {
    let state = TapeState.make()
    defer { TapeState.recycle(state) }
    let inputs = (0..<inputCount).map { saved.needsGradient($0) ? state.leaf(saved[$0].value) : saved[$0] }
    for (position, parameter) in parameters.enumerated() {
      checkUnchanged(parameter, saved[inputCount + position].value)
    }
    let result = recompute(inputs, on: state, saved)
    guard result.isRecorded else { return inputs.map { _ in nil } + parameters.map { _ in nil } }
    let found = result.gradients(
      seed: dy, recorded: false, keeping: .leaves, consuming: true, operation: "checkpoint")
    return inputs.map { $0.isRecorded ? found[$0] : nil } + parameters.map { found.find($0) }
  }

  /// The gradients in a recorded sweep: the block is recorded on the outer tape, from inputs and parameters in places of
  /// their own, so that its gradients can be differentiated.
  func recordedGradients(_ dy: Variable, _ saved: Saved) -> [Variable?] {
    let state = saved.state
    let places = (0..<inputCount + parameters.count).map { position in
      let operand = saved[position]
      return operand.isRecorded ? record(.identity, operand, value: operand.value) : operand
    }
    let outer = state.pointee.parameters
    for (parameter, place) in zip(parameters, places[inputCount...]) {
      checkUnchanged(parameter, place.value)
      let storage = parameter.value.storage.map { ObjectIdentifier($0) }
      state.pointee.parameters[ObjectIdentifier(parameter)] = (place.index, parameter, storage)
    }
    let result = recompute(Array(places[..<inputCount]), on: state, saved)
    state.pointee.parameters = outer
    guard let first = places.filter(\.isRecorded).map(\.index).min(), result.index >= first else {
      return places.map { _ in nil }
    }
    let found = result.gradients(seed: dy, recorded: true, keeping: .all, downTo: first, operation: "checkpoint")
    return places.map { $0.isRecorded ? found[$0] : nil }
  }

  private func recompute(_ inputs: [Variable], on state: UnsafeMutablePointer<TapeState>, _ saved: Saved) -> Variable {
    let result = apply(to: inputs, on: state)
    require(
      result.value.isIdentical(to: saved.output.value),
      "checkpoint: the block gave another result when it ran again for the reverse sweep; what it draws has to come from a "
        + "key that stays the same")
    return result
  }

  private func apply(to inputs: [Variable], on state: UnsafeMutablePointer<TapeState>) -> Variable {
    let result = surroundings.run(on: state) { block(inputs) }
    require(
      !result.isRecorded || result.tape == state,
      "checkpoint: the block depends on a variable from outside; pass it in as an input")
    return result
  }

  private func checkUnchanged(_ parameter: Parameter, _ value: Tensor) {
    require(
      parameter.value.isIdentical(to: value),
      "checkpoint: the value of \(parameter.path.isEmpty ? "a parameter" : parameter.path) has changed since the block first "
        + "ran")
  }
}
