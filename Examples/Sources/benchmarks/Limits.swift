import Adjoint
import BenchmarkData
import Dispatch
import Synchronization

/// What the machine can do at best, and the check values of the data.
let limits = [
  Case(name: "peak") { stopwatch in
    var best = 0.0
    for _ in 0..<5 {
      let total = Mutex(0.0)
      DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
        let rate = fusedMultiplyAddPeak(seconds: stopwatch.options.minSeconds / 5)
        total.withLock { $0 += rate }
      }
      best = max(best, total.withLock { $0 })
    }
    printLine(stopwatch.identity("peak", "default") + [("gflops", .rounded(best / 1e9))])
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
