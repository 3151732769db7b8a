/// Stops training when a watched number no longer improves, and keeps the weights that were best.
///
///     var stopping = EarlyStopping(model, patience: 10)
///     for epoch in 0..<1000 {
///       …
///       if stopping.shouldStop(after: validationLoss) { break }
///     }
///     stopping.restoreBestWeights()
///
/// The best weights are kept without a copy until the next update changes the model's own.
///
/// Source: Prechelt, *Early Stopping — But When?*, in *Neural Networks: Tricks of the Trade*, 1998, criterion UP.
public struct EarlyStopping: Resumable {
  private let parameters: [(path: String, parameter: Parameter)]
  private let patience: Int
  private var improvement: Improvement
  private var weights: [Tensor] = []

  /// Creates a watch over a model.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - patience: After how many numbers in a row without improvement training should stop, at least 1.
  ///   - minimumChange: An improvement is larger than this.
  ///   - goal: Whether the number should become small or large.
  public init(_ model: some Layer, patience: Int, minimumChange: Double = 0, goal: Goal = .smallest) {
    (parameters, self.patience) = (model.parameters, patience)
    improvement = Improvement("EarlyStopping", goal, minimumChange: minimumChange, patience: patience)
  }

  /// The best number so far; nil before the first.
  public var best: Double? { improvement.best }

  /// Takes a number in, usually the validation loss of an epoch, and keeps the weights if it is the best.
  ///
  /// - Parameter value: The number; NaN is never an improvement.
  /// - Returns: Whether training should stop.
  public mutating func shouldStop(after value: Double) -> Bool {
    if improvement.isBetter(value) { weights = parameters.map(\.parameter.value) }
    return improvement.waiting >= patience
  }

  /// Gives the model the weights that it had at the best number. Before the first number, nothing happens.
  public func restoreBestWeights() {
    for ((_, parameter), value) in zip(parameters, weights) { parameter.value = value }
  }

  /// The best number, the best weights by path after `weights.`, and the count since then.
  public var state: TrainingState {
    var state = TrainingState()
    improvement.save(into: &state)
    for ((path, _), value) in zip(parameters, weights) { state.tensors["weights.\(path)"] = value }
    return state
  }

  /// Goes back to a saved state; the model's own weights stay.
  public mutating func restore(_ state: TrainingState) throws(TrainingStateError) {
    var state = state, restored = self
    try restored.improvement.take(from: &state)
    restored.weights = []
    if restored.best != nil {
      for (path, parameter) in parameters {
        let value = try state.takeTensor("weights.\(path)", parameter.value.shape, parameter.value.dtype)
        restored.weights.append(value)
      }
    }
    try state.requireEmpty()
    self = restored
  }
}
