/// Changes parameters along their gradients.
///
///     let (loss, gradients) = valueWithGradients { … }
///     optimizer.update(model, with: gradients)
///
/// An optimizer keeps what it needs for each parameter from one update to the next. A parameter that the loss does not depend
/// on is left alone.
public protocol Optimizer: AnyObject {
  /// The step size.
  var learningRate: Double { get set }

  /// Changes one parameter.
  ///
  /// - Parameters:
  ///   - parameter: The parameter.
  ///   - gradient: Its gradient, of the same shape and element type.
  func update(_ parameter: Parameter, with gradient: Tensor)
}

extension Optimizer {
  /// Changes every parameter of a model.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - gradients: The gradients of a loss.
  public func update(_ model: some Layer, with gradients: Gradients) { update(model.parameters, with: gradients) }

  /// Changes parameters.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, as ``Layer/parameters`` lists them.
  ///   - gradients: The gradients of a loss.
  public func update(_ parameters: [(path: String, parameter: Parameter)], with gradients: Gradients) {
    for (_, parameter) in parameters {
      if let gradient = gradients.find(parameter) { update(parameter, with: gradient.value) }
    }
  }
}

/// What an optimizer remembers for each parameter.
struct ParameterStates<State> {
  private var states: [ObjectIdentifier: (parameter: Parameter, state: State)] = [:]

  /// The state of a parameter, made at its first update.
  subscript(parameter: Parameter, default make: @autoclosure () -> State) -> State {
    get { states[ObjectIdentifier(parameter)]?.state ?? make() }
    _modify {
      let id = ObjectIdentifier(parameter)
      var entry = states.removeValue(forKey: id) ?? (parameter, make())
      defer { states[id] = entry }
      yield &entry.state
    }
  }
}

extension Parameter {
  private var label: String { path.isEmpty ? "the parameter" : path }

  /// Stops the program unless what an optimizer remembers of this parameter still fits its value.
  func requireSame(_ remembered: Tensor) {
    require(
      remembered.count == value.count && remembered.dtype == value.dtype,
      "update: \(label) is \(value.dtype) \(value.shape), but had \(remembered.count) elements of \(remembered.dtype) "
        + "at its first update")
  }

  /// Calls `body` with the element type, the value and the gradient, ready for a kernel that updates in place.
  func updateInPlace(
    with gradient: Tensor, _ body: (DType, UnsafeMutableRawPointer, UnsafeRawPointer, Int) -> Void
  ) {
    require(
      gradient.shape == value.shape && gradient.dtype == value.dtype,
      "update: \(label) is \(value.dtype) \(value.shape), its gradient \(gradient.dtype) \(gradient.shape)")
    if value.isScalar {
      let scalar = value
      value = Tensor(shape: [], dtype: scalar.dtype) { result in
        scalar.withPointer { result.copyMemory(from: $0, byteCount: scalar.dtype.byteCount) }
        gradient.withPointer { body(scalar.dtype, result, $0, 1) }
      }
    } else {
      body(value.dtype, value.uniquePointer(), gradient.pointer, value.count)
    }
  }
}
