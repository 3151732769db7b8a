import Adjoint
import BenchmarkData

private let count = 10_000_000

/// Operations on 10 million numbers, one read and one write each.
let elementwise =
  [
    elementwiseCase("relu", 8) { relu($0) }, elementwiseCase("sigmoid", 8) { sigmoid($0) },
    elementwiseCase("tanh", 8) { tanh($0) }, elementwiseCase("exp", 8) { exp($0) },
    elementwiseCase("add", 8) { $0 + 1 }, elementwiseCase("chain", 4) { tanh($0 * 2 + 1).sum() },
  ].flatMap { $0 } + [
    Case(name: "malloc_chain") { stopwatch in
      let x = Variable(features(51, [count]))
      func chain() -> Double? {
        var y = x
        for _ in 0..<5 { y = relu(y * 0.9 + x) }
        return nil
      }
      _ = chain()
    }
  ]

private func elementwiseCase(
  _ name: String, _ bytesPerElement: Int, _ operation: @escaping @Sendable (Variable) -> Variable
) -> [Case] {
  cases(named: "micro_\(name)", in: "micro_elementwise") { stopwatch in
    stopwatch.measureBoth(
      "micro_\(name)", [features(51, [count], times: 4)], forwardExtra: bandwidth(bytesPerElement * count),
      backwardExtra: bandwidth(bytesPerElement * count)
    ) { operation($0[0]) }
  }
}
