import AdjointAutodiff
import Testing

private var x: Variable { Variable(Tensor(zeros: [2, 3])) }
private var double: Variable { Variable(Tensor(zeros: [2, 3], dtype: .float64)) }

/// A variable whose tape has ended.
private func stale() -> Variable { Tape().variable([1, 2]) }

/// Recorded gradients whose tape has ended.
private func recordedGradients() -> (Gradients, Variable) {
  let x = Tape().variable([1, 2])
  let tape = Tape()
  let z = tape.variable(x.value)
  return ((z * z).sum().gradients(recorded: true), z)
}

private let pattern = try? SparsePattern(rows: [0, 1], columns: [3, 0], rowCount: 2, columnCount: 4)
private var matrix: SparseMatrix { SparseMatrix([[0, 1, 0, 2], [3, 0, 0, 0]]) }

/// Runs a pullback that returns `gradients`, for an input of shape [2].
private func pull(_ gradients: [Tensor]) {
  let y = record("mine", Tape.kept.variable([1, 2]), value: [3, 4]) { _, _ in gradients.map { Variable($0) } }
  _ = y.gradients(seed: [1, 1])
}

extension Tape {
  nonisolated(unsafe) fileprivate static let kept = Tape()
}

/// What the program says, and the mistake that makes it stop.
private let mistakes: [String: @Sendable () -> Void] = [
  "gradients: the result of shape [2, 3] was not recorded; compute it from tape.variable(…), or from parameters inside "
    + "valueWithGradients { … }": { _ = x.gradients() },
  "valueWithGradients: the result of shape [] was not recorded; compute it from tape.variable(…), or from parameters "
    + "inside valueWithGradients { … }": { _ = valueWithGradients { x.sum() } },
  "gradients: the result has shape [2, 3]; give a seed, or reduce it to one element": {
    _ = Tape.kept.variable(x.value).gradients()
  },
  "valueWithGradients: the result has shape [2]; give a seed, or reduce it to one element": {
    let w = Parameter([1, 2])
    _ = valueWithGradients { w.wrappedValue }
  },
  "gradients: the seed is float32 [3], the result float32 [2, 3]": {
    _ = Tape.kept.variable(x.value).gradients(seed: [1, 2, 3])
  },
  "gradients: the seed is float64 [2, 3], the result float32 [2, 3]": {
    _ = Tape.kept.variable(x.value).gradients(seed: double)
  },
  "Gradients: a constant of shape [2, 3] has no gradient; make it with tape.variable(…)": {
    _ = Tape.kept.variable(1).gradients()[x]
  },
  "Gradients: the variable of shape [] was recorded on another tape than these gradients": {
    let (a, b) = (Tape(), Tape())
    let (x, y) = (a.variable(1), b.variable(2))
    _ = withExtendedLifetime((a, b)) { x.gradients()[y] }
  },
  "Gradients: the gradient of the intermediate of shape [2] was not kept; ask gradients(keeping: .all) for it": {
    let w = Parameter([1, 2])
    var middle = Variable(0)
    let (_, gradients) = valueWithGradients {
      middle = w.wrappedValue * 2
      return (middle * middle).sum()
    }
    _ = gradients[middle]
  },
  "valueWithGradients: the result was recorded on a tape of its own; call gradients() on it, or use parameters alone": {
    let x = Tape.kept.variable([1, 2])
    _ = valueWithGradients { x.sum() }
  },
  "Parameter: the value of a parameter has changed since it was first read in this scope": {
    let w = Parameter([1, 2])
    _ = valueWithGradients {
      let first = w.wrappedValue
      w.value = [3, 4]
      return (first * w.wrappedValue).sum()
    }
  },
  "softmaxCrossEntropy: a mask of 3 rows for logits of shape [2, 3]": {
    _ = softmaxCrossEntropy(logits: x, [0, 1], ignoring: 1, mask: [true, true, true])
  },
  "multiply: the operands were recorded on two different tapes": {
    let (a, b) = (Tape(), Tape())
    _ = withExtendedLifetime((a, b)) { a.variable(1) * b.variable(2) }
  },
  "concatenate: the operands were recorded on two different tapes": {
    let other = Tape()
    _ = withExtendedLifetime(other) { concatenate([Tape.kept.variable([1]), other.variable([2])]) }
  },
  "add: a variable of shape [2] is used after its tape has ended; carry values on with detached()": { _ = stale() + 1 },
  "multiply: a variable of shape [2] is used after its tape has ended; carry values on with detached()": {
    _ = Tape.kept.variable(1) * stale()
  },
  "tanh: a variable of shape [2] is used after its tape has ended; carry values on with detached()": {
    _ = tanh(stale())
  },
  "reshape: a variable of shape [2] is used after its tape has ended; carry values on with detached()": {
    _ = stale().reshaped(to: [1, 2])
  },
  "square: a variable of shape [2] is used after its tape has ended; carry values on with detached()": {
    let (gradients, x) = recordedGradients()
    // Another tape has taken the memory of the first.
    let tape = Tape()
    let y = (0..<50).reduce(tape.variable([1, 2])) { y, _ in y * 2 }
    _ = withExtendedLifetime((tape, y)) { square(gradients[x]) }
  },
  "linear: a variable of shape [2] is used after its tape has ended; carry values on with detached()": {
    _ = linear([[1, 2]], [[1, 2], [3, 4]], stale())
  },
  "gradients: a variable of shape [2] is used after its tape has ended; carry values on with detached()": {
    _ = stale().gradients(seed: [1, 1])
  },
  "exp: a variable of shape [] is used after its tape has ended; carry values on with detached()": {
    let tape = Tape()
    let x = tape.variable(1)
    tape.reset()
    _ = exp(x)
  },
  "mine: the pullback returns 2 gradients for 1 inputs": { pull([[1, 2], [3, 4]]) },
  "mine: the pullback returns 0 gradients for 1 inputs": { pull([]) },
  "mine: the pullback returns shape [3] for input 0, which has shape [2]": { pull([[1, 2, 3]]) },
  "mine: the pullback returns shape [] for input 0, which has shape [2]": { pull([1]) },
  "mine: the pullback returns float64 [2] for input 0, which is float32 [2]": {
    pull([Tensor([1, 2], dtype: .float64)])
  },
  "mine: the pullback reads input 0, which was not saved": {
    let y = record("mine", Tape.kept.variable(2), value: 4) { dy, saved in [dy * saved[0]] }
    _ = y.gradients()
  },
  "mine: the pullback reads input 1, which was not saved": {
    let y = record("mine", Tape.kept.variable(2), value: 4, saving: .inputs) { dy, saved in [dy * saved[1]] }
    _ = y.gradients()
  },
  "mine: the pullback reads the result, which was not saved": {
    let y = record("mine", Tape.kept.variable(Tensor(ones: [9])), value: Tensor(ones: [9])) { dy, saved in
      [dy * saved.output]
    }
    _ = y.gradients(seed: Variable(Tensor(ones: [9])))
  },
  "add: element types differ: float32 [2, 3] and float64 [2, 3]": { _ = x + double },
  "subtract: shapes [2, 3] and [2] do not broadcast": { _ = x - [1, 2] },
  "matmul: inner extents differ: [2, 3] × [2, 3]": { _ = matmul(x, x) },
  "matmul: inner extents differ: [2, 3]ᵀ × [2, 3]ᵀ": {
    _ = matmul(x, x, transposingLeft: true, transposingRight: true)
  },
  "matmul: inner extents differ: sparse [2, 4] × [2, 3]": { _ = matmul(matrix, x) },
  "matmul: inner extents differ: sparse [2, 4]ᵀ × [3]": { _ = matmul(matrix, [1, 2, 3], transposingLeft: true) },
  "matmul: element types differ: sparse float32 [2, 4] and float64 [4, 1]": {
    _ = matmul(matrix, Variable(Tensor(zeros: [4, 1], dtype: .float64)))
  },
  "sparseMax: element types differ: sparse float32 [2, 4] and float64 [4, 1]": {
    _ = sparseMax(matrix, Variable(Tensor(zeros: [4, 1], dtype: .float64)))
  },
  "sparseMin: inner extents differ: sparse [2, 4] × [2, 3]": { _ = sparseMin(matrix, x) },
  "sparseMax: gradients for the values are not defined; reduce materialised messages": {
    _ = sparseMax(matrix.withValues(Tape.kept.variable([1, 2, 3])), [1, 2, 3, 4])
  },
  "sparseMean: inner extents differ: sparse [2, 4] × [2, 3]": { _ = pattern.map { sparseMean($0, x) } },
  "sampledProduct: [2, 3] and [2, 3] do not fit a pattern of [2, 4]": { _ = pattern.map { sampledProduct($0, x, x) } },
  "SparseMatrix: values of shape [2] for 3 entries": { _ = matrix.withValues([1, 2]) },
  "SparseMatrix: a matrix has two axes, not [2]": { _ = SparseMatrix([1, 2]) },
  "linear: inner extents differ: [2, 3] × [2, 3]": { _ = linear(x, x, [1, 2, 3]) },
  "rectifiedLinear: bias float32 [2] does not fit float32 [2, 3] × [3, 3]": {
    _ = rectifiedLinear(x, Variable(Tensor.eye(3)), [1, 2])
  },
  "linear: bias float32 [2] does not fit float32 [2, 3] × [3, 3]": { _ = linear(x, Variable(Tensor.eye(3)), [1, 2]) },
  "linear: both operands need two axes: [1, 2, 3] × [3, 3]": {
    _ = linear(x.reshaped(to: [1, 2, 3]), Variable(Tensor.eye(3)), [1, 2, 3])
  },
  "linear: inner extents differ: [2, 3] × [2, 2]": {
    _ = linear(x, Variable(Tensor(zeros: [3, 2])), nil, plus: x, Variable(Tensor(zeros: [2, 2])))
  },
  "linear: the product float32 [1, 3] × [3, 2] cannot be added to float32 [2, 2]": {
    let weight = Variable(Tensor(zeros: [3, 2]))
    _ = linear(x, weight, nil, plus: Variable(Tensor(zeros: [1, 3])), weight)
  },
  "rectifiedLinear: both operands need two axes: [3] × [3, 2]": {
    let weight = Variable(Tensor(zeros: [3, 2]))
    _ = rectifiedLinear(x, weight, nil, plus: [1, 2, 3], weight)
  },
  "rectifiedLinear: inner extents differ: [2, 3] × [2, 2]": {
    _ = rectifiedLinear(x, Variable(Tensor(zeros: [3, 2])), nil, plus: x, Variable(Tensor(zeros: [2, 2])))
  },
  "rectifiedLinear: the product float32 [2, 3] × [3, 3] cannot be added to float32 [2, 2]": {
    _ = rectifiedLinear(x, Variable(Tensor(zeros: [3, 2])), nil, plus: x, Variable(Tensor.eye(3)))
  },
  "gatherRows: index 2 at row 1 is outside 0 ..< 2": { _ = x.gatherRows([0, 2]) },
  "gatherRows: index 3 at row 1 is outside 0 ..< 2": {
    // An array that fits more rows, and is known to.
    let rows: IndexArray = [0, 3]
    _ = Variable(Tensor(zeros: [4, 3])).gatherRows(rows)
    _ = x.gatherRows(rows)
  },
  "scatterSum: segment 5 at row 1 is outside 0 ..< 5": { _ = x.scatterSum(to: [0, 5], count: 5) },
  "scatterMean: segment -1 at row 0 is outside 0 ..< 5": { _ = x.scatterMean(to: [-1, 0], count: 5) },
  "scatterMax: segment 7 at row 1 is outside 0 ..< 5": { _ = x.scatterMax(to: [4, 7], count: 5) },
  "scatterMin: 3 segments for shape [2, 3]": { _ = x.scatterMin(to: [0, 1, 2], count: 5) },
  "segmentSoftmax: segment 1 at row 0 is outside 0 ..< 1": { _ = x.segmentSoftmax(over: [1, 0], count: 1) },
  "scatterSum: a single number has no rows": { _ = Variable(1).scatterSum(to: [], count: 1) },
  "reshape: shape [2, 3] with 6 elements does not fit [4]": { _ = x.reshaped(to: [4]) },
  "slice: 2 ..< 4 is outside 0 ..< 3 on axis 1 of [2, 3]": { _ = x.slice(2..<4, along: 1) },
  "softmax: axis 2 is outside -2 ..< 2 for shape [2, 3]": { _ = softmax(x, along: 2) },
  "max: axis 0 of shape [0] has no elements": { _ = Variable(Tensor(zeros: [0])).max() },
  "dropout: the probability 1.0 is outside 0 ..< 1": { _ = dropout(x, probability: 1, key: RandomKey(seed: 1)) },
  "dropout: the probability -0.1 is outside 0 ..< 1": { _ = dropout(x, probability: -0.1, key: RandomKey(seed: 1)) },
  "dropout: the probability nan is outside 0 ..< 1": { _ = dropout(x, probability: .nan, key: RandomKey(seed: 1)) },
  "sparseAttention: the probability 1.0 is outside 0 ..< 1": {
    guard let pattern = try? SparsePattern(rows: [0], columns: [0], rowCount: 1, columnCount: 1) else { return }
    let scores = AdditiveScores(sources: [[1]], targets: [[2]])
    _ = sparseAttention(pattern, scores, [[[1]]], dropout: 1, key: RandomKey(seed: 1))
  },
  "softmaxCrossEntropy: label 3 at row 1 is outside 0 ..< 3": { _ = softmaxCrossEntropy(logits: x, [0, 3]) },
  "softmaxCrossEntropy: label -1 at row 0 is outside 0 ..< 3": { _ = softmaxCrossEntropy(logits: x, [-1, 0]) },
  "softmaxCrossEntropy: 3 labels for logits of shape [2, 3]": { _ = softmaxCrossEntropy(logits: x, [0, 1, 2]) },
  "softmaxCrossEntropy: a mask of 1 rows for logits of shape [2, 3]": {
    _ = softmaxCrossEntropy(logits: x, [0, 1], mask: [true])
  },
  "softmaxCrossEntropy: targets of shape [2] for logits of shape [2, 3]": {
    _ = softmaxCrossEntropy(logits: x, [1, 2] as Variable)
  },
  "solve: matrix [1] of [2, 2, 2] is singular: pivot 1 is 0": {
    _ = solve(Variable(Tensor([1, 0, 0, 1, 1, 2, 2, 4] as [Double], shape: [2, 2, 2])), Variable([[1], [2]]))
  },
  "solve: [2, 3] is no stack of square matrices": { _ = solve(x, x) },
  "solve: [2, 3] does not fit [3, 3]: a right-hand side has 3 rows": { _ = solve(Variable(Tensor.eye(3)), x) },
  "solve: element types differ: float32 [2, 2] and float64 [2, 3]": { _ = solve(Variable(Tensor.eye(2)), double) },
  "solveTriangular: matrix [2, 2] is singular: element 1 of its diagonal is 0": {
    _ = solveTriangular([[1, 2], [3, 0]], [1, 2])
  },
  "inverse: matrix [2, 2] is singular: pivot 0 is 0": { _ = inverse([[0, 0], [0, 1]]) },
  "inverse: [2, 3] is no stack of square matrices": { _ = inverse(x) },
  "determinant: [2, 3] is no stack of square matrices": { _ = determinant(x) },
  "logDeterminant: matrix [2, 2] is singular and has no gradient: pivot 1 is 0": {
    let tape = Tape()
    _ = logDeterminant(tape.variable([[1, 2], [2, 4]])).logMagnitude.gradients()
  },
  "cholesky: matrix [0, 1] of [1, 2, 1, 1] is not positive definite: pivot 0 is -3.0": {
    _ = cholesky(Variable(Tensor([4, -3] as [Double], shape: [1, 2, 1, 1])))
  },
  "cholesky: matrix [2, 2] is not positive definite: pivot 1 is 0.0": { _ = cholesky([[1, 1], [1, 1]]) },
  "symmetricEigen: matrix [1, 1] holds NaN or ∞": { _ = symmetricEigen(Variable([[Tensor(.infinity)]] as Tensor)) },
  "singularValueDecomposition: [] is no stack of matrices": { _ = singularValueDecomposition(1) },
  "singularValueDecomposition: matrix [1, 1] holds NaN or ∞": {
    _ = singularValueDecomposition(Variable([[Tensor(.nan)]] as Tensor))
  },
  "conv2d: shape [2, 3] is not [B, C, H, W]": { _ = conv2d(x, x) },
  "conv1d: shape [2, 3] is not [B, C, T]": { _ = conv1d(x, x) },
  "conv2d: [1, 3, 4, 4] has 3 channels, the weights [2, 2, 2, 1] in 1 groups need 2": {
    _ = conv2d(Variable(Tensor(zeros: [1, 3, 4, 4])), Variable(Tensor(zeros: [2, 2, 2, 1])))
  },
  "conv2d: 3 channels in and 4 out do not divide into 2 groups": {
    _ = conv2d(Variable(Tensor(zeros: [1, 3, 4, 4])), Variable(Tensor(zeros: [2, 2, 1, 4])), groups: 2)
  },
  "conv2d: the weights [2, 3] are not [window, C / groups, O]": {
    _ = conv2d(Variable(Tensor(zeros: [1, 3, 4, 4])), x)
  },
  "conv2d: the bias [2, 3] is not [1]": {
    _ = conv2d(Variable(Tensor(zeros: [1, 3, 4, 4])), Variable(Tensor(zeros: [2, 2, 3, 1])), bias: x)
  },
  "conv2d: the stride [0, 1] is below 1": {
    _ = conv2d(Variable(Tensor(zeros: [1, 3, 4, 4])), Variable(Tensor(zeros: [2, 2, 3, 1])), stride: [0, 1])
  },
  "maxPool2d: a window of [3, 3] with dilation [1, 1] does not fit into [2, 4] with padding [0, 0]": {
    _ = maxPool2d(Variable(Tensor(zeros: [1, 1, 2, 4])), window: 3)
  },
  "maxPool2d: the padding [2, 2] is more than half the window [3, 3]": {
    _ = maxPool2d(Variable(Tensor(zeros: [1, 1, 4, 4])), window: 3, padding: 2)
  },
  "averagePool1d: the padding [0, 1] is more than half the window [1, 1]": {
    _ = averagePool1d(Variable(Tensor(zeros: [1, 1, 4])), window: 1, padding: 1)
  },
  "fold: columns of shape [2, 3] are not [B, C, 4, 9]": { _ = fold(x, to: 4, window: 2) },
  "Size2D: [1, 2, 3] are not a height and a width": { _ = [1, 2, 3] as Size2D },
  "checkGradients: order 3 is neither 1 nor 2": { _ = checkGradients(of: { $0 }, at: [1], order: 3) },
  "checkGradients: the function turns float64 into float32": {
    _ = checkGradients(of: { _ in Variable(Tensor([1], dtype: .float32)) }, at: [1])
  },
]

@Suite struct `A mistake with variables` {
  @Test(arguments: mistakes.keys.sorted())
  func `stops the program and is named`(_ sentence: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [sentence] in
      mistakes[sentence]?()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Fatal error: \(sentence)\n"), "\(text.prefix(500))")
  }
}
