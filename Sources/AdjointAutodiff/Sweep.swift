/// Which gradients a sweep gives back.
public enum GradientsKept: Sendable {
  /// Those of every recorded value.
  case all
  /// Those of leaves alone: parameters and the variables made by a tape. Others are released as the sweep goes on.
  case leaves
}

extension Variable {
  /// The gradients of this value with respect to everything it was computed from: one reverse sweep over the tape.
  ///
  ///     x̄ = Σ ȳ ∂y/∂x      over the operations y that x went into, from the last to the first
  ///
  /// - Parameters:
  ///   - seed: The gradient to begin with, of this value's shape (a vector–Jacobian product); 1 if left out, which
  ///     needs a value with one element.
  ///   - recorded: Whether the sweep is recorded, so that the gradients can be differentiated in turn.
  ///   - kept: Which gradients are kept.
  /// - Returns: The gradients. A value that was not recorded stops the program.
  /// - Complexity: Proportional to the cost of computing the value; operations that it does not depend on are skipped.
  public func gradients(
    seed: Variable? = nil, recorded: Bool = false, keeping kept: GradientsKept = .all
  ) -> Gradients {
    gradients(seed: seed, recorded: recorded, keeping: kept, consuming: false, operation: "gradients")
  }

  /// - Parameter consuming: Whether the tape ends with the sweep, so that saved values go as soon as they are used.
  func gradients(
    seed: Variable? = nil, recorded: Bool, keeping kept: GradientsKept, consuming: Bool, operation: String
  ) -> Gradients {
    guard isRecorded else {
      stop(
        "\(operation): the result of shape \(shape) was not recorded; compute it from tape.variable(…), "
          + "or from parameters inside valueWithGradients { … }")
    }
    let state = checkedTape(operation)
    if let seed {
      require(
        seed.shape == shape && (seed.dtype == dtype || seed.value.isLiteral),
        "\(operation): the seed is \(seed.dtype) \(seed.shape), the result \(dtype) \(shape)")
    } else {
      require(value.count == 1, "\(operation): the result has shape \(shape); give a seed, or reduce it to one element")
    }
    let adjoints = AdjointBuffer(count: Int(index) + 1)
    let first = seed ?? Variable(value.isScalar ? Tensor(scalar: 1, dtype: dtype) : Tensor(ones: shape, dtype: dtype))
    adjoints.set(index, Variable(value: first.value.converted(to: dtype), like: first))
    adjoints.sweep(state, from: index, recorded: recorded, keeping: kept, consuming: consuming)
    return Gradients(adjoints: adjoints, state: state)
  }
}

/// The gradient of every entry of a tape, in trivial memory of its own.
final class AdjointBuffer {
  private struct Slot {
    var value: SavedTensor
    var index: Int32
    var generation: UInt32
  }

  private let slots: UnsafeMutablePointer<Slot>
  let count: Int
  private let storage: Storage?
  private var state: UnsafeMutablePointer<TapeState>?

  init(count: Int) {
    self.count = count
    if count > 4096 {
      let storage = Storage(byteCount: count * MemoryLayout<Slot>.stride)
      slots = storage.pointer.bindMemory(to: Slot.self, capacity: count)
      self.storage = storage
    } else {
      slots = .allocate(capacity: count)
      storage = nil
    }
    let empty = Slot(value: SavedTensor(), index: -1, generation: 0)
    for i in 0..<count { (slots + i).initialize(to: empty) }
  }

  deinit {
    for i in 0..<count { slots[i].value.release() }
    if storage == nil { slots.deallocate() }
  }

  @inline(__always)
  func set(_ index: Int32, _ adjoint: Variable) {
    slots[Int(index)] = Slot(
      value: SavedTensor(retaining: adjoint.value), index: adjoint.index, generation: adjoint.generation)
    if adjoint.index >= 0 { state = adjoint.tape }
  }

  /// The gradient of an entry; nil if the result does not depend on it.
  @inline(__always)
  subscript(index: Int32) -> Variable? {
    guard index < count, slots[Int(index)].value.isPresent else { return nil }
    let slot = slots[Int(index)]
    guard slot.index >= 0, let state else { return Variable(slot.value.tensor) }
    return Variable(value: slot.value.tensor, index: slot.index, generation: slot.generation, tape: state)
  }

