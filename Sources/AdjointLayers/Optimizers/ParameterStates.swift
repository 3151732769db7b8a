/// What an optimizer remembers of each parameter: tensors of the parameter's shape, and the number of its updates.
///
/// An optimizer names its tensors once, `ParameterStates("firstMoment", "secondMoment")`; those of a parameter start as zeros at its
/// first update.
public struct ParameterStates {
  /// What is remembered of one parameter.
  public struct Entry {
    /// The number of updates so far, the present one included.
    public internal(set) var updates = 0
    /// The tensors, in the order of their names.
    public var tensors: [Tensor]
  }

  /// The names of the tensors.
  public let names: [String]
  private var entries: [ObjectIdentifier: (parameter: Parameter, entry: Entry)] = [:]

  /// Creates an empty memory.
  ///
  /// - Parameter names: The names of the tensors that are kept of each parameter.
  public init(_ names: String...) { self.names = names }

  init(names: [String]) { self.names = names }

  /// What is remembered of a parameter; nil before its first update.
  public internal(set) subscript(parameter: Parameter) -> Entry? {
    get { entries[ObjectIdentifier(parameter)]?.entry }
    set { entries[ObjectIdentifier(parameter)] = newValue.map { (parameter, $0) } }
  }

  /// Counts an update of a parameter and lets `body` change what is remembered of it.
  ///
  /// A gradient of another shape or element type than the parameter's, or a parameter that has changed its own since its first
  /// update, stops the program.
  ///
  /// - Parameters:
  ///   - parameter: The parameter.
  ///   - gradient: Its gradient.
  ///   - body: Changes the tensors, and the parameter.
  public mutating func update(_ parameter: Parameter, with gradient: Tensor, _ body: (inout Entry) -> Void) {
    let (shape, dtype) = (parameter.value.shape, parameter.value.dtype)
    require(
      gradient.shape == shape && gradient.dtype == dtype,
      "update: \(parameter.label) is \(dtype) \(shape), its gradient \(gradient.dtype) \(gradient.shape)")
    // Taken out of the dictionary, so that nothing else shares its tensors.
    var entry =
      entries.removeValue(forKey: ObjectIdentifier(parameter))?.entry
      ?? Entry(tensors: names.map { _ in Tensor(zeros: shape, dtype: dtype) })
    for tensor in entry.tensors {
      require(
        tensor.shape == shape && tensor.dtype == dtype,
        "update: \(parameter.label) is \(dtype) \(shape), but was \(tensor.dtype) \(tensor.shape) at its first update")
    }
    entry.updates += 1
    body(&entry)
    entries[ObjectIdentifier(parameter)] = (parameter, entry)
  }
}

extension Parameter {
  fileprivate var label: String { path.isEmpty ? "the parameter" : path }
}

// MARK: Saving

extension ParameterStates {
  /// The tensors as `path.name` and the number of updates as `path.updates`, of those parameters that have been updated.
  func state(of parameters: [(path: String, parameter: Parameter)]) -> TrainingState {
    var state = TrainingState()
    for (path, parameter) in parameters {
      guard let entry = self[parameter] else { continue }
      for (name, tensor) in zip(names, entry.tensors) { state.tensors["\(path).\(name)"] = tensor }
      state.counters["\(path).updates"] = entry.updates
    }
    return state
  }

  /// Takes what `state(of:)` gave out of a state. Parameters that it does not mention start anew.
  mutating func take(
    from state: inout TrainingState, for parameters: [(path: String, parameter: Parameter)]
  ) throws(TrainingStateError) {
    var restored = self
    for (path, parameter) in parameters {
      restored[parameter] = nil
      guard state.counters["\(path).updates"] != nil else { continue }
      var entry = Entry(updates: try state.takeCounter("\(path).updates", in: 1...Int.max), tensors: [])
      for name in names {
        entry.tensors.append(
          try state.takeTensor("\(path).\(name)", parameter.value.shape, parameter.value.dtype))
      }
      restored[parameter] = entry
    }
    self = restored
  }
}
