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
  "none of it": [3..<3],
  "none between others": [0..<2, 2..<2, 2..<7, 7..<7],
]

@Suite struct `Gradients of slices` {
  /// The same rows by their numbers, whose gradients go another way.
  private func rows(_ x: Variable, _ range: Range<Int>, along axis: Int) -> Variable {
    let rows = IndexArray(Array(range))
    return axis == 0 ? x.gatherRows(rows) : x.transposed().gatherRows(rows).transposed()
  }

  /// A sum over slices, its gradient, and the gradient of the gradient's squares.
  private func derivatives(
    _ ranges: [Range<Int>], _ axes: [Int], of intermediate: Bool, besides: Bool,
    _ slice: (Variable, Range<Int>, Int) -> Variable
  ) -> [[Double]] {
    let tape = Tape(), leaf = tape.variable(constant([7, 7]).value)
    let x = intermediate ? leaf * leaf : leaf
    var total = besides ? exp(x).sum() : Variable(Tensor(0, dtype: .float64))
    for (number, range) in ranges.enumerated() {
      total = total + (Variable(Double(number + 1)) * tanh(slice(x, range, axes[number % axes.count]))).sum()
    }
    let gradient = total.gradients(recorded: true)[leaf]
    let second = (gradient * gradient).sum().gradients(recorded: true)[leaf]
    let third = (second * second).sum().gradients()[leaf]
    let plain = total.gradients()[leaf]
    return [plain, gradient, second, third].map { $0.scalars() }
  }

  @Test(arguments: patterns.keys.sorted(), [[0], [1], [0, 1]])
  func `are those of the same rows gathered, of orders 1, 2 and 3`(_ pattern: String, _ axes: [Int]) throws {
    let ranges = try #require(patterns[pattern])
    for (intermediate, besides) in [(false, false), (false, true), (true, false), (true, true)] {
      let found = derivatives(ranges, axes, of: intermediate, besides: besides) { $0.slice($1, along: $2) }
      let expected = derivatives(ranges, axes, of: intermediate, besides: besides) { rows($0, $1, along: $2) }
      for (order, (a, b)) in zip(found, expected).enumerated() {
        #expect(isClose(a, b), "order \(order), of an intermediate: \(intermediate), besides another use: \(besides)")
      }
      #expect(found[0] == found[1])
    }
  }

  @Test func `are put together by one operation, however many there are`() throws {
    for count in [2, 50, 400] {
      let tape = Tape(), x = tape.variable(constant([count, 3]).value)
      let steps = x.unstacked()
      let total = steps.dropFirst().reduce(steps[0]) { tanh($0 * $1) }.sum()
      let before = tape.memory.operations
      _ = total.gradients(recorded: true)
      let after = tape.memory.operations
      func added(_ name: String) -> Int {
        func entries(_ lines: [MemoryReport.Line]) -> Int { lines.first { $0.name == name }?.entries ?? 0 }
        return entries(after) - entries(before)
      }
      #expect(added("concatenate") == 1 && added("place") == 0)
      #expect(after.map(\.name).contains("slice"))
    }
  }

  @Test func `are the same for whoever watches the sweep`() throws {
    func gradient(_ observed: Bool) throws -> Tensor {
      let tape = Tape(), x = tape.variable(constant([6, 2]).value)
      let total = x.unstacked().reduce(Variable(Tensor(zeros: [2], dtype: .float64))) { tanh($0 + $1) }.sum()
      return try observed ? withAnomalyDetection(on: tape) { total.gradients()[x].value } : total.gradients()[x].value
    }
    #expect(try gradient(true) == gradient(false))
  }
}
