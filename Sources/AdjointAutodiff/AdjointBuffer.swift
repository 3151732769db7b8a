/// A gradient: a value and, after a recorded sweep, its own place on the tape; `dropped` once it has been used up.
struct AdjointSlot {
  static let dropped: Int32 = -2
  var value = SavedTensor()
  var index: Int32 = -1

  /// Forgets a value that holds no reference.
  @inline(__always)
  mutating func clear(_ index: Int32 = -1) {
    value.clear()
    self.index = index
  }
}

/// What is known of all gradients of a sweep.
struct AdjointHeader {
  let state: UnsafeMutablePointer<TapeState>
  /// The gradients of the entries from `base` on.
  let slots: UnsafeMutablePointer<AdjointSlot>
  let capacity: Int
  var count = 0
  var base: Int32 = 0
  // Gradients may outlive their tape; those that were recorded on it must then not pass for entries of another one.
  var generation: UInt32 = 0
  /// Whether any gradient holds a reference that has to be released.
  var holdsReferences = false
  /// The memory of the slots, if they do not lie behind the header.
  let storage: Storage?
  /// The parameters that the tape had read at the end of the sweep; nil for none.
  var parameters: TapeState.Parameters?
  /// What reached leaves from which rows were gathered; nil for nothing.
  var gathered: [Int32: GatheredGradient]?
  /// What has reached entries from slices and waits to be put together; nil for nothing.
  var sliced: [Int32: SlicedGradient]?
}

/// The gradients of a tape's entries from one on, in trivial memory: a short list lies in the object itself, a long one in a block
/// from the cache.
final class AdjointBuffer: ManagedBuffer<AdjointHeader, AdjointSlot> {
  /// A tape keeps a buffer of at most so many slots for its next sweep: a longer sweep hardly notices the cost of a new one.
  private static let spareCapacity = 256

  @inline(__always)
  static func make(_ state: UnsafeMutablePointer<TapeState>, from first: Int32, through last: Int32) -> AdjointBuffer {
    let count = Int(last &- first) &+ 1
    let buffer = spare(of: state, count) ?? create(state, count)
    for i in 0..<count { buffer.slots[i].clear() }
    buffer.known.pointee.count = count
    buffer.known.pointee.base = first
    buffer.known.pointee.generation = state.pointee.generation
    return buffer
  }

  /// The buffer that an earlier sweep over the tape has left, if it is long enough and its gradients are gone.
  @inline(__always)
  private static func spare(of state: UnsafeMutablePointer<TapeState>, _ count: Int) -> AdjointBuffer? {
    guard var spare = state.pointee.spareAdjoints.take(), spare.known.pointee.capacity >= count,
      isKnownUniquelyReferenced(&spare)
    else { return nil }
    return spare
  }

  @inline(never)
  private static func create(_ state: UnsafeMutablePointer<TapeState>, _ count: Int) -> AdjointBuffer {
    let isLong = count > 4096
    let buffer = create(minimumCapacity: isLong ? 0 : count) { buffer in
      let storage = isLong ? Storage(byteCount: count * MemoryLayout<AdjointSlot>.stride) : nil
      let slots =
        storage?.pointer.bindMemory(to: AdjointSlot.self, capacity: count)
        ?? buffer.withUnsafeMutablePointerToElements { $0 }
      return AdjointHeader(state: state, slots: slots, capacity: count, storage: storage)
    }
    return unsafeDowncast(buffer, to: AdjointBuffer.self)
  }

  deinit {
    if known.pointee.holdsReferences {
      for i in 0..<count { slots[i].value.release() }
    }
  }

  /// The header without the checks for exclusive access: they would take a quarter of the worked example's time.
  private var known: UnsafeMutablePointer<AdjointHeader> {
    @inline(__always)
    get { withUnsafeMutablePointerToHeader { $0 } }
  }

  var state: UnsafeMutablePointer<TapeState> { known.pointee.state }
  private var slots: UnsafeMutablePointer<AdjointSlot> { known.pointee.slots }
  private var count: Int { known.pointee.count }
  private var base: Int32 { known.pointee.base }
  var generation: UInt32 { known.pointee.generation }
  var parameters: TapeState.Parameters? { known.pointee.parameters }

