import AdjointKernels

/// Exponential moving averages of a model's weights, which often do better in evaluation than the weights themselves.
///
///     a ← a + (1 − d) (p − a)          after every update; d: decay, a: the weights p at first
///
///     var average = MovingAverage(of: model, decay: 0.999)
///     …
///     optimizer.update(model, with: gradients)
///     average.update()
///     …
///     let accuracy = try average.applied { try accuracy(logits: model(x).value, labels) }
///
/// Source: Polyak & Juditsky, *Acceleration of Stochastic Approximation by Averaging*, SIAM Journal on Control and Optimization 1992;
/// with the warm-up of TensorFlow's `ExponentialMovingAverage`.
public struct MovingAverage: Resumable {
  private let parameters: [(path: String, parameter: Parameter)]
  private let decay: Double
  private let warmsUp: Bool
  /// The averages, in the order of the model's parameters.
  public private(set) var values: [Tensor]
  /// How many times the weights have been taken in.
  public private(set) var updates = 0

  /// Creates averages that start with the weights as they are.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - decay: The decay d, in 0 ..< 1.
  ///   - warmsUp: Whether update number t uses min(d, (1 + t) / (10 + t)), so that the first weights are soon forgotten.
  public init(of model: some Layer, decay: Double, warmsUp: Bool = false) {
    require(decay >= 0 && decay < 1, "MovingAverage: the decay \(decay) is outside 0 ..< 1")
    (parameters, self.decay, self.warmsUp) = (model.parameters, decay, warmsUp)
    values = parameters.map(\.parameter.value)
  }

  /// Takes the present weights in: one pass over memory for each parameter.
  public mutating func update() {
    updates += 1
    let t = Double(updates)
    var settings = adjoint_moving_average(weight: 1 - (warmsUp ? Swift.min(decay, (1 + t) / (10 + t)) : decay))
    for (i, (path, parameter)) in parameters.enumerated() {
      let value = parameter.value
      require(
        value.shape == values[i].shape && value.dtype == values[i].dtype,
        "MovingAverage: \(path) is \(value.dtype) \(value.shape), but was \(values[i].dtype) \(values[i].shape)")
      if value.isScalar {
        values[i] = values[i] + Tensor(settings.weight, dtype: value.dtype) * (value - values[i])
      } else {
        adjoint_moving_average_step(
          value.dtype.kernel, values[i].uniquePointer(), value.pointer, [], &settings, value.count)
      }
    }
  }

  /// Runs `body` while the model has the averages as its weights.
  ///
  /// - Parameter body: Evaluates the model; it must not train it.
  /// - Returns: What `body` returns; the weights are put back.
  public func applied<Result>(_ body: () throws -> Result) rethrows -> Result {
    let weights = parameters.map(\.parameter.value)
    defer { set(weights) }
    set(values)
    return try body()
  }

  private func set(_ values: [Tensor]) {
    for ((_, parameter), value) in zip(parameters, values) { parameter.value = value }
  }

  /// The averages by path and the number of updates.
  public var state: TrainingState {
    TrainingState(
      tensors: Dictionary(uniqueKeysWithValues: zip(parameters.map(\.path), values)), counters: ["updates": updates])
  }

  /// Goes back to saved averages.
  public mutating func restore(_ state: TrainingState) throws(TrainingStateError) {
    var state = state, restored: [Tensor] = []
    for ((path, _), value) in zip(parameters, values) {
      restored.append(try state.takeTensor(path, value.shape, value.dtype))
    }
    let updates = try state.takeCounter("updates", in: 0...Int.max)
    try state.requireEmpty()
    (values, self.updates) = (restored, updates)
  }
}
