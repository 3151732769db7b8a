/// Returns x W + b + z V, in one array.
///
///     y = x W + b + z V        x: [N, D]   W: [D, C]   b: [C]   z: [N, E]   V: [E, C]   y: [N, C]
///     x̄ = ȳ Wᵀ   W̄ = xᵀ ȳ   b̄ = Σₙ ȳ[n]   z̄ = ȳ Vᵀ   V̄ = zᵀ ȳ
///
/// The second product is added to the first where it lies, so that the two never stand side by side. The result has the bits
/// of their sum, unless E is so long, above 256, that the second product is added in parts.
///
/// - Parameters:
///   - x: A variable with two axes.
///   - weight: The weights W, `[inputs, outputs]`.
///   - bias: A row; nil for none.
///   - z: A variable with two axes and as many rows as x.
///   - otherWeight: The weights V, with as many columns as W.
/// - Returns: The result. Extents that do not fit stop the program with the shapes named.
/// - Complexity: O(N · (D + E) · C) time; keeps the factors.
public func linear(
  _ x: Variable, _ weight: Variable, _ bias: Variable?, plus z: Variable, _ otherWeight: Variable
) -> Variable {
  for (a, b) in [(x, weight), (z, otherWeight)] {
    require(a.rank == 2 && b.rank == 2, "linear: both operands need two axes: \(a.label) × \(b.label)")
    checkProduct(a, b, false, false, operation: "linear")
  }
  var value = bias.map { affine(x.value, weight.value, $0.value) } ?? matmul(x.value, weight.value)
  value.addProduct(z.value, otherWeight.value, operation: "linear")
  let rows = bias.map { [$0] } ?? [], hasBias = !rows.isEmpty
  return record("linear pair", [x, weight, z, otherWeight] + rows, value: value, saving: .otherInputs) { dy, saved in
    let wantsBias = hasBias && saved.needsGradient(4)
    if !saved.recorded && dy.rank == 2 {
      // One pass over the gradient for each of the two maps.
      let maps = [0, 2].map { factor in
        AffineGradients(
          dy.value, rectified: nil, x: saved.needsGradient(factor + 1) ? saved[factor].value : nil,
          weight: saved.needsGradient(factor) ? saved[factor + 1].value : nil, wantsBias: wantsBias && factor == 0)
      }
      let gradients = [maps[0].x, maps[0].weight, maps[1].x, maps[1].weight] + (hasBias ? [maps[0].bias] : [])
      return gradients.map { $0.map { Variable($0) } }
    }
    let gradients = [0, 2].flatMap { factor in
      [
        saved.needsGradient(factor) ? matmul(dy, saved[factor + 1], transposingRight: true) : nil,
        saved.needsGradient(factor + 1) ? matmul(saved[factor], dy, transposingLeft: true) : nil,
      ]
    }
    return hasBias ? gradients + [wantsBias ? dy.sum(along: 0) : nil] : gradients
  }
}

extension OperationSample {
  static let linearPair = OperationSample([[3, 4], [4, 2], [2], [3, 5], [5, 2]], yields: [3, 2]) {
    AdjointAutodiff.linear($0[0], $0[1], $0[2], plus: $0[3], $0[4])
  }.also(on: [[0, 4], [4, 2], [2], [0, 5], [5, 2]], yields: [0, 2]).also(
    on: [[3, 0], [0, 2], [2], [3, 1], [1, 2]], yields: [3, 2]
  ).also(on: [[1, 1], [1, 1], [1], [1, 1], [1, 1]], yields: [1, 1])
  static let linearPairWithoutBias = OperationSample(
    "linear pair without bias", [[3, 4], [4, 2], [3, 1], [1, 2]], yields: [3, 2]
  ) { AdjointAutodiff.linear($0[0], $0[1], nil, plus: $0[2], $0[3]) }
}
