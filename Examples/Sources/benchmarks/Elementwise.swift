import Adjoint
import BenchmarkData

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let count = 10_000_000

/// Operations on 10 million numbers, one read and one write each.
let elementwise =
  [
    elementwiseCase("relu", 8) { relu($0) }, elementwiseCase("sigmoid", 8) { sigmoid($0) },
    elementwiseCase("tanh", 8) { tanh($0) }, elementwiseCase("exp", 8) { exp($0) },
    elementwiseCase("add", 8) { $0 + 1 }, elementwiseCase("chain", 4) { tanh($0 * 2 + 1).sum() },
  ].flatMap { $0 } + [
    Case(name: "malloc_chain") { stopwatch in
      let x = features(51, [count])
      let operations = 10
      func measure(_ variant: String) {
        stopwatch.measure("malloc_chain", variant: variant, extra: bandwidth(operations * 8 * count)) {
          var y = x
          for _ in 0..<operations / 2 { y = relu(y * 0.9) }
          return nil
        }
      }
      measure("cached")
      let limit = TensorMemory.cacheLimit
      TensorMemory.cacheLimit = 0
      measure("fresh")
      TensorMemory.cacheLimit = limit

      // What the same chain costs at the least when every result is a new array of the C library's: a copy, the
      // cheapest operation, in place of the arithmetic.
      let start = x.scalars(as: Float.self)
      stopwatch.measure("malloc_chain", variant: "malloc", extra: bandwidth(operations * 8 * count)) {
        start.withUnsafeBytes { start in
          var previous: UnsafeMutableRawPointer?
          for _ in 0..<operations {
            guard let next = malloc(4 * count), let source = previous.map({ UnsafeRawPointer($0) }) ?? start.baseAddress
            else { fatalError("malloc_chain: no memory") }
            memcpy(next, source, 4 * count)
            free(previous)
            previous = next
          }
          free(previous)
        }
        return nil
      }
    },

    Case(name: "copy") { stopwatch in
      let x = features(51, [count])
      stopwatch.measure("copy", variant: "tensor", extra: bandwidth(8 * count)) {
        // The first write to a copy is what copies the memory.
        var y = x
        y[0] = 0
        return nil
      }
      var source = x.scalars(as: Float.self)
      var target = [Float](repeating: 0, count: count)
      stopwatch.measure("copy", variant: "memcpy", extra: bandwidth(8 * count)) {
        memcpy(&target, &source, 4 * count)
        return nil
      }
    },
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