  /// The entry that the sweep began at.
  var last: Int32 { base + Int32(count) - 1 }

  /// The gradient of an entry, if it has one.
  func gradient(at index: Int32) -> Variable? {
    guard covers(index) else { return nil }
    if known.pointee.gathered != nil { addGathered(to: index) }
    return slot(index).pointee.value.isPresent ? self[index] : nil
  }

  /// The gradient of a variable, if it is on this tape and has one.
  func gradient(of x: Variable) -> Variable? {
    x.generation == generation && x.tape == state ? gradient(at: x.index) : nil
  }

  /// The gradient of a variable, if it is a constant number that needs nothing to be added to it.
  @inline(__always)
  func number(of x: Variable) -> Variable? {
    guard covers(x.index), x.tape.unsafelyUnwrapped == state, x.generation == generation else { return nil }
    return number(at: x.index)
  }

  @inline(__always)
  private func number(at index: Int32) -> Variable? {
    guard let number = slot(index).pointee.value.number, slot(index).pointee.index < 0 else { return nil }
    return Variable(number)
  }

  /// Whether the entry had a gradient that was not kept.
  func hasDropped(_ index: Int32) -> Bool { covers(index) && slot(index).pointee.index == AdjointSlot.dropped }

  @inline(__always)
  private func covers(_ index: Int32) -> Bool { index >= base && Int(index &- base) < count }

  @inline(__always)
  private func slot(_ index: Int32) -> UnsafeMutablePointer<AdjointSlot> { slots + Int(index &- base) }

  /// The gradient of an entry that has one.
  @inline(__always)
  subscript(index: Int32) -> Variable {
    get { variable(slot(index).pointee.value.tensor, slot(index).pointee.index) }
    set {
      if !newValue.value.isScalar { known.pointee.holdsReferences = true }
      slot(index).pointee = AdjointSlot(value: SavedTensor(retaining: newValue.value), index: newValue.index)
    }
  }

  /// The gradient of an entry that has one; the slot is empty afterwards.
  @inline(__always)
  private func take(_ index: Int32) -> Variable {
    let place = slot(index).pointee.index
    slot(index).pointee.index = AdjointSlot.dropped
    return variable(slot(index).pointee.value.take(), place)
  }

  @inline(__always)
  private func variable(_ value: Tensor, _ index: Int32) -> Variable {
    index < 0 ? Variable(value) : Variable(value: value, index: index, generation: generation, tape: state)
  }

  /// Runs every pullback from `last` down to `first`. What takes the gradients of earlier entries is `outside`; mostly nothing does.
  @inline(never)
  func sweep(
    from last: Int32, downTo first: Int32, recorded: Bool, keeping kept: GradientsKept, consuming: Bool,
    outside: OutsideGradients? = nil
  ) {
    let isPlain = !recorded && outside == nil && state.pointee.observers.isEmpty, keepsAll = kept == .all
    var index = last
    while index >= first {
      let entry = state.pointee.entry(index)
      if let rule = entry.pointee.rule {
        if isPlain, let dy = number(at: index), rule._withUnsafeGuaranteedRef({ $0.joint == nil }) {
          if !keepsAll { slot(index).pointee.clear(AdjointSlot.dropped) }
          pull(rule, entry, dy, index)
        } else {
          if known.pointee.sliced != nil { addSliced(to: index) }
          if slot(index).pointee.value.isPresent {
            pullAny(
              rule, entry, index, keepsAll: keepsAll, recorded: recorded, consuming: consuming, outside)
          }
        }
        if consuming { entry.pointee.release() }
      }
      index &-= 1
    }
    if known.pointee.sliced != nil { addSlicedToLeaves() }
    if !state.pointee.parameters.isEmpty { known.pointee.parameters = state.pointee.parameters }
    if holdsNumbersAlone { state.pointee.spareAdjoints = self }
  }

  /// Whether the buffer is short and would keep nothing else alive.
  private var holdsNumbersAlone: Bool {
    known.pointee.capacity <= Self.spareCapacity && !known.pointee.holdsReferences && known.pointee.parameters == nil
      && known.pointee.gathered == nil
  }

