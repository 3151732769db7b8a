import Adjoint

extension CaseTable {
  /// Arithmetic with broadcasting and functions of single elements.
  static let elementwise: [CaseRow] = [
    .binary("add") { $0 + $1 },
    .binary("sub") { $0 - $1 },
    .binary("mul") { $0 * $1 },
    .binary("div") { $0 / $1 },
    .binary("maximum") { max($0, $1) },
    .binary("minimum") { min($0, $1) },
    .outputs("scalar_left") { run in
      let x = try run["x"]
      return ["sub": .values(2 - x), "div": .values(3 / x), "affine": .values(0.5 * x + 1)]
    },
    .unary("neg") { -$0 },
    .unary("abs") { abs($0) },
    .unary("exp") { exp($0) },
    .unary("log") { log($0) },
    .unary("sqrt") { sqrt($0) },
    .unary("square") { square($0) },
    .unary("reciprocal") { reciprocal($0) },
    .unary("rsqrt") { rsqrt($0) },
    .unary("expm1") { expm1($0) },
    .unary("log1p") { log1p($0) },
    .unary("sin") { sin($0) },
    .unary("cos") { cos($0) },
    .unary("erf") { erf($0) },
    .unary("tanh") { tanh($0) },
    .unary("sigmoid") { sigmoid($0) },
    .unary("relu") { relu($0) },
    .unary("silu") { silu($0) },
    CaseRow("selu") { run in
      // The two constants are the definition's, and so are the golden file's.
      let constants = (try run.number("alpha"), try run.number("scale"))
      guard constants == (1.6732632423543772, 1.0507009873554805) else {
        throw CaseError.unsupported("other constants")
      }
      return try selu(run["x"])
    },
    .unary("softplus") { softplus($0) },
    .unary("softsign") { softsign($0) },
    .unary("log_sigmoid") { logSigmoid($0) },
    CaseRow("gelu") { run in
      guard try run.text("approximation") == "none" else { throw CaseError.unsupported("an approximation") }
      return try gelu(run["x"])
    },
    CaseRow("gelu_tanh") { run in
      guard try run.text("approximation") == "tanh" else { throw CaseError.unsupported("another approximation") }
      return try gelu(run["x"], form: .tanh)
    },
    CaseRow("cube") { run in try pow(run["x"], Variable(run.number("exponent", default: 3))) },
    .unary("pow_fraction") { pow($0, 1.7) },
    .binary("pow_tensor") { pow($0, $1) },
    CaseRow("elu", "elu_half") { run in try elu(run["x"], alpha: run.number("alpha", default: 1)) },
    CaseRow("leaky_relu") { run in try leakyReLU(run["x"], slope: run.number("slope")) },
    CaseRow("clamp") { run in try clamp(run["x"], to: run.number("low")...run.number("high")) },
  ]
}
