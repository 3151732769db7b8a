import AdjointAutodiff
import Testing

/// An operation in one pass, and the same composed of simpler ones.
struct FusedPair: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let inputs: [Shape]
  let fused: @Sendable ([Variable]) -> Variable
  let composed: @Sendable ([Variable]) -> Variable

  init(
    _ name: String, _ inputs: [Shape], _ fused: @escaping @Sendable ([Variable]) -> Variable,
    equals composed: @escaping @Sendable ([Variable]) -> Variable
  ) {
    (testDescription, self.inputs, self.fused, self.composed) = (name, inputs, fused, composed)
  }

  static let pattern: SparsePattern? = try? SparsePattern(
    rows: [4, 0, 2, 2, 0, 4, 2], columns: [1, 3, 0, 5, 3, 1, 5], rowCount: 5, columnCount: 6)

  /// Heads of every way to fit in registers, and their widths.
  static let heads = [
    (1, 1), (2, 3), (3, 5), (8, 8), (4, 16), (5, 13), (12, 2), (1, 40), (2, 67), (1, 131), (3, 129), (12, 130),
  ]

  /// Attention with and without dropout in one pass, and of its weights and a product.
  static let attention: [FusedPair] =
    heads.flatMap { heads, width in
      [0, 0.4].map { dropout in
        FusedPair(
          "attention of \(heads) heads of \(width), dropout \(dropout)",
          [[6, heads, width], [6, heads], [5, heads], [7, heads]],
          { inputs in
            guard let pattern else { return inputs[0] }
            let scores = AdditiveScores(sources: inputs[1], targets: inputs[2], entries: inputs[3], slope: 0.2)
            return sparseAttention(pattern, scores, inputs[0], dropout: dropout, key: RandomKey(seed: 5))
          },
          equals: { inputs in
            guard let pattern else { return inputs[0] }
            let scores = AdditiveScores(sources: inputs[1], targets: inputs[2], entries: inputs[3], slope: 0.2)
            let weights = sparseAttentionWeights(pattern, scores)
            let dropped = AdjointAutodiff.dropout(weights, probability: dropout, key: RandomKey(seed: 5))
            return multiHeadMatmul(pattern, dropped, inputs[0])
          })
      }
    }

  /// Products with sparse matrices, of rows that fill a part of a vector, some, and a part more, and many.
  static let sparse: [FusedPair] = [1, 3, 8, 13, 23, 40, 131, 300].flatMap { width in
    [
      FusedPair(
        "weighted sparse product of rows of \(width)", [[7], [6, width]],
        { inputs in pattern.map { matmul(SparseMatrix($0, values: inputs[0]), inputs[1]) } ?? inputs[0] },
        equals: { inputs in
          pattern.map { pattern in
            (inputs[0].reshaped(to: [7, 1]) * inputs[1].gatherRows(pattern.columns))
              .scatterSum(to: pattern.rows, count: 5)
          } ?? inputs[0]
        }),
      FusedPair(
        "dense product of rows of \(width)", [[7], [6, width]],
        { inputs in pattern.map { matmul(SparseMatrix($0, values: inputs[0]), inputs[1]) } ?? inputs[0] },
        equals: { inputs in pattern.map { matmul(SparseMatrix($0, values: inputs[0]).dense(), inputs[1]) } ?? inputs[0]
        }),
      FusedPair(
        "transposed sparse product of rows of \(width)", [[7], [5, width]],
        { inputs in
          pattern.map { matmul(SparseMatrix($0, values: inputs[0]), inputs[1], transposingLeft: true) } ?? inputs[0]
        },
        equals: { inputs in
          pattern.map { matmul(SparseMatrix($0, values: inputs[0]).dense(), inputs[1], transposingLeft: true) }
            ?? inputs[0]
        }),
      FusedPair(
        "sampledProduct of rows of \(width)", [[5, width], [6, width]],
        { inputs in pattern.map { sampledProduct($0, inputs[0], inputs[1]) } ?? inputs[0] },
        equals: { inputs in
          pattern.map { (inputs[0].gatherRows($0.rows) * inputs[1].gatherRows($0.columns)).sum(along: 1) } ?? inputs[0]
        }),
      FusedPair(
        "sparseMean of rows of \(width)", [[6, width]],
        { inputs in pattern.map { sparseMean($0, inputs[0]) } ?? inputs[0] },
        equals: { inputs in
          pattern.map { inputs[0].gatherRows($0.columns).scatterMean(to: $0.rows, count: 5) } ?? inputs[0]
        }),
      FusedPair(
        "sparseMax of rows of \(width)", [[6, width]],
        { inputs in pattern.map { sparseMax(SparseMatrix($0), inputs[0]) } ?? inputs[0] },
        equals: { inputs in
          pattern.map { inputs[0].gatherRows($0.columns).scatterMax(to: $0.rows, count: 5) } ?? inputs[0]
        }),
    ]
  }

  static let all: [FusedPair] = [
    FusedPair(
      "linear", [[5, 4], [4, 3], [3]], { linear($0[0], $0[1], $0[2]) }, equals: { matmul($0[0], $0[1]) + $0[2] }),
    FusedPair(
      "rectifiedLinear", [[5, 4], [4, 3], [3]], { rectifiedLinear($0[0], $0[1], $0[2]) },
      equals: { relu(linear($0[0], $0[1], $0[2])) }),
    FusedPair(
      "two products", [[5, 4], [4, 3], [3], [5, 2], [2, 3]], { linear($0[0], $0[1], $0[2], plus: $0[3], $0[4]) },
      equals: { matmul($0[0], $0[1]) + $0[2] + matmul($0[3], $0[4]) }),
    FusedPair(
      "two rectified products", [[5, 4], [4, 3], [3], [5, 2], [2, 3]],
      { rectifiedLinear($0[0], $0[1], $0[2], plus: $0[3], $0[4]) },
      equals: { relu(linear($0[0], $0[1], $0[2], plus: $0[3], $0[4])) }),
    FusedPair(
      "two rectified products without a row", [[5, 4], [4, 3], [5, 2], [2, 3]],
      { rectifiedLinear($0[0], $0[1], nil, plus: $0[2], $0[3]) },
      equals: { relu(matmul($0[0], $0[1]) + matmul($0[2], $0[3])) }),
    FusedPair("sigmoid", [[20]], { sigmoid($0[0]) }, equals: { 1 / (1 + exp(-$0[0])) }),
    FusedPair(
      "tanh", [[20]], { tanh($0[0]) },
      equals: { x in (exp(x[0]) - exp(-x[0])) / (exp(x[0]) + exp(-x[0])) }),
    FusedPair("relu", [[20]], { relu($0[0]) }, equals: { max($0[0], 0) }),
    FusedPair("square", [[20]], { square($0[0]) }, equals: { $0[0] * $0[0] }),
    FusedPair(
      "softmax", [[4, 7]], { softmax($0[0]) }, equals: { exp($0[0]) / exp($0[0]).sum(along: 1, keepingAxes: true) }),
    FusedPair(
      "softmax along the first axis", [[4, 7]], { softmax($0[0], along: 0) },
      equals: { exp($0[0]) / exp($0[0]).sum(along: 0, keepingAxes: true) }),
    FusedPair("logSoftmax", [[4, 7]], { logSoftmax($0[0]) }, equals: { log(softmax($0[0])) }),
    FusedPair("mean", [[4, 7]], { $0[0].mean(along: 0) }, equals: { $0[0].sum(along: 0) / 4 }),
    FusedPair(
      "matmul, both transposed", [[4, 3], [5, 4]],
      { matmul($0[0], $0[1], transposingLeft: true, transposingRight: true) },
      equals: { matmul($0[0].transposed(), $0[1].transposed()) }),
    FusedPair(
      "scatterMean", [[6, 2]], { $0[0].scatterMean(to: [2, 0, 2, 2, 0, 3], count: 5) },
      equals: {
        $0[0].scatterSum(to: [2, 0, 2, 2, 0, 3], count: 5)
          / Variable(Tensor([2, 1, 3, 1, 1], shape: [5, 1], dtype: $0[0].dtype))
      }),
    FusedPair(
      "segmentSoftmax", [[6, 2]], { $0[0].segmentSoftmax(over: [2, 0, 2, 2, 0, 3], count: 5) },
      equals: {
        let powers = exp($0[0])
        return powers / powers.scatterSum(to: [2, 0, 2, 2, 0, 3], count: 5).gatherRows([2, 0, 2, 2, 0, 3])
      }),
  ]
}