  /// Runs the pullbacks of one or two inputs. Those before the first entry that counts, and constants at −1, get no gradient.
  @inline(__always)
  private func pull(
    _ rule: Unmanaged<OperationRule>, _ entry: UnsafeMutablePointer<Entry>, _ dy: Variable, _ index: Int32
  ) {
    let saved = Saved(state: state, entry: entry, index: index, recorded: false)
    let (input0, input1) = (entry.pointee.input0, entry.pointee.input1)
    if input0 >= base { add(rule._withUnsafeGuaranteedRef { $0.first(dy, saved) }, to: input0, rule, 0) }
    if input1 >= base { add(rule._withUnsafeGuaranteedRef { $0.second(dy, saved) }, to: input1, rule, 1) }
  }

  /// Runs a pullback that may write over the upstream gradient, to which nothing here refers any more, and over the result, to
  /// which the tape does not if it ends with the sweep.
  @inline(never)
  private func pullInPlace(
    _ pullback: OperationRule.InPlacePullback, _ rule: Unmanaged<OperationRule>,
    _ entry: UnsafeMutablePointer<Entry>, _ index: Int32, consuming: Bool
  ) {
    var dy = take(index).value, y = entry.pointee.output.optional
    if consuming { entry.pointee.output.release() }
    let saved = Saved(state: state, entry: entry, index: index, recorded: false)
    var gradients = pullback(&dy, &y, saved)
    for input in gradients.indices {
      let target = entry.pointee.inputIndex(input)
      if let gradient = gradients[input], target >= base {
        gradients[input] = nil  // so that what comes next may be added in place
        addInFull(Variable(gradient), to: target, rule, input)
      }
    }
  }

  /// Runs any pullback, also of tensors with axes, for an entry that has a gradient.
  @inline(never)
  private func pullAny(
    _ rule: Unmanaged<OperationRule>, _ entry: UnsafeMutablePointer<Entry>, _ index: Int32, keepsAll: Bool,
    recorded: Bool, consuming: Bool, _ outside: OutsideGradients?
  ) {
    let isPlain = !recorded && outside == nil && state.pointee.observers.isEmpty
    rule._withUnsafeGuaranteedRef {
      if isPlain && !keepsAll, let pullback = $0.inPlace {
        pullInPlace(pullback, rule, entry, index, consuming: consuming)
        return
      }
      let dy = keepsAll ? self[index] : take(index)
      if let part = $0.slice, keep(dy, of: part, for: entry.pointee.input0) { return }
      if isPlain && $0.joint == nil {
        pull(rule, entry, dy, index)
      } else {
        pullInFull($0, entry, dy, index, recorded: recorded, outside)
      }
    }
  }

  /// Runs a pullback whose results may be differentiated again, that somebody watches, or that leave this sweep.
  private func pullInFull(
    _ rule: OperationRule, _ entry: UnsafeMutablePointer<Entry>, _ dy: Variable, _ index: Int32, recorded: Bool,
    _ outside: OutsideGradients?
  ) {
    let observers = state.pointee.observers, isPlain = !recorded && observers.isEmpty
    if isPlain, let rows = rule.gathered, pass(dy, of: rows, rule, entry, index, outside) { return }
    // The gradients of an operation without a second-order rule are right, but what they were computed from is lost: they stand
    // on the tape, and stop whoever goes on.
    let isLast = recorded && rule.firstOrderOnly
    let saved = Saved(state: state, entry: entry, index: index, recorded: recorded && !isLast)
    let lowest = outside == nil ? base : 0
    let gradients = rule.gradients(isLast ? dy.detached() : dy, saved) { entry.pointee.inputIndex($0) >= lowest }
    for (input, gradient) in gradients.enumerated() {
      guard var gradient else { continue }
      let target = entry.pointee.inputIndex(input)
      for observer in observers {
        observer.didPull(rule, at: index, of: state, upstream: dy.value, input: input, gradient: gradient.value)
      }
      if isLast {
        gradient = standing(gradient, rule, entry, dy)
      } else if recorded && dy.isRecorded && !gradient.isRecorded {
        checkConstant(gradient, rule, input)
      }
      if target < base {
        outside?.add(fit(gradient, to: state.pointee.entry(target), rule, input), entry: index, input: input)
      } else if !(isPlain && !rule.gathers.isEmpty && rule.gathers[input] && keep(gradient, of: nil, for: target)) {
        addInFull(gradient, to: target, .passUnretained(rule), input)
      }
    }
  }

