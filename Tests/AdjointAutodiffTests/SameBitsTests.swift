import AdjointAutodiff
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor { Tensor(normal: shape, key: RandomKey(seed: seed)) }

/// 20 000 segments of very different sizes.
private let segments = IndexArray(
  RandomKey(seed: 5).bits(count: 24_000).map { $0 % 4 == 0 ? 7 : Int($0 >> 8) % 20_000 })

private let pattern = try? SparsePattern(
  rows: segments, columns: IndexArray(RandomKey(seed: 6).bits(count: 24_000).map { Int($0) % 9000 }), rowCount: 20_000,
  columnCount: 9000)

/// Operations whose forward or reverse pass is split over threads, with the shapes of their inputs.
private let longOperations: [String: (inputs: [Shape], apply: @Sendable ([Variable]) -> Variable)] = [
  "linear": ([[3000, 40], [40, 20], [20]], { linear($0[0], $0[1], $0[2]) }),
  "linear of many rows": ([[5000, 9], [9, 7], [7]], { linear($0[0], $0[1], $0[2]) }),
  "rectifiedLinear": ([[3000, 40], [40, 20], [20]], { rectifiedLinear($0[0], $0[1], $0[2]) }),
  "rectifiedLinear of many rows": ([[5000, 9], [9, 7], [7]], { rectifiedLinear($0[0], $0[1], $0[2]) }),
  "linear pair": (
    [[3000, 40], [40, 20], [20], [3000, 12], [12, 20]], { linear($0[0], $0[1], $0[2], plus: $0[3], $0[4]) }
  ),
  "rectifiedLinear pair of many rows": (
    [[5000, 9], [9, 7], [7], [5000, 150], [150, 7]], { rectifiedLinear($0[0], $0[1], $0[2], plus: $0[3], $0[4]) }
  ),
  "rectifiedLinear pair of square weights": (
    [[5000, 9], [9, 9], [9], [5000, 9], [9, 9]],
    { rectifiedLinear(sin($0[0]), $0[1], $0[2], plus: cos($0[3]), $0[4]) }
  ),
  "softmax": ([[4000, 30]], { softmax($0[0]) }),
  "logSoftmax along the first axis": ([[4000, 30]], { logSoftmax($0[0], along: 0) }),
  "softmaxCrossEntropy": (
    [[6000, 20]], { softmaxCrossEntropy(logits: $0[0], IndexArray((0..<6000).map { $0 * 7 % 20 })) }
  ),
  "multiply by a row": ([[5000, 23], [23]], { $0[0] * $0[1] }),
  "divide by a column": ([[23, 5000], [23, 1]], { $0[0] / (square($0[1]) + 1) }),
  "dropout": ([[110_003]], { dropout($0[0], probability: 0.3, key: RandomKey(seed: 1)) }),
  "max": ([[5000, 23]], { $0[0].max(along: 0) }),
  "scatterSum": ([[24_000, 5]], { $0[0].scatterSum(to: segments, count: 20_000) }),
  "scatterMean": ([[24_000, 5]], { $0[0].scatterMean(to: segments, count: 20_000) }),
  "scatterMax": ([[24_000, 5]], { $0[0].scatterMax(to: segments, count: 20_000) }),
  "scatterMax to two segments": (
    [[24_000, 70]], { $0[0].scatterMax(to: IndexArray((0..<24_000).map { $0 / 17_000 }), count: 2) }
  ),
  "gatherRows": ([[20_000, 5]], { $0[0].gatherRows(segments) }),
  "segmentSoftmax": ([[24_000, 4]], { $0[0].segmentSoftmax(over: segments, count: 20_000) }),
  "sparse matmul": (
    [[24_000], [9000, 6]],
    { inputs in pattern.map { matmul(SparseMatrix($0, values: inputs[0]), inputs[1]) } ?? inputs[0] }
  ),
  "sparseMean": ([[9000, 6]], { inputs in pattern.map { sparseMean($0, inputs[0]) } ?? inputs[0] }),
  "sampledProduct": (
    [[20_000, 6], [9000, 6]], { inputs in pattern.map { sampledProduct($0, inputs[0], inputs[1]) } ?? inputs[0] }
  ),
  "sparseAttention with dropout": (
    [[9000, 2, 4], [9000, 2], [20_000, 2]],
    { inputs in
      pattern.map {
        let scores = AdditiveScores(sources: inputs[1], targets: inputs[2], slope: 0.2)
        return sparseAttention($0, scores, inputs[0], dropout: 0.3, key: RandomKey(seed: 1))
      } ?? inputs[0]
    }
  ),
  "solve": ([[150, 150], [150, 70]], { solve($0[0], $0[1]) }),
  "cholesky": ([[100, 100]], { cholesky(matmul($0[0], $0[0], transposingRight: true) + Variable(Tensor.eye(100))) }),
  "symmetricEigen of a stack": ([[9, 12, 12]], { symmetricEigen($0[0]).vectors }),
  "sparse × sparse": (
    [[24_000], [24_000]],
    { inputs in
      guard let pattern,
        let transposed = try? SparsePattern(
          rows: pattern.columns, columns: pattern.rows, rowCount: 9000, columnCount: 20_000)
      else { return inputs[0] }
      return matmul(SparseMatrix(pattern, values: inputs[0]), SparseMatrix(transposed, values: inputs[1])).values
        ?? inputs[0]
    }
  ),
  "sparseMax": ([[9000, 6]], { inputs in pattern.map { sparseMax(SparseMatrix($0), inputs[0]) } ?? inputs[0] }),
]

@Suite struct `Any number of threads` {
  @Test(arguments: longOperations.keys.sorted())
  func `gives the same bits, forward and in reverse`(_ name: String) async {
    await #expect(processExitsWith: .success) { [name] in
      guard let operation = longOperations[name] else { return }
      func results(threads: Int) -> [Tensor] {
        setThreadCount(threads)
        let tape = Tape()
        let inputs = operation.inputs.enumerated().map { tape.variable(random($1, UInt64($0))) }
        let y = operation.apply(inputs)
        let all = y.gradients(seed: Variable(random(y.shape, 9)))
        // Some of these are written where others were.
        let ofLeaves = y.gradients(seed: Variable(random(y.shape, 9)), keeping: .leaves)
        return [y.value] + inputs.flatMap { [all[$0].value, ofLeaves[$0].value] }
      }
      let expected = results(threads: 1)
      for threads in [2, 3, 7] {
        for (result, one) in zip(results(threads: threads), expected) {
          #expect(result.isIdentical(to: one), "\(name) on \(threads) threads")
        }
      }
    }
  }
}
