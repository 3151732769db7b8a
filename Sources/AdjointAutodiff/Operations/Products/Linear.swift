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
  affine("linear", [(x, weight)], bias, rectified: false)
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
  affine("rectifiedLinear", [(x, weight)], bias, rectified: true)
}

/// Records Σₖ xₖ Wₖ + b for one product or two, or its positive part.
func affine(
  _ name: String, _ products: [(x: Variable, weight: Variable)], _ bias: Variable?, rectified: Bool
) -> Variable {
  let operation = rectified ? "rectifiedLinear" : "linear"
  for (x, weight) in products {
    require(x.rank == 2 && weight.rank == 2, "\(operation): both operands need two axes: \(x.label) × \(weight.label)")
    checkProduct(x, weight, false, false, operation: operation)
  }
  let value = affine(
    products[0].x.value, products[0].weight.value, bias?.value,
    plus: products.count > 1 ? (products[1].x.value, products[1].weight.value) : nil, rectified: rectified)
  let factors = products.indices.map { 2 * $0 }, biasPlace = bias.map { _ in 2 * products.count }
  let inputs = products.map { $0.weight.shape[0] },
    operands = products.flatMap { [$0.x, $0.weight] } + (bias.map { [$0] } ?? [])
  guard operands.contains(where: \.isRecorded) else { return Variable(value) }
  let rule = OperationRule(
    name, saving: rectified ? [.otherInputs, .output] : .otherInputs, batching: .leading,
    inPlace: { dy, y, saved in
      if !rectified { y = nil }
      let gradients = AffineGradients(
        &dy, rectified: &y, inputs: inputs,
        factors: factors.map {
          (saved.needsGradient($0 + 1) ? saved[$0].value : nil, saved.needsGradient($0) ? saved[$0 + 1].value : nil)
        }, wantsBias: biasPlace.map { saved.needsGradient($0) } ?? false)
      return gradients.products.flatMap { [$0.x, $0.weight] } + (biasPlace == nil ? [] : [gradients.bias])
    },
    joint: { dy, saved in
      let dz = rectified ? reluPullback(dy, saved.output.value) : dy
      let gradients = factors.flatMap {
        [
          saved.needsGradient($0) ? matmul(dz, saved[$0 + 1], transposingRight: true) : nil,
          saved.needsGradient($0 + 1) ? matmul(saved[$0], dz, transposingLeft: true) : nil,
        ]
      }
      return gradients + (biasPlace.map { [saved.needsGradient($0) ? dz.sum(along: -2) : nil] } ?? [])
    })
  return record(rule, operands, value: value)
}

extension OperationSample {
  static let linear = OperationSample([[3, 4], [4, 2], [2]], yields: [3, 2]) {
    AdjointAutodiff.linear($0[0], $0[1], $0[2])
  }.varying(3, 4, 2)
  static let rectifiedLinear = OperationSample([[3, 4], [4, 2], [2]], yields: [3, 2]) {
    AdjointAutodiff.rectifiedLinear($0[0], $0[1], $0[2])
  }.varying(3, 4, 2)
}
