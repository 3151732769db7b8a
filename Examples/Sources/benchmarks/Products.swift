import Adjoint
import BenchmarkData

/// Products of matrices, dense and sparse, and the loss.
let products =
  [(256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048), (169_343, 128, 256)].flatMap {
    rows, inner, columns -> [Case] in
    let name = rows == columns ? "micro_gemm_\(rows)" : "micro_gemm_\(rows)x\(inner)x\(columns)"
    return cases(named: name, in: "micro_gemm") { stopwatch in
      stopwatch.measureBoth(
        name, [features(51, [rows, inner]), features(52, [inner, columns])],
        forwardExtra: rate(2 * rows * inner * columns), backwardExtra: rate(4 * rows * inner * columns)
      ) { matmul($0[0], $0[1]) }
    }
  }
  + [256, 64].flatMap { width -> [Case] in
    let name = "micro_spmm_\(width)"
    return cases(named: name, in: "micro_spmm") { stopwatch in
      let graph = ArxivGraph.make().addingSelfLoops()
      let byteCount = graph.edgeCount * (width * 4 + 8) + graph.nodeCount * (width * 4 + 8)
      stopwatch.measureBoth(
        name, [features(51, [graph.nodeCount, width])], forwardExtra: bandwidth(byteCount),
        backwardExtra: bandwidth(byteCount)
      ) { graph.sum(graph.symmetricWeights * .source($0[0])) }
    }
  } + [
    Case(name: "micro_softmax_ce") { stopwatch in
      let nodes = ArxivGraph.nodeCount
      let labels = IndexArray(integers(14, nodes, below: 40))
      stopwatch.measureBoth(
        "micro_softmax_ce", [features(51, [nodes, 40])], forwardExtra: bandwidth(nodes * 40 * 4),
        backwardExtra: bandwidth(nodes * 40 * 4)
      ) { softmaxCrossEntropy(logits: $0[0], labels) }
    }
  ]

/// A case under its own name and under that of its group.
func cases(named name: String, in group: String, _ run: @escaping @Sendable (Stopwatch) throws -> Void) -> [Case] {
  [Case(name: name, run: run), Case(name: group, run: run)]
}
