import Adjoint
import BenchmarkData
import Dispatch
import Foundation
import Synchronization

/// How fast memory is, and how fast the sum at the edges' targets reads and its gradient writes in the same moment: a line
/// for each round, because a host that other guests share changes its speed within seconds.
let memory = [
  Case(name: "micro_scatter_of_memory") { stopwatch in
    let targets = IndexArray(ArxivGraph.edges().targets), nodes = ArxivGraph.nodeCount, width = 64
    let messages = Variable(features(51, [targets.count, width])), rows = Variable(features(55, [nodes, width]))
    let byteCount = targets.count * width * 4, nodeByteCount = nodes * width * 4
    let block = Block(byteCount: byteCount)
    for round in 0...stopwatch.options.minIterations {
      let handOver = threadCount > 1 && Process.processorCount > 1 ? handOverTime() : nil
      let read = seconds { block.read() }, write = seconds { block.write(byte: 1 + UInt8(round % 2)) }
      let sum = seconds { _ = messages.scatterSum(to: targets, count: nodes) }
      let gradient = seconds { _ = rows.gatherRows(targets) }
      if round == 0 { continue }  // the first touches new pages
      func rate(_ time: Double, _ bytes: Int = byteCount) -> JSONValue { .rounded(Double(bytes) / time / 1e9, to: 3) }
      printLine(
        stopwatch.identity("micro_scatter_of_memory", "default") + [
          ("read_gbs", rate(read)), ("write_gbs", rate(write)), ("sum_gbs", rate(sum, byteCount + nodeByteCount)),
          ("gradient_gbs", rate(gradient, byteCount + nodeByteCount)),
          ("hand_over_ns", .rounded(handOver.map { $0 * 1e9 }, to: 3)),
        ])
    }
  }
]

private func seconds(_ body: () -> Void) -> Double { ContinuousClock().measure(body).seconds }

/// Memory of which each thread reads or writes a part in order.
private final class Block: @unchecked Sendable {
  private typealias Line = SIMD16<Float>
  private let lines: UnsafeMutableBufferPointer<Line>
  private let sum = Mutex<Float>(0)

  /// The byte count is a multiple of 64.
  init(byteCount: Int) {
    let start = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 2 << 20)
    #if canImport(Glibc)
    madvise(start, byteCount, MADV_HUGEPAGE)
    #endif
    memset(start, 1, byteCount)
    let count = byteCount / 64
    lines = UnsafeMutableBufferPointer(start: start.bindMemory(to: Line.self, capacity: count), count: count)
  }

  deinit { lines.baseAddress.map { UnsafeMutableRawPointer($0).deallocate() } }

  func read() {
    inParts { lines in
      var totals = (Line.zero, Line.zero, Line.zero, Line.zero)
      for i in stride(from: 0, to: lines.count - 3, by: 4) {
        totals.0 += lines[i]
        totals.1 += lines[i + 1]
        totals.2 += lines[i + 2]
        totals.3 += lines[i + 3]
      }
      let total = (totals.0 + totals.1 + totals.2 + totals.3).sum()
      sum.withLock { $0 += total }  // used, so that it is computed
    }
  }

  func write(byte: UInt8) {
    inParts { lines in
      if let start = lines.baseAddress { memset(start, Int32(byte), lines.count * 64) }
    }
  }

  private func inParts(_ body: @Sendable (UnsafeMutableBufferPointer<Line>) -> Void) {
    let parts = threadCount
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      body(.init(rebasing: lines[lines.count * part / parts..<lines.count * (part + 1) / parts]))
    }
  }
}

/// Seconds that a line of the caches takes from one core to the other: two threads add 1 to a number in turn. The
/// shortest of some trials, because at first both may share a core.
private func handOverTime() -> Double {
  final class Counter: Sendable {
    let number = Atomic(0)

    func take(from first: Int, below end: Int) {
      for turn in stride(from: first, to: end, by: 2) {
        while number.load(ordering: .acquiring) != turn {}
        number.store(turn + 1, ordering: .releasing)
      }
    }
  }
  let counter = Counter(), trials = 10, turns = 2_000
  let other = Thread { counter.take(from: 1, below: trials * turns) }
  other.start()
  let times = (0..<trials).map { trial in
    seconds { counter.take(from: trial * turns, below: (trial + 1) * turns) } / Double(turns)
  }
  return times.min()!
}
