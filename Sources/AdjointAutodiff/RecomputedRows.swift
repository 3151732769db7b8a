// Rows that are computed a block at a time: nothing of a block stays but its rows, and it runs again when the reverse sweep reaches
// it. Unlike a checkpoint's, the blocks may read any variable: what they read is found on the tape.

/// What a computation yields, without what it recorded.
package struct Rehearsal {
  /// The result.
  package let value: Tensor
  /// The tape that the computation takes part in, if any.
  let tape: UnsafeMutablePointer<TapeState>?

  /// Runs a computation that stands for later ones, and takes what it recorded in the current scope off the tape again, but for the
  /// parameters that it read.
  ///
  /// - Parameter body: The computation. On a tape that is not the scope's, its entries stay; nothing depends on them.
  package init(_ body: () -> Variable) {
    let scope = UnsafeMutablePointer<TapeState>.current, start = scope?.pointee.count ?? 0
    let result = body()
    (value, tape) = (result.value, result.isRecorded ? result.checkedTape("Rehearsal") : scope)
    scope?.rewind(to: start)
  }
}

extension UnsafeMutablePointer<TapeState> {
  /// Drops the entries from `start` on, but for the parameters that were first read there: their leaves move to `start`.
  @discardableResult
  fileprivate func rewind(to start: Int) -> [Parameter] {
    let read = pointee.rewind(to: start)
    for parameter in read { _ = leaf(for: parameter) }
    return read
  }
}

/// Computes the rows of a result block by block, and each block again in the reverse sweep.
///
/// Blocks may read any recorded variable and any parameter. Rows and gradients of gathered rows have the same bits as those of
/// the whole; other gradients are added block by block. A recorded sweep runs the whole at once, and keeps it.
///
/// - Parameters:
///   - count: The number of blocks, at least 1.
///   - rehearsal: A run of a part of the computation.
///   - whole: Computes all rows.
///   - block: Computes the rows of a block.
/// - Returns: The rows of all blocks, in their order.
package func recomputedRows(
  inBlocks count: Int, after rehearsal: Rehearsal, whole: @escaping () -> Variable, block: @escaping (Int) -> Variable
) -> Variable {
  guard let state = rehearsal.tape else {
    return Variable(concatenate((0..<count).map { block($0).value }, along: 0))
  }
  var rows: [Tensor] = [], uses: [OutsideUse] = [], known: Set<OutsideUse> = []
  for number in 0..<count {
    let start = state.pointee.count
    rows.append(block(number).value)
    let found = state.pointee.outsideUses(from: start).map(\.use)
    let old = state.pointee.parameters
    let moved = Dictionary(
      uniqueKeysWithValues: state.rewind(to: start).enumerated().compactMap { position, parameter in
        old[ObjectIdentifier(parameter)].map { ($0.index, Int32(start + position)) }
      })
    for var use in found {
      use.index = moved[use.index] ?? use.index
      if known.insert(use).inserted { uses.append(use) }
    }
  }
  let run = BlockedRun(
    block: block, whole: whole, rowCounts: rows.map { $0.shape[0] }, uses: uses,
    surroundings: Surroundings(isInScope: UnsafeMutablePointer<TapeState>.current == state))
  let inputs = uses.map { Variable(value: Tensor(zeros: [0]), index: $0.index, tape: state) }
  let rule = OperationRule("blocks", gathers: uses.map(\.gathers)) { dy, saved in
    saved.recorded ? run.recordedGradients(dy, saved) : run.gradients(dy, saved)
  }
  return record(rule, inputs, value: concatenate(rows, along: 0))
}

extension Variable {
  /// Some rows of what blocks divide among them: the gradients of all blocks are put side by side.
  ///
  /// - Parameter range: The rows.
  /// - Returns: The rows, which share the memory of the whole.
  package func part(_ range: Range<Int>) -> Variable {
    recordGather("part", self, IndexArray(range), value: value.rows(range), isPart: true)
  }
}

/// Blocks with what it takes to run them again. They stay on the thread of their tape.
private struct BlockedRun: @unchecked Sendable {
  let block: (Int) -> Variable
  let whole: () -> Variable
  let rowCounts: [Int]
  let uses: [OutsideUse]
  let surroundings: Surroundings

  /// The gradients in an ordinary sweep: each block is recorded at the end of the tape, swept, and taken off again.
  func gradients(_ dy: Variable, _ saved: Saved) -> [Variable?] {
    let state = saved.state, outside = OutsideGradients(for: uses), output = saved.output.value
    var first = 0
    for (number, count) in rowCounts.enumerated() {
      let start = state.pointee.count, rows = first..<first + count
      let result = surroundings.run(on: state) { block(number) }
      require(
        result.value.isIdentical(to: output.rows(rows)),
        "blocks: rows \(rows) came out otherwise when they were computed again for the reverse sweep; what a message draws has to "
          + "come from a key that stays the same")
      if result.isRecorded, Int(result.index) >= start {
        outside.begin(state, from: start)
        let adjoints = AdjointBuffer.make(state, from: Int32(start), through: result.index)
        adjoints[result.index] = Variable(dy.value.rows(rows))
        adjoints.sweep(
          from: result.index, downTo: Int32(start), recorded: false, keeping: .leaves, consuming: true, outside: outside
        )
      }
      _ = state.pointee.rewind(to: start)
      first += count
    }
    return outside.gradients
  }

  /// The gradients in a recorded sweep: the whole is recorded, and stays on the tape.
  func recordedGradients(_ dy: Variable, _ saved: Saved) -> [Variable?] {
    let state = saved.state, outside = OutsideGradients(for: uses), start = state.pointee.count
    let result = surroundings.run(on: state, whole)
    guard result.isRecorded, Int(result.index) >= start else { return uses.map { _ in nil } }
    outside.begin(state, from: start)
    let adjoints = AdjointBuffer.make(state, from: Int32(start), through: result.index)
    adjoints[result.index] = dy
    adjoints.sweep(
      from: result.index, downTo: Int32(start), recorded: true, keeping: .leaves, consuming: false, outside: outside)
    return outside.gradients
  }
}