  /// Runs every pullback from `last` down to the first entry.
  func sweep(
    _ state: UnsafeMutablePointer<TapeState>, from last: Int32, recorded: Bool, keeping kept: GradientsKept,
    consuming: Bool
  ) {
    var index = last
    while index >= 0 {
      defer { index -= 1 }
      let entry = state.pointee.entry(index)
      guard let rule = entry.pointee.rule else { continue }
      if slots[Int(index)].value.isPresent {
        let saved = Saved(state: state, index: index, recorded: recorded)
        rule._withUnsafeGuaranteedRef { rule in pull(rule, entry, upstream(index, kept), saved) }
      }
      if consuming { entry.pointee.release() }
    }
  }

  /// The gradient that an operation's pullback gets. One that is not kept leaves its slot.
  @inline(__always)
  private func upstream(_ index: Int32, _ kept: GradientsKept) -> Variable {
    if case .all = kept { return self[index].unsafelyUnwrapped }
    let slot = slots[Int(index)]
    let value = slots[Int(index)].value.take()
    guard slot.index >= 0, let state else { return Variable(value) }
    return Variable(value: value, index: slot.index, generation: slot.generation, tape: state)
  }

  @inline(__always)
  private func pull(
    _ rule: OperationRule, _ entry: UnsafeMutablePointer<Entry>, _ dy: Variable, _ saved: Saved
  ) {
    switch rule.kind {
    case .unary(let pullback):
      add(pullback(dy, saved), to: entry.pointee.input0, rule, 0, saved)
    case .binary(let first, let second):
      if entry.pointee.input0 >= 0 { add(first(dy, saved), to: entry.pointee.input0, rule, 0, saved) }
      if entry.pointee.input1 >= 0 { add(second(dy, saved), to: entry.pointee.input1, rule, 1, saved) }
    case .joint(let pullback):
      let gradients = pullback(dy, saved)
      let count = entry.pointee.inputCount
      require(
        gradients.count == count,
        "\(rule.name): the pullback returns \(gradients.count) gradients for \(count) inputs")
      for (input, gradient) in gradients.enumerated() {
        let index = entry.pointee.inputIndex(input)
        if index >= 0, let gradient { add(gradient, to: index, rule, input, saved) }
      }
    }
  }

  /// Adds a gradient to an entry's, after checking its shape.
  @inline(__always)
  private func add(_ gradient: Variable, to index: Int32, _ rule: OperationRule, _ input: Int, _ saved: Saved) {
    let target = saved.state.pointee.entry(index)
    let fitted = gradient.shape == target.pointee.output.shape && gradient.dtype == target.pointee.output.dtype
      ? gradient : fit(gradient, to: target, rule, input)
    if !slots[Int(index)].value.isPresent {
      set(index, fitted)
    } else {
      accumulate(fitted, at: index)
    }
  }

  @inline(never)
  private func fit(
    _ gradient: Variable, to target: UnsafeMutablePointer<Entry>, _ rule: OperationRule, _ input: Int
  ) -> Variable {
    let shape = target.pointee.output.shape, dtype = target.pointee.output.dtype
    if gradient.value.isLiteral && shape.rank == 0 { return Variable(gradient.value.converted(to: dtype)) }
    require(
      gradient.dtype == dtype,
      "\(rule.name): the pullback returns \(gradient.dtype) \(gradient.shape) for input \(input), which is \(dtype) \(shape)")
    require(
      rule.broadcasts || gradient.shape == shape,
      "\(rule.name): the pullback returns shape \(gradient.shape) for input \(input), which has shape \(shape)")
    return gradient.summed(to: shape)
  }

  private func accumulate(_ gradient: Variable, at index: Int32) {
    let slot = slots[Int(index)]
    if slot.index < 0 && gradient.index < 0 {
      var total = slots[Int(index)].value.take()
      total.add(gradient.value)
      set(index, Variable(total))
    } else {
      let total = self[index].unsafelyUnwrapped + gradient
      slots[Int(index)].value.release()
      set(index, total)
    }
  }
}
