/// A point at which an operation is defined and smooth: what the tests of its derivative start from.
///
/// Every operation has at least one sample, beside it in its file, and every sample is on the list ``all``. A sample stands for
/// several: an elementwise operation's for single numbers, vectors, matrices, no elements and what broadcasts; any other's for the
/// extents and shapes that it names itself, extents of 0 and 1 above all; and one with two operands of one shape for the same operand twice.
public struct OperationSample: Sendable, CustomStringConvertible {
  /// The operation's name, with what is special about this sample.
  public let name: String
  /// The file that the sample stands in.
  public let file: String
  /// The shapes of the inputs.
  public let inputs: [Shape]
  /// The shape of the result.
  public let output: Shape
  /// The interval that input elements are drawn from.
  public let domain: ClosedRange<Double>
  /// Whether every element of the result is a function of one element of each input.
  public let isElementwise: Bool
  /// Applies the operation.
  public let apply: @Sendable ([Variable]) -> Variable
  /// What else the operation is tried on: the shapes of the inputs, and that of the result.
  private var otherShapes: [(inputs: [Shape], output: Shape)] = []

  init(
    _ name: String, _ inputs: [Shape], yields output: Shape, in domain: ClosedRange<Double> = -1...1,
    isElementwise: Bool = false, file: String = #fileID, apply: @escaping @Sendable ([Variable]) -> Variable
  ) {
    (self.name, self.inputs, self.output, self.domain, self.apply) = (name, inputs, output, domain, apply)
    self.isElementwise = isElementwise
    self.file = String(file.split(separator: "/").last ?? "")
  }

  /// A sample named after the place where it stands.
  init(
    _ inputs: [Shape], yields output: Shape, in domain: ClosedRange<Double> = -1...1, file: String = #fileID,
    line: Int = #line, apply: @escaping @Sendable ([Variable]) -> Variable
  ) {
    self.init(Self.place(file, line), inputs, yields: output, in: domain, file: file, apply: apply)
  }

  private static func place(_ file: String, _ line: Int) -> String {
    "\(file.split(separator: "/").last ?? ""):\(line)"
  }

  /// A sample of an elementwise operation with one input, or two that broadcast.
  init(
    _ name: String? = nil, elementwise inputCount: Int, in domain: ClosedRange<Double> = -1...1,
    file: String = #fileID, line: Int = #line, apply: @escaping @Sendable ([Variable]) -> Variable
  ) {
    self.init(
      name ?? Self.place(file, line), [Shape](repeating: [3, 4], count: inputCount), yields: [3, 4], in: domain,
      isElementwise: true, file: file,
      apply: apply)
    otherShapes = (Self.elementwiseShapes[inputs.count] ?? []).map { shapes in
      (shapes, shapes.reduce([]) { broadcastShape($0, $1, operation: self.name) })
    }
  }

  /// The shapes that an elementwise operation is tried on beside matrices.
  private static let elementwiseShapes: [Int: [[Shape]]] = [
    1: [[[]], [[3]], [[2, 1, 2]], [[0]], [[2, 0]]],
    2: [
      [[], []], [[3], [3]], [[1], [1]], [[0], [0]], [[], [2]], [[2, 3], []], [[2, 3], [3]], [[2, 1], [3]],
      [[2, 1], [0]],
    ],
  ]

  /// The sample, to be tried with other extents as well: 0 and 1 in place of each of these, and 1 in place of all of them.
  ///
  /// - Parameters:
  ///   - extents: Extents that the operation takes at any size; they are replaced in the inputs and in the result.
  ///   - least: 1 for extents that must not be 0.
  /// - Returns: The sample with those variants.
  func varying(_ extents: Int..., from least: Int = 0) -> OperationSample {
    func replacing(_ replaced: [Int], by extent: Int) -> (inputs: [Shape], output: Shape) {
      func changed(_ shape: Shape) -> Shape { Shape(shape.map { replaced.contains($0) ? extent : $0 }) }
      return (inputs.map(changed), changed(output))
    }
    var result = self
    for extent in extents { result.otherShapes += (least...1).map { replacing([extent], by: $0) } }
    if extents.count > 1 { result.otherShapes.append(replacing(extents, by: 1)) }
    return result
  }