/// Maps of so many rows that their gradients are computed block by block.
private let tallMaps: [FusedPair] = [
  FusedPair(
    "linear of many rows", [[4200, 3], [3, 5], [5]], { linear($0[0], $0[1], $0[2]) },
    equals: { matmul($0[0], $0[1]) + $0[2] }),
  FusedPair(
    "rectifiedLinear of many rows", [[4200, 3], [3, 5], [5]], { rectifiedLinear($0[0], $0[1], $0[2]) },
    equals: { relu(linear($0[0], $0[1], $0[2])) }),
  FusedPair(
    "two products of many rows", [[4200, 3], [3, 5], [5], [4200, 5], [5, 5]],
    { linear($0[0], $0[1], $0[2], plus: $0[3], $0[4]) },
    equals: { matmul($0[0], $0[1]) + $0[2] + matmul($0[3], $0[4]) }),
  FusedPair(
    "two rectified products of many rows", [[4200, 5], [5, 5], [4200, 5], [5, 5]],
    { rectifiedLinear($0[0], $0[1], nil, plus: $0[2], $0[3]) },
    equals: { relu(matmul($0[0], $0[1]) + matmul($0[2], $0[3])) }),
]

@Suite struct `A fused operation` {
  @Test(arguments: FusedPair.all, DType.allCases)
  func `has the value and the gradients of the composed one`(_ pair: FusedPair, _ dtype: DType) {
    check(pair, dtype, terms: 1)
  }

