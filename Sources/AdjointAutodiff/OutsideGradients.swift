/// A place where operations of a block read what was recorded before it: the entry, and the how-manieth of them to read it,
/// counted from the last, which is the order that gradients are added in.
struct OutsideUse: Hashable {
  var index: Int32
  let occurrence: Int
  /// Whether rows are gathered there, other than a part.
  let gathers: Bool
}

extension TapeState {
  /// Every place where the entries from `start` on read one before it, or the leaf of a parameter, in the order of a sweep.
  func outsideUses(from start: Int) -> [(entry: Int32, input: Int, use: OutsideUse)] {
    let leaves = Set(parameters.values.map(\.index))
    var found: [(entry: Int32, input: Int, use: OutsideUse)] = [], counts: [Int32: Int] = [:]
    for index in stride(from: Int32(count) - 1, through: Int32(start), by: -1) {
      let entry = entry(index).pointee
      for input in 0..<entry.inputCount {
        let target = entry.inputIndex(input)
        guard target >= 0, target < start || leaves.contains(target) else { continue }
        let gathers = entry.rule?._withUnsafeGuaranteedRef { $0.gathered != nil && !$0.isPart } ?? false
        let use = OutsideUse(index: target, occurrence: counts[target, default: 0], gathers: gathers)
        found.append((index, input, use))
        counts[target, default: 0] += 1
      }
    }
    return found
  }
}

/// The gradients that leave blocks of operations for what was recorded before them, added over the blocks.
///
/// Gradients of gathered rows are added row by row in the order of the blocks, so that they have the bits of one sum over all rows.
final class OutsideGradients {
  private let places: [OutsideUse: Int]
  /// Where the gradient of an input of an entry of the current block goes.
  private var current: [Input: Int] = [:]
  private(set) var totals: [Variable?]
  private var rowTotals: [Tensor?]

  private struct Input: Hashable {
    let entry: Int32, input: Int
  }

  init(for uses: [OutsideUse]) {
    places = Dictionary(uniqueKeysWithValues: uses.enumerated().map { ($1, $0) })
    totals = uses.map { _ in nil }
    rowTotals = uses.map { _ in nil }
  }

  /// Goes on to the block that was recorded from `start` on.
  func begin(_ state: UnsafeMutablePointer<TapeState>, from start: Int) {
    current = [:]
    for (entry, input, use) in state.pointee.outsideUses(from: start) {
      current[Input(entry: entry, input: input)] = places[use]
    }
  }

  func add(_ gradient: Variable, entry: Int32, input: Int) {
    guard let place = current[Input(entry: entry, input: input)] else { return }
    totals[place] = totals[place].map { $0 + gradient } ?? gradient
  }

  func add(_ dy: Variable, to rows: IndexArray, isPart: Bool, of shape: Shape, entry: Int32) {
    guard let place = current[Input(entry: entry, input: 0)] else { return }
    // Taken out, so that nothing else shares the memory while it is added to.
    var total = rowTotals[place].take() ?? Tensor(zeros: shape, dtype: dy.dtype)
    if isPart { total.setRows(rows, to: dy.value) } else { total.addRows(rows, dy.value) }
    rowTotals[place] = total
  }

  /// The gradients of all uses, nil where none arrived.
  var gradients: [Variable?] { zip(totals, rowTotals).map { $0 ?? $1.map { Variable($0) } } }
}

extension Tensor {
  /// Adds every row of `values`, in order, to the row that `rows` names, in place: total + v₁ + v₂ + …, from the left.
  mutating func addRows(_ rows: IndexArray, _ values: Tensor) {
    let grouping = rows.grouped(into: shape[0], operation: "addRows"), offsets = grouping.offsets.pointer
    let touched = IndexArray((0..<shape[0]).filter { offsets[$0] < offsets[$0 + 1] })
    let joined = concatenate([gatherRows(touched), values], along: 0)
    let starts = IndexArray(count: touched.count + 1) { result in
      for (place, row) in touched.enumerated() { result[place] = offsets[row] + Int32(place) }
      result[touched.count] = Int32(rows.count + touched.count)
    }
    let columns = IndexArray(count: rows.count + touched.count) { result in
      var next = 0
      for (place, row) in touched.enumerated() {
        result[next] = Int32(place)
        next += 1
        for entry in offsets[row]..<offsets[row + 1] {
          let value = grouping.columns.map { $0.pointer[Int(entry)] } ?? entry
          result[next] = Int32(touched.count) + value
          next += 1
        }
      }
    }
    let sums = joined.summed(
      over: RowGrouping(rowCount: touched.count, offsets: starts, columns: columns, order: nil))
    setRows(touched, to: sums)
  }
}
