import Adjoint
import BenchmarkData

/// Reductions of a row for each edge at the edges' targets, and the gather of a row for each edge from their sources.
let scatters =
  Reduction.allCases.filter { $0 == .sum || $0 == .mean || $0 == .max }.flatMap { reduction -> [Case] in
    let name = "micro_scatter_\(reduction)"
    return cases(named: name, in: "micro_scatter") { stopwatch in
      let targets = IndexArray(ArxivGraph.edges().targets), nodes = ArxivGraph.nodeCount, width = 64
      let byteCount = targets.count * (width * 4 + 8) + nodes * width * 4
      stopwatch.measureBoth(
        name, [features(51, [targets.count, width])], forwardExtra: bandwidth(byteCount),
        backwardExtra: bandwidth(byteCount)
      ) {
        switch reduction {
        case .mean: $0[0].scatterMean(to: targets, count: nodes)
        case .max: $0[0].scatterMax(to: targets, count: nodes)
        default: $0[0].scatterSum(to: targets, count: nodes)
        }
      }
    }
  } + [
    Case(name: "micro_gather") { stopwatch in
      let sources = IndexArray(ArxivGraph.edges().sources), width = 64
      let byteCount = sources.count * (2 * width * 4 + 8)
      stopwatch.measureBoth(
        "micro_gather", [features(51, [ArxivGraph.nodeCount, width])], forwardExtra: bandwidth(byteCount),
        backwardExtra: bandwidth(byteCount)
      ) { $0[0].gatherRows(sources) }
    }
  ]