  /// The gradient of an operation without a second-order rule, as an operation that cannot be differentiated.
  private func standing(
    _ gradient: Variable, _ rule: OperationRule, _ entry: UnsafeMutablePointer<Entry>, _ dy: Variable
  ) -> Variable {
    let inputs = (0..<entry.pointee.inputCount).map { entry.pointee.inputIndex($0) }.filter { $0 >= 0 }
    let operands = [dy] + inputs.map { Variable(value: dy.value, index: $0, tape: state) }
    return record("gradient of \(rule.name)", operands, value: gradient.value) { _, _ in
      stop(
        "\(rule.name): the operation has no second-order rule: it was recorded with firstOrderOnly, and the derivative of "
          + "its gradient is asked for")
    }
  }

  /// Hands the gradient of gathered rows on as rows, where that is possible.
  private func pass(
    _ dy: Variable, of rows: IndexArray, _ rule: OperationRule, _ entry: UnsafeMutablePointer<Entry>, _ index: Int32,
    _ outside: OutsideGradients?
  ) -> Bool {
    let target = entry.pointee.input0
    if target >= base { return keep(dy, of: rows, for: target) }
    let shape = state.pointee.entry(target).pointee.shape
    outside?.add(dy, to: rows, isPart: rule.isPart, of: shape, entry: index)
    return true
  }

  /// A gradient is linear in the one from above: if that is on the tape and it is not, it is 0, or was computed on tensors.
  @inline(never)
  private func checkConstant(_ gradient: Variable, _ rule: OperationRule, _ input: Int) {
    let isZero = gradient.value.count == 0 || equal(gradient.value, 0).min().item() == 1
    require(
      isZero,
      "\(rule.name): the pullback computes the gradient of input \(input) on tensors, so that it has no derivative; write it in "
        + "operations on variables, or record the operation with firstOrderOnly")
  }

  /// Adds a gradient to an entry's, after checking its shape.
  @inline(__always)
  private func add(_ gradient: Variable, to index: Int32, _ rule: Unmanaged<OperationRule>, _ input: Int) {
    // Each case by itself, so that no number is asked whether it holds a reference.
    let isPut =
      switch gradient.value.elements {
      case .float32(let number): put(number, .float32, gradient.index, at: index)
      case .float64(let number): put(number, .float64, gradient.index, at: index)
      default: false
      }
    if !isPut { addInFull(gradient, to: index, rule, input) }
  }

  /// Makes a number the gradient of an entry of its kind that has none, and says whether it did.
  @inline(__always)
  private func put(_ number: Double, _ kind: Tensor.Kind, _ place: Int32, at index: Int32) -> Bool {
    if kind != state.pointee.entry(index).pointee.kind || slot(index).pointee.value.isPresent { return false }
    slot(index).pointee = AdjointSlot(value: SavedTensor(number: Tensor(number: number, kind: kind)), index: place)
    return true
  }

  @inline(never)
  private func addInFull(_ gradient: Variable, to index: Int32, _ rule: Unmanaged<OperationRule>, _ input: Int) {
    let target = state.pointee.entry(index)
    let fits = gradient.value.kind == target.pointee.kind && gradient.shape == target.pointee.shape
    accumulate(
      fits ? gradient : rule._withUnsafeGuaranteedRef { fit(gradient, to: target, $0, input) }, at: index)
  }

