import AdjointAutodiff
import Testing

/// Ranges of seven positions, as slices are taken.
private let patterns: [String: [Range<Int>]] = [
  "all in order": (0..<7).map { $0..<$0 + 1 },
  "all, backwards": (0..<7).reversed().map { $0..<$0 + 1 },
  "pieces with gaps": [5..<6, 1..<3],
  "one": [2..<5],
  "the whole": [0..<7],
  "the whole and parts": [0..<7, 0..<3, 0..<7, 3..<7],
  "one again and again": [1..<3, 1..<3, 4..<6, 1..<3, 4..<6],
  "windows": (0..<5).map { $0..<$0 + 3 },
  "beginnings, more than the whole holds": (0...7).map { 0..<$0 },
  "beginnings and ends": (0...7).flatMap { [0..<$0, $0..<7] },
  "nothing": [3..<3],
  "nothing, twice": [3..<3, 5..<5],
  "nothing between others": [0..<2, 2..<2, 2..<7, 7..<7],
]

/// Rows or columns.
private typealias Slice = (_ x: Variable, _ range: Range<Int>, _ axis: Int) -> Variable

/// The ways of a sweep.
private enum Way: String, CaseIterable {
  case leaf, intermediate, besideAnotherUse, besideGatheredRows, underCheckpoints, underAHook, inOneSweep
}

@Suite struct `Gradients of slices` {
  /// The same rows or columns by their numbers, whose gradients go another way.
  private func gathered(_ x: Variable, _ range: Range<Int>, _ axis: Int) -> Variable {
    let rows = IndexArray(Array(range))
    return axis == 0 ? x.gatherRows(rows) : x.transposed().gatherRows(rows).transposed()
  }

  /// A sum over slices.
  private func sum(
    _ ranges: [Range<Int>], _ axes: [Int], of leaf: Variable, _ way: Way, seen: @escaping (Tensor) -> Void,
    _ slice: @escaping Slice
  ) -> Variable {
    var x = leaf
    if way == .intermediate { x = leaf * leaf }
    if way == .underAHook { x = (leaf * leaf).observingGradient { seen($0.value) } }
    var total = (way == .besideAnotherUse ? exp(x) : 0 * x).sum()
    if way == .besideGatheredRows { total = total + sin(x.gatherRows([3, 1, 3])).sum() }
    for (number, range) in ranges.enumerated() {
      let axis = axes[number % axes.count]
      func term(_ x: Variable) -> Variable { (Variable(Double(number + 1)) * tanh(slice(x, range, axis))).sum() }
      total = total + (way == .underCheckpoints ? checkpoint(x, term) : term(x))
    }
    return total
  }

  /// The gradient, that of its squares, and that of the squares of those; and what a hook saw.
  private func derivatives(
    _ ranges: [Range<Int>], _ axes: [Int], _ way: Way, _ dtype: DType, _ slice: @escaping Slice
  ) -> [[Double]] {
    let point = constant([7, 7]).value.converted(to: dtype)
    var seen: [[Double]] = []
    let see: (Tensor) -> Void = { seen.append($0.scalars()) }
    if way == .inOneSweep {
      let parameter = Parameter(point)
      let (_, gradients) = valueWithGradients {
        sum(ranges, axes, of: parameter.wrappedValue, way, seen: see, slice)
      }
      return [gradients[parameter].scalars()]
    }
    let tape = Tape(), x = tape.variable(point)
    let total = sum(ranges, axes, of: x, way, seen: see, slice)
    let plain = total.gradients(keeping: .leaves)[x], first = total.gradients(recorded: true)[x]
    let second = (first * first).sum().gradients(recorded: true)[x]
    let third = (second * second).sum().gradients()[x]
    return [plain, first, second, third].map { $0.scalars() } + seen
  }

  @Test(arguments: patterns.keys.sorted(), Way.allCases.map(\.rawValue))
  func `are those of the same rows gathered, of orders 1, 2 and 3`(_ pattern: String, _ name: String) throws {
    let ranges = try #require(patterns[pattern]), way = try #require(Way(rawValue: name))
    for axes in [[0], [1], [0, 1]] {
      for (dtype, tolerance) in [(DType.float64, 1e-12), (.float32, 1e-4)] {
        let found = derivatives(ranges, axes, way, dtype) { $0.slice($1, along: $2) }
        let expected = derivatives(ranges, axes, way, dtype) { gathered($0, $1, $2) }
        #expect(found.count == expected.count)
        // Gathered rows alone reach a leaf last in a sweep that is not recorded.
        if found.count > 1 && way != .besideGatheredRows {
          #expect(found[0].map(\.bitPattern) == found[1].map(\.bitPattern), "a recorded sweep has other bits")
        }
        for (order, (a, b)) in zip(found, expected).enumerated() {
          #expect(isClose(a, b, within: tolerance), "\(order), axes \(axes), \(dtype)")
        }
      }
    }
  }

  @Test func `are put together by one operation in a recorded sweep, however many there are`() {
    for count in [2, 50, 400] {
      let tape = Tape(), x = tape.variable(constant([count, 3]).value)
      let steps = x.unstacked()
      let total = steps.dropFirst().reduce(steps[0]) { tanh($0 * $1) }.sum()
      func entries(_ name: String) -> Int { tape.memory.operations.first { $0.name == name }?.entries ?? 0 }
      #expect(entries("slice") == count && entries("concatenate") == 0)
      _ = total.gradients(recorded: true)
      #expect(entries("concatenate") == 1 && entries("place") == 0)
    }
  }

  @Test(arguments: patterns.keys.sorted())
  func `are the same for whoever watches the sweep`(_ pattern: String) throws {
    let ranges = try #require(patterns[pattern])
    func gradient(watched: Bool) throws -> [Double] {
      let tape = Tape(), x = tape.variable(constant([7, 2]).value)
      let total = ranges.reduce(exp(x).sum()) { $0 + tanh(x.rows($1)).sum() }
      return try watched
        ? withAnomalyDetection(on: tape) { total.gradients()[x].scalars() } : total.gradients()[x].scalars()
    }
    #expect(isClose(try gradient(watched: true), try gradient(watched: false)))
  }

  @Test func `leave a table's gradient no longer rows alone`() {
    let table = Parameter(constant([5, 2]).value)
    let (_, gathered) = valueWithGradients { table.wrappedValue.gatherRows([1, 3]).sum() }
    #expect(gathered.rows(of: table)?.rows.count == 2)
    let (_, both) = valueWithGradients {
      table.wrappedValue.gatherRows([1, 3]).sum() + table.wrappedValue.rows(0..<2).sum()
    }
    #expect(both.rows(of: table) == nil)
    #expect(both[table].scalars() == [1, 1, 2, 2, 0, 0, 1, 1, 0, 0] as [Double])
  }

  @Test func `do not change what else their memory holds`() {
    // The gradient of both operands of a sum is one array.
    let tape = Tape(), a = tape.variable(constant([4, 2]).value), b = tape.variable(constant([4, 2], seed: 2).value)
    let sum = a + b
    let total = sum.sum() + (3 * b.rows(1..<3)).sum() + (5 * a.slice(0..<1, along: 1)).sum()
    let gradients = total.gradients()
    #expect(gradients[sum].value == Tensor(ones: [4, 2], dtype: .float64))
    #expect(gradients[b].scalars() == [1, 1, 4, 4, 4, 4, 1, 1] as [Double])
    #expect(gradients[a].scalars() == [6, 1, 6, 1, 6, 1, 6, 1] as [Double])
  }
}
