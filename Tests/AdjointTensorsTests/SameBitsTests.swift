import AdjointTensors
import Testing

/// Operations on arrays that are long enough to be split over threads.
private let longOperations: [String: @Sendable () -> Tensor] = [
  "tanh": { tanh(Tensor(normal: [120_001], key: RandomKey(seed: 1))) },
  "uniform": { Tensor(uniform: [120_001], low: -2, high: 3, key: RandomKey(seed: 2), dtype: .float64) },
  "multiply a column by a row": {
    Tensor(normal: [401, 1], key: RandomKey(seed: 1)) * Tensor(normal: [1, 307], key: RandomKey(seed: 2))
  },
  "sum of all": { Tensor(normal: [300_007], key: RandomKey(seed: 3)).sum().reshaped(to: [1]) },
  "sum along the first axis": { Tensor(normal: [30_011, 7], key: RandomKey(seed: 4)).sum(along: [0]) },
  "sum along the last axis": { Tensor(normal: [7, 30_011], key: RandomKey(seed: 4)).sum(along: [1]) },
  "sum along the middle axis": { Tensor(normal: [3, 9001, 5], key: RandomKey(seed: 5)).sum(along: [1]) },
  "max along the first axis": { Tensor(normal: [30_011, 5], key: RandomKey(seed: 6)).max(along: [0]) },
  "transpose": { Tensor(normal: [401, 307], key: RandomKey(seed: 7)).transposed() },
  "matmul": {
    matmul(Tensor(normal: [201, 130], key: RandomKey(seed: 1)), Tensor(normal: [130, 67], key: RandomKey(seed: 2)))
  },
  "matmul with a long inner extent": {
    matmul(
      Tensor(normal: [20_011, 5], key: RandomKey(seed: 1)), Tensor(normal: [20_011, 7], key: RandomKey(seed: 2)),
      transposingLeft: true)
  },
  "matmul of a stack": {
    matmul(
      Tensor(normal: [37, 20, 30], key: RandomKey(seed: 1)), Tensor(normal: [30, 20], key: RandomKey(seed: 2)))
  },
  "gatherRows": {
    let order = RandomKey(seed: 9).permutation(8000)
    return Tensor(normal: [8000, 17], key: RandomKey(seed: 8)).gatherRows(IndexArray(order + order))
  },
]

@Suite struct `Any number of threads` {
  @Test(arguments: longOperations.keys.sorted())
  func `gives the same bits`(_ name: String) async {
    await #expect(processExitsWith: .success) { [name] in
      guard let operation = longOperations[name] else { return }
      setThreadCount(1)
      let expected = operation()
      for threads in [2, 3, 7] {
        setThreadCount(threads)
        #expect(threadCount == threads)
        #expect(operation().isIdentical(to: expected), "\(name) on \(threads) threads")
      }
    }
  }

  @Test func `is clamped to 1 … 256`() async {
    await #expect(processExitsWith: .success) {
      setThreadCount(0)
      #expect(threadCount == 1)
      setThreadCount(-7)
      #expect(threadCount == 1)
      setThreadCount(.max)
      #expect(threadCount == 256)
      #expect(Tensor(ones: [100_000]).sum().item() == 100_000)
    }
  }

  @Test func `may be used from several tasks at once`() async {
    let expected = Tensor(normal: [40_000], key: RandomKey(seed: 1)).sum()
    await withTaskGroup(of: Tensor.self) { group in
      for _ in 0..<8 { group.addTask { Tensor(normal: [40_000], key: RandomKey(seed: 1)).sum() } }
      for await result in group { #expect(result.isIdentical(to: expected)) }
    }
  }
}