  @Test(arguments: FusedPair.attention, DType.allCases)
  func `of attention has the value and the gradients of the composed one`(_ pair: FusedPair, _ dtype: DType) {
    check(pair, dtype, terms: Double(pair.inputs[0][2]))
  }

  @Test(arguments: FusedPair.sparse, DType.allCases)
  func `of sparse rows has the value and the gradients of the composed one`(_ pair: FusedPair, _ dtype: DType) {
    check(pair, dtype, terms: Double(pair.inputs[pair.inputs.count - 1][1]).squareRoot())
  }

  @Test(arguments: tallMaps, DType.allCases)
  func `of many rows has the value and the gradients of the composed one`(_ pair: FusedPair, _ dtype: DType) {
    check(pair, dtype, terms: 65)  // √4200
  }

  @Test(arguments: DType.allCases, [2, 4200])
  func `rectifies a map as relu does, NaN and infinities included`(_ dtype: DType, _ rows: Int) {
    withDefaultDType(dtype) {
      let x = Variable(.normal([rows, 3], 1, dtype)), weight = Variable(.normal([3, 4], 2, dtype))
      let z = Variable(.normal([rows, 2], 3, dtype)), other = Variable(.normal([2, 4], 4, dtype))
      let offsets: [Double] = [.nan, .infinity, -.infinity, 0]
      let bias = Variable(Tensor(offsets, shape: [4], dtype: dtype))
      for (y, rectified) in [
        (linear(x, weight, bias), rectifiedLinear(x, weight, bias)),
        (linear(x, weight, bias, plus: z, other), rectifiedLinear(x, weight, bias, plus: z, other)),
      ] {
        #expect(rectified.value.isIdentical(to: relu(y.value)))
        let first: [Double] = rectified.value.rows(0..<1).slice(0..<3, along: 1).scalars()
        #expect(first.description == "[nan, inf, 0.0]")
      }
    }
  }

  @Test func `asks a rectified map for the gradients that are wanted alone`() {
    let tape = Tape()
    func map(_ v: [Variable]) -> Variable {
      v.count == 3 ? rectifiedLinear(v[0], v[1], v[2]) : rectifiedLinear(v[0], v[1], v[2], plus: v[3], v[4])
    }
    for rows in [3, 4200] {
      // Of the last, one product has too many inputs to count as tall.
      for shapes in [
        [[rows, 3], [3, 2], [2]], [[rows, 3], [3, 2], [2], [rows, 2], [2, 2]],
        [[rows, 3], [3, 2], [2], [rows, 600], [600, 2]],
      ] as [[Shape]] {
        let operands = shapes.enumerated().map { Tensor.normal($1, UInt64($0 + 1), .float64) }
        let seed = Variable(Tensor.normal([rows, 2], 9, .float64))
        let all = operands.map { tape.variable($0) }, every = map(all).gradients(seed: seed)
        for wanted in operands.indices {
          let some = operands.enumerated().map { $0 == wanted ? tape.variable($1) : Variable($1) }
          let alone = map(some).gradients(seed: seed, keeping: .leaves)
          #expect(alone[some[wanted]].value.isIdentical(to: every[all[wanted]].value))
        }
      }
    }
  }

  private func check(_ pair: FusedPair, _ dtype: DType, terms: Double) {
    withDefaultDType(dtype) {
      let tape = Tape()
      let inputs = pair.inputs.enumerated().map { tape.variable(.normal($1, UInt64($0 + 1), dtype)) }
      let (fused, composed) = (pair.fused(inputs), pair.composed(inputs))
      let seed = Variable(Tensor.normal(fused.shape, 77, dtype))
      #expect(fused.shape == composed.shape)
      // Numbers of size 1 and sums of a few of them, or of `terms`: a handful of roundings of each.
      let bound = 32 * terms * dtype.ulpOfOne
      #expect(abs(fused.value - composed.value).max().item() <= bound)
      let first = fused.gradients(seed: seed, recorded: true), second = composed.gradients(seed: seed, recorded: true)
      let unrecorded = fused.gradients(seed: seed)
      for input in inputs {
        #expect(abs(first[input].value - second[input].value).max().item() <= bound)
        #expect(abs(unrecorded[input].value - second[input].value).max().item() <= bound)
      }
      for input in inputs where first[input].isRecorded {
        let direction = Variable(Tensor.normal(input.shape, 99, dtype))
        let a = first[input].gradients(seed: direction), b = second[input].gradients(seed: direction)
        for other in inputs { #expect(abs(a[other].value - b[other].value).max().item() <= 4 * bound) }
      }
    }
  }
}
