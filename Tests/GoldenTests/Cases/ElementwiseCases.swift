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
    .unary("reciprocal") { 1 / $0 },
    .unary("rsqrt") { 1 / sqrt($0) },
    .unary("tanh") { tanh($0) },
    .unary("sigmoid") { sigmoid($0) },
    .unary("relu") { relu($0) },
    .unary("silu") { $0 * sigmoid($0) },
    .unary("softsign") { $0 / (1 + abs($0)) },
    CaseRow("cube") { run in
      let x = try run["x"]
      guard try run.number("exponent", default: 3) == 3 else { throw CaseError.malformed("the exponent is not 3") }
      return x * x * x
    },
    CaseRow("leaky_relu") { run in
      let x = try run["x"]
      return try relu(x) - Variable(run.number("slope")) * relu(-x)
    },
    CaseRow("clamp") { run in
      try max(min(run["x"], Variable(run.number("high"))), Variable(run.number("low")))
    },
    CaseRow("gelu_tanh") { run in
      let x = try run["x"]
      guard try run.text("approximation") == "tanh" else { throw CaseError.unsupported("another approximation") }
      let scale = Variable((2 / Double.pi).squareRoot())
      return 0.5 * x * (1 + tanh(scale * (x + 0.044715 * x * x * x)))
    },
  ]
}