  /// The sample, to be tried on inputs of other shapes as well.
  ///
  /// - Parameters:
  ///   - inputs: The shapes of the inputs.
  ///   - output: The shape of the result.
  /// - Returns: The sample with this variant.
  func also(on inputs: [Shape], yields output: Shape) -> OperationSample {
    var result = self
    result.otherShapes.append((inputs, output))
    return result
  }

  /// The same operation on other shapes, and on one operand twice.
  public var variants: [OperationSample] {
    let onOthers = otherShapes.map { shapes in
      OperationSample(
        "\(name) on \(shapes.inputs.map(\.description).joined(separator: " and "))", shapes.inputs,
        yields: shapes.output,
        in: domain, isElementwise: isElementwise, file: file, apply: apply)
    }
    guard inputs.count > 1, inputs[0] == inputs[1] else { return onOthers }
    let twice = OperationSample(
      "\(name) on the same operand twice", Array(inputs.dropFirst()), yields: output, in: domain,
      isElementwise: isElementwise, file: file
    ) { apply([$0[0]] + $0) }
    return onOthers + [twice]
  }

  /// Random inputs within the domain, evenly spread and in random order, so that no maximum is near a tie.
  ///
  /// - Parameters:
  ///   - dtype: The element type.
  ///   - seed: What tells one set of inputs from another.
  /// - Returns: One tensor for each input.
  public func point(dtype: DType, seed: UInt64 = 1) -> [Tensor] {
    let count = inputs.reduce(0) { $0 + $1.elementCount }
    let order = RandomKey(seed: seed).permutation(count)
    let width = domain.upperBound - domain.lowerBound
    // An odd number of elements has none in the middle, where many functions have their kink.
    let place = count % 2 == 0 ? 0.5 : 0.37
    let values = order.map { domain.lowerBound + width * (Double($0) + place) / Double(Swift.max(1, count)) }
    var start = 0
    return inputs.map { shape in
      defer { start += shape.elementCount }
      return Tensor(Array(values[start..<start + shape.elementCount]), shape: shape, dtype: dtype)
    }
  }

  /// The sample's name.
  public var description: String { name }

  /// Every sample, each with its variants.
  public static let all: [OperationSample] = declared.flatMap { [$0] + $0.variants }

