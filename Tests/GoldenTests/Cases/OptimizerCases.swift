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
    .outputs("amsgrad") { run in
      try trajectory(
        run,
        AMSGrad(
          learningRate: run.number("lr"), beta1: run.number("beta1"), beta2: run.number("beta2"),
          epsilon: run.number("eps")))
    },
    .outputs("adamax") { run in
      try trajectory(
        run,
        Adamax(
          learningRate: run.number("lr"), beta1: run.number("beta1"), beta2: run.number("beta2"),
          epsilon: run.number("eps")))
    },
    .outputs("adagrad", "adagrad_decay") { run in
      try trajectory(
        run,
        Adagrad(
          learningRate: run.number("lr"), rateDecay: run.number("lr_decay", default: 0), epsilon: run.number("eps")))
    },
    .outputs("adadelta") { run in
      try trajectory(
        run, Adadelta(learningRate: run.number("lr"), rho: run.number("rho"), epsilon: run.number("eps")))
    },
    .outputs("rmsprop", "rmsprop_momentum") { try trajectory($0, rmsprop($0, centred: false)) },
    .outputs("rmsprop_centered") { try trajectory($0, rmsprop($0, centred: true)) },
    .outputs("clip_by_norm") { run in
      let parameters = [Parameter(try run["g0"].value), Parameter(try run["g1"].value)]
      let gradients = Gradients(of: parameters.map { ($0, $0.wrappedValue) })
      let clipped = gradients.clipped(toNorm: try run.number("limit"))
      return [
        "norm": .values(Variable(Tensor(gradients.norm(), dtype: run.dtype))),
        "clipped0": .values(clipped[parameters[0]]), "clipped1": .values(clipped[parameters[1]]),
      ]
    },
    .outputs("clip_by_value") { run in
      let (parameter, limit) = (Parameter(try run["g0"].value), try run.number("limit"))
      let clipped = Gradients(of: [(parameter, parameter.wrappedValue)]).clipped(to: -limit...limit)
      return ["clipped0": .values(clipped[parameter])]
    },
    .outputs("schedule_cosine") { run in
      try rates(
        run, .cosine(from: run.number("lr0"), to: run.number("minimum"), over: run.integer("period")))
    },
    .outputs("schedule_exponential") { try rates($0, .exponential($0.number("lr0"), factor: $0.number("gamma"))) },
    .outputs("schedule_linear_warmup") { run in
      try rates(run, Schedule.constant(run.number("lr0")).warmingUp(over: run.integer("warmup")))
    },
    .outputs("schedule_polynomial") { run in
      try rates(
        run, .polynomial(from: run.number("lr0"), over: run.integer("period"), power: run.number("power")))
    },
    .outputs("schedule_step") { run in
      try rates(run, .step(run.number("lr0"), every: run.integer("period"), factor: run.number("gamma")))
    },
  ]

  /// The learning rates of the first twenty steps.
  private static func rates(_ run: CaseRun, _ schedule: Schedule) -> [String: CaseOutput] {
    ["lr": .values(Variable(Tensor((0..<20).map { schedule($0) }, dtype: run.dtype)))]
  }

  private static func rmsprop(_ run: CaseRun, centred: Bool) throws -> RMSprop {
    try RMSprop(
      learningRate: run.number("lr"), alpha: run.number("alpha"), epsilon: run.number("eps"),
      momentum: run.number("momentum", default: 0), centred: centred)
  }

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
