/// Returns x W + b + z V, in one array, and where there are many rows in one pass over it.
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
  affine("linear pair", [(x, weight), (z, otherWeight)], bias, rectified: false)
}

/// Returns relu(x W + b + z V), in one array, and where there are many rows in one pass over it and over its gradient.
///
///     y = max(x W + b + z V, 0)        x: [N, D]   W: [D, C]   b: [C]   z: [N, E]   V: [E, C]   y: [N, C]
///     ū = ȳ ⊙ [y > 0]                  0 where the sum is 0
///     x̄ = ū Wᵀ   W̄ = xᵀ ū   b̄ = Σₙ ū[n]   z̄ = ū Vᵀ   V̄ = zᵀ ū
///
/// The result has the same bits as that of ``relu(_:)`` after ``linear(_:_:_:plus:_:)``, the gradients the same up to rounding;
/// the sum itself is never stored.
///
/// - Parameters:
///   - x: A variable with two axes.
///   - weight: The weights W, `[inputs, outputs]`.
///   - bias: A row; nil for none.
///   - z: A variable with two axes and as many rows as x.
///   - otherWeight: The weights V, with as many columns as W.
/// - Returns: The result. Extents that do not fit stop the program with the shapes named.
/// - Complexity: O(N · (D + E) · C) time; keeps the factors and the result.
public func rectifiedLinear(
  _ x: Variable, _ weight: Variable, _ bias: Variable?, plus z: Variable, _ otherWeight: Variable
) -> Variable {
  affine("rectifiedLinear pair", [(x, weight), (z, otherWeight)], bias, rectified: true)
}

extension OperationSample {
  static let linearPair = pair("linear pair") { AdjointAutodiff.linear($0[0], $0[1], $0[2], plus: $0[3], $0[4]) }
  static let rectifiedLinearPair = pair("rectifiedLinear pair") {
    AdjointAutodiff.rectifiedLinear($0[0], $0[1], $0[2], plus: $0[3], $0[4])
  }
  static let linearPairWithoutBias = OperationSample(
    "linear pair without bias", [[3, 4], [4, 2], [3, 1], [1, 2]], yields: [3, 2]
  ) { AdjointAutodiff.linear($0[0], $0[1], nil, plus: $0[2], $0[3]) }
  static let rectifiedLinearPairWithoutBias = OperationSample(
    "rectifiedLinear pair without bias", [[3, 4], [4, 2], [3, 1], [1, 2]], yields: [3, 2]
  ) { AdjointAutodiff.rectifiedLinear($0[0], $0[1], nil, plus: $0[2], $0[3]) }

  private static func pair(_ name: String, apply: @escaping @Sendable ([Variable]) -> Variable) -> OperationSample {
    OperationSample(name, [[3, 4], [4, 2], [2], [3, 5], [5, 2]], yields: [3, 2], apply: apply)
      .also(on: [[0, 4], [4, 2], [2], [0, 5], [5, 2]], yields: [0, 2])
      .also(on: [[3, 0], [0, 2], [2], [3, 1], [1, 2]], yields: [3, 2])
      .also(on: [[3, 4], [4, 2], [2], [3, 0], [0, 2]], yields: [3, 2])
      .also(on: [[1, 1], [1, 1], [1], [1, 1], [1, 1]], yields: [1, 1])
  }
}
