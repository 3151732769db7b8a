/// Changes parameters along their gradients.
///
///     let (loss, gradients) = valueWithGradients { … }
///     optimizer.update(model, with: gradients)
///
/// An optimizer keeps what it needs of each parameter from one update to the next in ``states``. A parameter that the loss does
/// not depend on is left alone.
///
/// A conforming type writes one update of one parameter. Everything else, saving and restoring included, follows:
///
///     final class HeavyBall: Optimizer {
///       var learningRate = 0.01
///       var states = ParameterStates("velocity")
///
///       func update(_ parameter: Parameter, with gradient: Tensor) {
///         states.update(parameter, with: gradient) { state in
///           state.tensors[0] = 0.9 * state.tensors[0] + gradient
///           parameter.value = parameter.value - Tensor(floatLiteral: learningRate) * state.tensors[0]
///         }
///       }
///     }
public protocol Optimizer: AnyObject {
  /// The step size.
  var learningRate: Double { get set }

  /// What is remembered of each parameter.
  var states: ParameterStates { get set }

  /// Changes one parameter.
  ///
  /// - Parameters:
  ///   - parameter: The parameter.
  ///   - gradient: Its gradient, of the same shape and element type.
  func update(_ parameter: Parameter, with gradient: Tensor)

  /// Changes some rows of a parameter, whose gradient is zero in all others.
  ///
  /// - Parameters:
  ///   - parameter: A parameter of shape `[N, ...]`.
  ///   - rows: Distinct rows of it.
  ///   - gradient: `[rows.count, ...]`: the sum of the gradients of each row.
  func update(_ parameter: Parameter, rows: IndexArray, with gradient: Tensor)

  /// Changes parameters.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, as ``Layer/parameters`` lists them.
  ///   - gradients: The gradients of a loss.
  func update(_ parameters: [(path: String, parameter: Parameter)], with gradients: Gradients)

  /// What has to be saved for training to go on bit for bit: the learning rate and what is remembered of the parameters, by path.
  ///
  /// - Parameter parameters: The parameters, as ``Layer/parameters`` lists them.
  /// - Returns: The tensors `path.name` for every name in ``states``, the counters `path.updates`, and `learningRate`.
  func state(of parameters: [(path: String, parameter: Parameter)]) -> TrainingState

  /// Goes back to a saved state.
  ///
  /// - Parameters:
  ///   - state: What ``state(of:)`` gave, of an optimizer with the same settings.
  ///   - parameters: Parameters with the same paths, shapes and element types.
  /// - Throws: ``TrainingStateError`` if the state does not fit; nothing has changed then.
  func restore(_ state: TrainingState, to parameters: [(path: String, parameter: Parameter)]) throws(TrainingStateError)
}

extension Optimizer {
  /// Changes every parameter of a model.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - gradients: The gradients of a loss.
  public func update(_ model: some Layer, with gradients: Gradients) { update(model.parameters, with: gradients) }

  /// Changes parameters.
  public func update(_ parameters: [(path: String, parameter: Parameter)], with gradients: Gradients) {
    for (_, parameter) in parameters {
      if parameter.isTable, let rows = gradients.rows(of: parameter) {
        update(parameter, rows: rows.rows, with: rows.values)
      } else if let gradient = gradients.find(parameter) {
        update(parameter, with: gradient.value)
      }
    }
  }

  /// The learning rate and what is remembered of the parameters.
  public func state(of parameters: [(path: String, parameter: Parameter)]) -> TrainingState {
    var state = states.state(of: parameters)
    state.tensors["learningRate"] = Tensor(learningRate, dtype: .float64)
    return state
  }

  /// Goes back to a saved state.
  public func restore(
    _ state: TrainingState, to parameters: [(path: String, parameter: Parameter)]
  ) throws(TrainingStateError) {
    var (state, restored) = (state, states)
    let rate = try state.takeNumber("learningRate")
    try restored.take(from: &state, for: parameters)
    try state.requireEmpty()
    (learningRate, states) = (rate, restored)
  }
}
