import Adjoint
import BenchmarkData

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the machine can do at best, and what memory costs.
let limits = [
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
