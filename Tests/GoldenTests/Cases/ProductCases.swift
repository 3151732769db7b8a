import Adjoint

extension CaseTable {
  /// Products of matrices and vectors.
  static let products: [CaseRow] = [
    .binary("matmul", "matmul_vec", "vec_matmul") { matmul($0, $1) },
    .binary("matmul_transposed_left") { matmul($0, $1, transposingLeft: true) },
    .binary("matmul_transposed_right") { matmul($0, $1, transposingRight: true) },
    .binary("dot") { dot($0, $1) },
    .binary("outer") { outer($0, $1) },
    CaseRow("linear") { run in
      let (x, weight) = (try run["x"], try run.parameter("weight"))
      let layer = Linear(weight.shape[1], weight.shape[0], key: RandomKey(seed: 0))
      try run.bind(layer.$weight, to: "weight", isTransposed: true)
      if let bias = layer.bias { try run.bind(bias, to: "bias") }
      return run.tape.recording { layer(x) }
    },
  ]
}
