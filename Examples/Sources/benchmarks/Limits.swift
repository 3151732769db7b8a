import Adjoint
import BenchmarkData
import Dispatch
import Synchronization

/// What the machine can do at best, and the check values of the data.
let limits = [
  Case(name: "peak") { stopwatch in
    let rates = (0..<5).map { _ in peakRate(seconds: stopwatch.options.minSeconds / 5) }
    printLine(stopwatch.identity("peak", "default") + [("gflops", .rounded(rates.max()! / 1e9))])
  },

  // A few products between two bursts of multiply-adds in registers, again and again, because a host that other guests
  // share changes its speed within seconds: the share of the peak is then that of the same moment.
  Case(name: "micro_gemm_1024_of_peak") { stopwatch in
    let (a, b) = (features(51, [1024, 1024]), features(52, [1024, 1024]))
    let clock = ContinuousClock(), start = clock.now
    let together = 5
    var rates: [Double] = [], peaks: [Double] = []
    _ = matmul(a, b)
    var before = peakRate(seconds: 0.005)
    repeat {
      let time = clock.measure {
        for _ in 0..<together { _ = matmul(a, b) }
      }
      let after = peakRate(seconds: 0.005)
      rates.append(Double(together * 2 * 1024 * 1024 * 1024) / time.seconds)
      peaks.append((before + after) / 2)
      before = after
    } while (clock.now - start).seconds < stopwatch.options.minSeconds || rates.count < stopwatch.options.minIterations
    let shares = zip(rates, peaks).map { $0 / $1 }.sorted()
    func share(_ quantile: Double) -> JSONValue { .rounded(shares[Int(quantile * Double(shares.count - 1))]) }
    printLine(
      stopwatch.identity("micro_gemm_1024_of_peak", "default") + [
        ("share", .rounded(median(shares))), ("share_p10", share(0.1)), ("share_p90", share(0.9)),
        ("gflops", .rounded(median(rates) / 1e9)),
        ("peak_gflops", .rounded(median(peaks) / 1e9)), ("iterations", .integer(rates.count)),
      ])
  },

  Case(name: "checksums") { _ in
    let (sources, targets) = ArxivGraph.edges()
    var degrees = [Int](repeating: 0, count: ArxivGraph.nodeCount)
    for target in targets { degrees[target] += 1 }
    printLine([
      ("case", .text("checksums")), ("arxiv_edges", .integer(sources.count)),
      ("arxiv_sum_src_xor_dst", .integer(zip(sources, targets).reduce(0) { $0 + ($1.0 ^ $1.1) })),
      ("arxiv_max_degree", .integer(degrees.max() ?? 0)), ("arxiv_isolated", .integer(degrees.count { $0 == 0 })),
      ("first_edges", .list((0..<3).map { .list([.integer(sources[$0]), .integer(targets[$0])]) })),
      ("feats_13_first", .list(features(13, [4]).scalars(as: Double.self).map { .number($0) })),
      ("ints_14_first", .list(integers(14, 6, below: 40).map { .integer($0) })),
      ("set_elements", .integer(integers(31, 1024, below: 91).reduce(0) { $0 + 10 + $1 })),
      ("weight_0_first", .list((0..<3).map { .number(weight(0, 784, 1)[$0, 0]) })),
    ])
  },
]

/// Multiply-adds in registers, in floating-point operations a second, by all threads at once.
private func peakRate(seconds: Double) -> Double {
  let total = Mutex(0.0)
  DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
    let rate = fusedMultiplyAddPeak(seconds: seconds)
    total.withLock { $0 += rate }
  }
  return total.withLock { $0 }
}
