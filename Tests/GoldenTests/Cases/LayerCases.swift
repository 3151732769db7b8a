import Adjoint

extension CaseTable {
  /// Layers, and how weights start.
  static let layers: [CaseRow] = [
    CaseRow("mlp") { run in
      let mlp = MLP([3, 5, 2], key: RandomKey(seed: 0))
      for (layer, number) in zip(mlp.layers, 1...) {
        try run.bind(layer.$weight, to: "W\(number)", isTransposed: true)
        if let bias = layer.bias { try run.bind(bias, to: "b\(number)") }
      }
      return try run.tape.recording { mlp(try run["x"]) }
    },
    CaseRow("layer_norm") { run in
      let x = try run["x"], layer = LayerNorm(x.shape[1], epsilon: try run.number("eps"))
      try run.bind(layer.$weight, to: "weight")
      try run.bind(layer.$bias, to: "bias")
      return run.tape.recording { layer(x) }
    },
    .outputs("batch_norm_train") { run in
      let x = try run["x"]
      let layer = BatchNorm(x.shape[1], momentum: try run.number("momentum"), epsilon: try run.number("eps"))
      try run.bind(layer.$weight, to: "weight")
      try run.bind(layer.$bias, to: "bias")
      let row: Shape = [x.shape[1]]
      layer.runningMean.value = Tensor(repeating: try run.number("running_mean_start"), shape: row)
      layer.runningVariance.value = Tensor(repeating: try run.number("running_variance_start"), shape: row)
      let y = run.tape.recording { layer(x, isTraining: true) }
      return [
        "y": .values(y), "running_mean": .values(Variable(layer.runningMean.value)),
        "running_variance": .values(Variable(layer.runningVariance.value)),
      ]
    },
    CaseRow("batch_norm_eval") { run in
      let x = try run["x"], layer = BatchNorm(x.shape[1], epsilon: try run.number("eps"))
      try run.bind(layer.$weight, to: "weight")
      try run.bind(layer.$bias, to: "bias")
      layer.runningMean.value = try run["running_mean"].value
      layer.runningVariance.value = try run["running_variance"].value
      return run.tape.recording { layer(x) }
    },
    CaseRow("dropout_mask") { run in
      try run["x"] * run["mask"] / Variable(1 - run.number("p"))
    },
    CaseRow("conv2d", "conv2d_same", "conv2d_stride2", "conv2d_valid") { run in
      try conv2d(
        run["x"], run.parameter("weight").transposed([2, 3, 1, 0]), bias: run.parameter("bias"),
        stride: Size2D(run.integer("stride")), padding: Size2D(run.integer("padding")))
    },
    CaseRow("max_pool2d") { MaxPool2D(2)(try $0["x"]) },
    CaseRow("avg_pool2d") { AveragePool2D(2)(try $0["x"]) },
    .outputs("glorot_he") { run in
      for row in run.optional("rows")?.array ?? [] { try checkInitializers(run, row) }
      return [:]
    },
  ]

  /// Compares bounds and deviations with those of a row of the table: a drawn weight is the same draw of the interval ±1, or of a standard
  /// deviation of 1, times a factor.
  private static func checkInitializers(_ run: CaseRun, _ row: JSON) throws {
    guard let fields = row.object, let shape = fields["shape"]?.integers, let name = fields["nonlinearity"]?.string
    else {
      throw CaseError.malformed("a row of the table has no shape or nonlinearity")
    }
    let kinds: [String: Nonlinearity] = [
      "linear": .linear, "relu": .relu, "tanh": .tanh, "leaky_relu_0.2": .leakyReLU(slope: 0.2),
    ]
    guard let kind = kinds[name] else { throw CaseError.unsupported("nonlinearity \(name)") }
    // [out, in, window...] as [window..., in, out].
    let weight = Shape(shape.dropFirst(2) + [shape[1], shape[0]])
    let fans = Initializer.fans(weight), key = RandomKey(seed: 1)
    func factor(_ initializer: Initializer, _ plain: Initializer) -> Double {
      let drawn = initializer(weight, key: key, dtype: .float64).scalars(as: Double.self)
      let unit = plain(weight, key: key, dtype: .float64).scalars(as: Double.self)
      let largest = unit.indices.max { unit[$0].magnitude < unit[$1].magnitude } ?? 0
      return drawn[largest] / unit[largest]
    }
    let found: [String: Double] = [
      "fan_in": Double(fans.inputs), "fan_out": Double(fans.outputs), "gain": kind.gain,
      "glorot_uniform_bound": factor(.glorotUniform(gain: kind.gain), .uniform(-1, 1)),
      "glorot_normal_std": factor(.glorotNormal(gain: kind.gain), .normal()),
      "he_uniform_bound_fan_in": factor(.heUniform(gain: kind.gain), .uniform(-1, 1)),
      "he_normal_std_fan_in": factor(.heNormal(gain: kind.gain), .normal()),
      "he_uniform_bound_fan_out": factor(.heUniform(gain: kind.gain, fan: .outputs), .uniform(-1, 1)),
      "he_normal_std_fan_out": factor(.heNormal(gain: kind.gain, fan: .outputs), .normal()),
    ]
    for (field, value) in fields where field != "shape" && field != "nonlinearity" {
      guard let golden = value.number, let computed = found[field] else {
        throw CaseError.unsupported("field \(field) of the table")
      }
      if !agrees(computed, golden, Tolerance(relative: 1e-12, absolute: 0)) {
        run.problems.append("\(field) of \(shape) before \(name): \(computed), golden \(golden)")
      }
    }
  }
}
