import Adjoint

extension CaseTable {
  /// Products of matrices and vectors.
  static let products: [CaseRow] = [
    .binary("matmul", "matmul_vec", "vec_matmul") { a, b in product(a, b) },
    .binary("matmul_transposed_left") { matmul($0, $1, transposingLeft: true) },
    .binary("matmul_transposed_right") { matmul($0, $1, transposingRight: true) },
    .binary("dot") { ($0 * $1).sum() },
    .binary("outer") { $0.reshaped(to: [-1, 1]) * $1.reshaped(to: [1, -1]) },
    CaseRow("linear") { run in
      let (x, weight) = (try run["x"], try run.parameter("weight"))
      let layer = Linear(weight.shape[1], weight.shape[0], key: RandomKey(seed: 0))
      try run.bind(layer.$weight, to: "weight", isTransposed: true)
      if let bias = layer.bias { try run.bind(bias, to: "bias") }
      return run.tape.recording { layer(x) }
    },
  ]

  /// A product in which a vector on the left is a row and one on the right a column.
  private static func product(_ a: Variable, _ b: Variable) -> Variable {
    let left = a.rank == 1 ? a.reshaped(to: [1, -1]) : a
    let right = b.rank == 1 ? b.reshaped(to: [-1, 1]) : b
    let result = matmul(left, right)
    var extents = Array(result.shape)
    if b.rank == 1 { extents.removeLast() }
    if a.rank == 1 { extents.remove(at: extents.count - (b.rank == 1 ? 1 : 2)) }
    return extents.count == result.rank ? result : result.reshaped(to: extents)
  }
}
