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
  affine("linear", x, weight, bias, rectified: false)
}

/// Returns relu(x W + b), in one pass over the result forwards and over its gradient backwards.
///
///     y = max(x W + b, 0)      x: [N, D]   W: [D, C]   b: [C]   y: [N, C]
///     z̄ = ȳ ⊙ [y > 0]          0 where x W + b = 0
///     x̄ = z̄ Wᵀ                 W̄ = xᵀ z̄               b̄ = Σₙ z̄[n]
///
/// The result has the same bits as that of ``relu(_:)`` after ``linear(_:_:_:)``, the gradients the same up to rounding; x W + b
/// itself is never stored.
///
/// - Parameters:
///   - x: A variable with two axes.
///   - weight: The weights, `[inputs, outputs]`.
///   - bias: A row.
/// - Returns: The result. Extents that do not fit stop the program with both shapes named.
/// - Complexity: O(N · D · C) time; keeps `x`, `weight` and the result.
public func rectifiedLinear(_ x: Variable, _ weight: Variable, _ bias: Variable) -> Variable {
  affine("rectifiedLinear", x, weight, bias, rectified: true)
}

private func affine(
  _ name: String, _ x: Variable, _ weight: Variable, _ bias: Variable, rectified: Bool
) -> Variable {
  require(x.rank == 2 && weight.rank == 2, "\(name): both operands need two axes: \(x.label) × \(weight.label)")
  checkProduct(x, weight, false, false, operation: name)
  return record(
    name, x, weight, bias, value: affine(x.value, weight.value, bias.value, rectified: rectified),
    saving: rectified ? [.otherInputs, .output] : .otherInputs, batching: .leading
  ) { dy, saved in
    let wanted = (x: saved.needsGradient(0), weight: saved.needsGradient(1), bias: saved.needsGradient(2))
    if !saved.recorded && dy.rank == 2 {
      let gradients = AffineGradients(
        dy.value, rectified: rectified ? saved.output.value : nil, x: wanted.weight ? saved[0].value : nil,
        weight: wanted.x ? saved[1].value : nil, wantsBias: wanted.bias)
      return [gradients.x, gradients.weight, gradients.bias].map { $0.map { Variable($0) } }
    }
    let dz = rectified ? reluPullback(dy, saved.output.value) : dy
    return [
      wanted.x ? matmul(dz, saved[1], transposingRight: true) : nil,
      wanted.weight ? matmul(saved[0], dz, transposingLeft: true) : nil,
      wanted.bias ? dz.sum(along: -2) : nil,
    ]
  }
}

extension OperationSample {
  static let linear = OperationSample([[3, 4], [4, 2], [2]], yields: [3, 2]) {
    AdjointAutodiff.linear($0[0], $0[1], $0[2])
  }.varying(3, 4, 2)
  static let rectifiedLinear = OperationSample([[3, 4], [4, 2], [2]], yields: [3, 2]) {
    AdjointAutodiff.rectifiedLinear($0[0], $0[1], $0[2])
  }.varying(3, 4, 2)
}
