import AdjointKernels

/// Returns, for every row of a sparse matrix, the elementwise maximum of its weighted rows.
///
///     y[r, d] = max w[e] x[c(e), d]    over the entries e of row r     x: [C, ...]   y: [R, ...]
///     x̄[c, d] = Σ w[e] ȳ[r, d] / (entries of r that attain the maximum)    over the entries of column c that do
///
/// A row without entries yields 0 and passes no gradient. Ties share the gradient equally.
///
/// - Parameters:
///   - matrix: A sparse matrix; values, if it has them, are constants here.
///   - x: A variable with a row for every column of the matrix.
/// - Returns: The maxima.
/// - Complexity: O(entries · width of x) time; keeps the input, the output and one count per output element.
public func sparseMax(_ matrix: SparseMatrix, _ x: Variable) -> Variable { sparseExtreme("sparseMax", 1, matrix, x) }

/// Returns, for every row of a sparse matrix, the elementwise minimum of its weighted rows.
///
///     y[r, d] = min w[e] x[c(e), d]    over the entries e of row r     x: [C, ...]   y: [R, ...]
///     x̄[c, d] = Σ w[e] ȳ[r, d] / (entries of r that attain the minimum)    over the entries of column c that do
///
/// A row without entries yields 0 and passes no gradient. Ties share the gradient equally.
///
/// - Parameters:
///   - matrix: A sparse matrix; values, if it has them, are constants here.
///   - x: A variable with a row for every column of the matrix.
/// - Returns: The minima.
/// - Complexity: O(entries · width of x) time; keeps the input, the output and one count per output element.
public func sparseMin(_ matrix: SparseMatrix, _ x: Variable) -> Variable { sparseExtreme("sparseMin", -1, matrix, x) }

private func sparseExtreme(_ name: String, _ sign: Int, _ matrix: SparseMatrix, _ x: Variable) -> Variable {
  let pattern = matrix.pattern, values = matrix.values?.value
  require(
    x.rank >= 1 && x.shape[0] == pattern.columnCount,
    "\(name): inner extents differ: sparse \(matrix.shape) × \(x.label)")
  require(
    matrix.values?.isRecorded != true, "\(name): gradients for the values are not defined; reduce materialised messages"
  )
  require(
    matrix.values.map { $0.dtype == x.dtype } ?? true,
    "\(name): element types differ: sparse \(matrix.values?.dtype ?? x.dtype) \(matrix.shape) and \(x.dtype) \(x.shape)"
  )
  guard x.isRecorded else { return Variable(x.value.extremes(over: pattern.grouping, sign: sign, values: values)) }
  let (result, ties) = x.value.countedExtremes(over: pattern.grouping, sign: sign, values: values)
  return record(name, x, value: result, saving: [.inputs, .output]) { dy, saved in
    sparseExtremePullback(dy, pattern, values, saved[0].value, saved.output.value, ties)
  }
}

/// The gradient of the gathered side, linear in `dy`.
private func sparseExtremePullback(
  _ dy: Variable, _ pattern: SparsePattern, _ values: Tensor?, _ x: Tensor, _ y: Tensor, _ ties: Tensor
) -> Variable {
  let share = dy.value / ties
  let (input, output, shares) = (x.pointer, y.pointer, share.pointer)
  let value = withExtendedLifetime(share) {
    Tensor(shape: x.shape, dtype: x.dtype) { result in
      pattern.transposedGrouping.withKernel {
        adjoint_rows_extreme_pullback(
          x.dtype.kernel, $0, values?.pointer, input, output, shares, x.rowWidth, result)
      }
    }
  }
  return record("sparseExtreme′", dy, value: value, saving: .nothing) { g, _ in
    // ⟨g, x̄⟩ is linear in ȳ: every entry that attains the extreme hands back its share of w g.
    let weights = values.map { Variable($0.reshaped(to: [pattern.count] + [Int](repeating: 1, count: x.rank - 1))) }
    func weighted(_ rows: Variable) -> Variable { weights.map { $0 * rows } ?? rows }
    let messages = weighted(Variable(x).gatherRows(pattern.columns)).value
    let attained = Variable(equal(messages, y.gatherRows(pattern.rows)))
    let shares = multiplyOrZero(attained, weighted(g.gatherRows(pattern.columns)))
    return shares.scatterSum(to: pattern.rows, count: pattern.rowCount) / Variable(AdjointTensors.max(ties, 1))
  }
}

extension OperationSample {
  static let sparseMax = OperationSample([[4, 3]], yields: [3, 3]) {
    AdjointAutodiff.sparseMax(SparseMatrix(.sample()), $0[0])
  }.also(on: [[4, 0]], yields: [3, 0]).also(on: [[4, 1]], yields: [3, 1])
  static let sparseMinWeighted = OperationSample("sparseMin, weighted", [[4, 3]], yields: [3, 3]) {
    let weights = Tensor([0.5, -1, 2, 1.5, 1, -0.75], dtype: $0[0].dtype)
    return sparseMin(SparseMatrix(.sample(), values: Variable(weights)), $0[0])
  }.also(on: [[4, 0]], yields: [3, 0]).also(on: [[4, 1]], yields: [3, 1])
}