  @inline(never)
  private func fit(
    _ gradient: Variable, to target: UnsafeMutablePointer<Entry>, _ rule: OperationRule, _ input: Int
  ) -> Variable {
    let shape = target.pointee.shape, dtype = target.pointee.kind.dtype
    if gradient.value.isLiteral && shape.rank == 0 { return Variable(gradient.value.converted(to: dtype)) }
    require(
      gradient.dtype == dtype,
      "\(rule.name): the pullback returns \(gradient.dtype) \(gradient.shape) for input \(input), which is \(dtype) \(shape)"
    )
    require(
      rule.broadcasts || gradient.shape == shape,
      "\(rule.name): the pullback returns shape \(gradient.shape) for input \(input), which has shape \(shape)")
    return gradient.summed(to: shape)
  }

  @inline(never)
  private func accumulate(_ gradient: Variable, at index: Int32) {
    guard slot(index).pointee.value.isPresent else {
      self[index] = gradient
      return
    }
    if slot(index).pointee.index >= 0 || gradient.isRecorded {
      self[index] = take(index) + gradient
    } else {
      // What nothing else shares is added to in place.
      var total = slot(index).pointee.value.take()
      total.add(gradient.value)
      self[index] = Variable(total)
    }
  }

  /// Keeps the gradient of rows that were gathered from a leaf as what it is, until someone asks for the whole; nil for rows that
  /// have been put in their places already.
  @inline(never)
  private func keep(_ dy: Variable, of rows: IndexArray?, for index: Int32) -> Bool {
    let target = state.pointee.entry(index)
    if target.pointee.rule != nil || dy.isRecorded { return false }
    if known.pointee.gathered == nil { known.pointee.gathered = [:] }
    let rowCount = target.pointee.shape[0]
    known.pointee.gathered?[index, default: GatheredGradient(rowCount: rowCount)].parts.append((rows, dy.value))
    return true
  }

  /// Keeps the gradient of a slice until the whole gradient is wanted, unless somebody watches or the whole is not in this sweep.
  @inline(never)
  private func keep(_ dy: Variable, of part: AxisRange, for index: Int32) -> Bool {
    if index < base || !state.pointee.observers.isEmpty { return false }
    var waiting = known.pointee.sliced?.removeValue(forKey: index) ?? SlicedGradient()
    waiting.add(dy, at: part)
    let isLarge = waiting.elementCount > 2 * state.pointee.entry(index).pointee.shape.elementCount
    known.pointee.sliced = known.pointee.sliced ?? [:]
    known.pointee.sliced?[index] = waiting
    // Slices that overlap may hold more than the whole does.
    if isLarge { addSliced(to: index) }
    return true
  }

  /// Adds what waits for an entry to its gradient.
  @inline(never)
  private func addSliced(to index: Int32) {
    guard let waiting = known.pointee.sliced?.removeValue(forKey: index) else { return }
    if known.pointee.sliced?.isEmpty == true { known.pointee.sliced = nil }
    let target = state.pointee.entry(index)
    accumulate(waiting.whole(target.pointee.shape, target.pointee.kind.dtype), at: index)
  }

  /// Adds what still waits at the end of a sweep, from the last leaf on.
  @inline(never)
  private func addSlicedToLeaves() {
    for leaf in known.pointee.sliced?.keys.sorted(by: >) ?? [] { addSliced(to: leaf) }
  }

  /// Spreads what waits for a leaf over all its rows, once.
  @inline(never)
  private func addGathered(to index: Int32) {
    guard let waiting = known.pointee.gathered?[index], !waiting.isAdded else { return }
    known.pointee.gathered?[index]?.isAlone = !slot(index).pointee.value.isPresent
    known.pointee.gathered?[index]?.isAdded = true
    for part in waiting.parts {
      let values = Variable(part.values)
      accumulate(part.rows.map { values.scatterSum(to: $0, count: waiting.rowCount) } ?? values, at: index)
    }
  }

  /// The rows of a leaf's gradient, if it consists of nothing but gathered rows.
  func rows(of index: Int32) -> RowGradient? {
    guard covers(index), let found = known.pointee.gathered?[index] else { return nil }
    let isAlone = found.isAdded ? found.isAlone : !slot(index).pointee.value.isPresent
    let parts = found.parts.compactMap { part in part.rows.map { (rows: $0, values: part.values) } }
    return isAlone && parts.count == found.parts.count ? RowGradient(parts) : nil
  }
}
