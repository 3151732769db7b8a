/// Returns x W + b, in one pass over the result.
///
///     y = x W + b              x: [N, D]   W: [D, C]   b: [C]   y: [N, C]
///     x̄ = ȳ Wᵀ                 W̄ = xᵀ ȳ               b̄ = Σₙ ȳ[n]
///
/// - Parameters:
///   - x: A variable with two axes.
///   - weight: The weights, `[inputs, outputs]`.
///   - bias: A row.
/// - Returns: The result. Extents that do not fit stop the program with both shapes named.
/// - Complexity: O(N · D · C) time; keeps `x` and `weight`.
public func linear(_ x: Variable, _ weight: Variable, _ bias: Variable) -> Variable {
  require(x.rank == 2 && weight.rank == 2, "linear: both operands need two axes: \(x.label) × \(weight.label)")
  checkProduct(x, weight, false, false, operation: "linear")
  return record(
    "linear", x, weight, bias, value: affine(x.value, weight.value, bias.value), saving: .otherInputs,
    batching: .leading
  ) {
    dy, saved in
    [
      saved.needsGradient(0) ? matmul(dy, saved[1], transposingRight: true) : nil,
      saved.needsGradient(1) ? matmul(saved[0], dy, transposingLeft: true) : nil,
      saved.needsGradient(2) ? dy.sum(along: -2) : nil,
    ]
  }
}

extension OperationSample {
  static let linear = OperationSample([[3, 4], [4, 2], [2]], yields: [3, 2]) {
    AdjointAutodiff.linear($0[0], $0[1], $0[2])
  }.varying(3, 4, 2)
}
