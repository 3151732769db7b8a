import Adjoint

extension CaseTable {
  /// Twenty or so steps on f(x) = ½ xᵀ Q x − bᵀ x + c/4 Σ x⁴.
  static let optimizers: [CaseRow] = [
    .outputs("sgd", "sgd_weight_decay", "momentum", "momentum_dampening") { run in
      try trajectory(run, sgd(run, nesterov: false))
    },
    .outputs("nesterov") { try trajectory($0, sgd($0, nesterov: true)) },
    .outputs("adam", "adam_weight_decay") { run in
      try trajectory(
        run,
        Adam(
          learningRate: run.number("lr"), beta1: run.number("beta1"), beta2: run.number("beta2"),
          epsilon: run.number("eps"), weightDecay: run.number("weight_decay", default: 0)))
    },
    .outputs("adamw") { run in
      try trajectory(
        run,
        AdamW(
          learningRate: run.number("lr"), beta1: run.number("beta1"), beta2: run.number("beta2"),
          epsilon: run.number("eps"), weightDecay: run.number("weight_decay")))
    },
  ]

  private static func sgd(_ run: CaseRun, nesterov: Bool) throws -> SGD {
    try SGD(
      learningRate: run.number("lr"), momentum: run.number("momentum", default: 0),
      dampening: run.number("dampening", default: 0), nesterov: nesterov,
      weightDecay: run.number("weight_decay", default: 0))
  }

  private static func trajectory(_ run: CaseRun, _ optimizer: some Optimizer) throws -> [String: CaseOutput] {
    let (quadratic, slope) = (try run["Q"], try run["b"])
    let (quartic, steps) = (try run.number("c"), try run.integer("steps"))
    let x = Parameter(try run["x0"].value)
    func f() -> Variable {
      let p = x.wrappedValue, row = p.reshaped(to: [1, -1])
      let squares = 0.5 * (matmul(row, quadratic) * row).sum()
      return squares - (slope * p).sum() + Variable(quartic / 4) * square(square(p)).sum()
    }
    var points = [x.value], values = [f().value]
    for _ in 0..<steps {
      let gradients = valueWithGradients(f).gradients
      optimizer.update([("x", x)], with: gradients)
      points.append(x.value)
      values.append(f().value)
    }
    return ["x": .values(Variable(stack(points))), "f": .values(Variable(stack(values)))]
  }
}