  private static let declared: [OperationSample] = [
    .add, .addRow, .addScalar, .addItself, .subtract, .subtractColumn, .subtractItself, .negate, .multiply,
    .multiplyRow,
    .multiplyOuter, .multiplyItself, .multiplyOrZero, .divide, .divideByColumn, .exp, .log, .sqrt, .square, .absolute,
    .maximum, .maximumRow, .maximumConstant, .minimum,
    .divideOrZero, .expm1, .log1p, .log2, .rsqrt, .reciprocal, .pow, .powRow, .powFraction, .powInteger, .powNegative,
    .sin, .cos, .tan, .asin, .acos, .atan, .atan2, .atan2Left, .sinh, .cosh, .asinh, .acosh, .atanh, .erf,
    .sign, .floor, .ceil, .round, .clamp, .select, .remainder, .remainderNegative,
    .leakyReLU, .prelu, .preluRow, .elu, .eluAlpha, .selu, .celu, .gelu, .geluTanh, .geluPullback, .silu, .siluPullback,
    .softplus, .logSigmoid, .softsign, .mish, .hardtanh, .hardsigmoid,
    .relu, .tanh, .tanhPullback, .sigmoid, .sigmoidPullback, .dropout,
    .sum, .sumFirst, .sumLast, .sumOuter, .mean, .meanLast, .reduceMax, .reduceMaxLast, .reduceMin,
    .softmax, .softmaxFirst, .softmaxPullback, .logSoftmax, .logSoftmaxFirst, .logSoftmaxPullback,
    .matmul, .matmulLeft, .matmulRight, .matmulBoth, .matmulStack, .matmulItself, .linear, .rectifiedLinear, .dot,
    .vectorMatrix, .matrixVector, .outer, .linearPair, .linearPairWithoutBias, .rectifiedLinearPair,
    .rectifiedLinearPairWithoutBias,
    .solve, .solveVector, .solveStack, .solveTriangular, .solveTriangularUpper, .solveTriangularTransposed, .inverse,
    .inverseStack, .determinant, .determinantStack, .divisionFreeDeterminant, .logDeterminant, .cholesky,
    .choleskyStack,
    .symmetricEigen, .symmetricEigenStack, .singularValueDecomposition, .singularValuesWide,
    .einsum, .einsumBatch, .einsumDiagonal, .einsumThree, .einsumEllipsis, .gumbelSoftmax, .straightThrough,
    .reverseGradient,
    .reshape, .transpose, .permute, .broadcast, .summedToShape, .concatenate, .concatenateRows, .rows, .slice, .place,
    .stridedSlice, .reversedSlice, .flip, .stack, .stackScalars, .stackLast, .unstack, .split, .chunk, .expandedDims,
    .squeeze,
    .flatten, .pad, .roll, .tile, .repeatElements, .lowerTriangle, .upperTriangle, .diagonal, .diagonalMatrix, .trace,
    .oneHot,
    .sort, .sortFirst, .topK, .topKSmallest, .take, .takeFirst, .gather, .rowsWhere,
    .product, .productMiddle, .productOfZeros, .variance, .varianceLast, .standardDeviation, .rootOrZero, .norm,
    .normOne,
    .normThree, .normLargest, .absolutePower, .logSumExp, .logSumExpOuter, .anyAll,
    .quantile, .quantileOuter, .median,
    .cumulativeSum, .cumulativeProduct, .cumulativeMax,
    .gatherRows, .scatterSum, .scatterMean, .scatterMax, .scatterMin, .segmentSoftmax, .segmentSoftmaxUnsorted,
    .sparseMatmul, .sparseMatmulTransposed, .sparseMatmulUnweighted, .sparseMean, .sampledProduct, .sparseMax,
    .sparseMinWeighted, .sparseSparse, .sparseSquared, .sparseUnweighted,
    .multiHeadMatmul, .multiHeadMatmulTransposed, .multiHeadSampledProduct, .sparseAttention,
    .sparseAttentionEntries, .sparseAttentionDropping, .sparseAttentionWeights,
    .settingRows, .addingRows, .maskedFill, .maskedSelect, .embedding, .scatterProduct, .scatterProductSorted,
    .scatterVariance,
    .scatterStandardDeviation, .scatterLogSumExp, .scatterQuantile, .scatterMedian,
    .softmaxCrossEntropy, .softmaxCrossEntropyRows, .softmaxCrossEntropySoft, .softmaxCrossEntropyWeighted,
    .softmaxCrossEntropySmooth, .squaredError, .squaredErrorMasked, .absoluteError, .huber, .smoothL1,
    .binaryCrossEntropy,
    .binaryCrossEntropyWeighted, .binaryCrossEntropyProbabilities, .hinge, .hingeClasses, .marginRanking, .triplet,
    .negativeLogLikelihood, .negativeLogLikelihoodWeighted, .crossEntropy, .klDivergence, .l2Norm, .cosineEmbedding,
    .unfold, .fold, .conv2d, .conv2dGroups, .conv2dOne, .conv1d, .maxPool2d, .maxPool2dPadded, .maxPool1d,
    .averagePool2d, .averagePool2dPadded, .averagePool1d,
  ]
}

extension Variable {
  /// As many of some indices as there are rows.
  func rows(of indices: [Int]) -> IndexArray { IndexArray(indices.prefix(shape[0])) }

  /// A label for each row, below the number of columns.
  func labels(_ labels: [Int]) -> IndexArray { IndexArray(labels.prefix(shape[0]).map { $0 % shape[1] }) }

  /// A mask that leaves the second row out.
  var mask: [Bool] { (0..<shape[0]).map { $0 != 1 } }
}
