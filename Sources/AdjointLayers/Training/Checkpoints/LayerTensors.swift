/// Everything about a state that does not fit what it is loaded into.
public struct StateMismatch: Error, Equatable, CustomStringConvertible {
  /// What is missing, unexpected or of another shape or element type, by path.
  public let problems: [TrainingStateError]

  /// The problems, at most twenty of them.
  public var description: String {
    let rest = problems.count > 20 ? ["and \(problems.count - 20) more"] : []
    return (problems.prefix(20).map(\.description) + rest).joined(separator: "; ")
  }
}

extension Layer {
  /// The values of all parameters and buffers by path: what has to be saved of a layer.
  ///
  ///     try Safetensors(model.tensors).write(to: "model.safetensors")
  public var tensors: [String: Tensor] {
    let values = parameters.map { ($0.path, $0.parameter.value) } + buffers.map { ($0.path, $0.buffer.value) }
    return Dictionary(uniqueKeysWithValues: values)
  }

  /// Gives the parameters and buffers new values: all of them, or none if an error is thrown.
  ///
  ///     try model.load(Safetensors(file: "model.safetensors").tensors)
  ///
  /// - Parameters:
  ///   - tensors: A value of the same shape and element type for every path, and nothing else.
  ///   - strict: False to leave what is missing as it is, to ignore values that nothing has the path of, and to convert element types. Another shape is an error in any case.
  /// - Returns: What was missing or unexpected and has been ignored.
  /// - Throws: ``StateMismatch`` with all that does not fit.
  @discardableResult
  public func load(_ tensors: [String: Tensor], strict: Bool = true) throws(StateMismatch) -> [TrainingStateError] {
    let (ignored, problems) = load(tensors, strict: strict)
    if !problems.isEmpty { throw StateMismatch(problems: problems) }
    return ignored
  }

  /// Loads tensors if nothing is wrong with them, and says what is ignored and what is wrong.
  func load(
    _ tensors: [String: Tensor], strict: Bool
  ) -> (ignored: [TrainingStateError], problems: [TrainingStateError]) {
    var missing: [TrainingStateError] = [], misfits: [TrainingStateError] = []
    var setters: [() -> Void] = []
    var left = Set(tensors.keys)
    func load(_ path: String, _ current: Tensor, _ set: @escaping (Tensor) -> Void) {
      left.remove(path)
      guard let value = tensors[path] else {
        missing.append(.missing(name: path))
        return
      }
      if value.shape != current.shape || strict && value.dtype != current.dtype {
        misfits.append(
          .mismatch(
            name: path, found: "\(value.dtype) \(value.shape)", expected: "\(current.dtype) \(current.shape)"))
      }
      setters.append { set(value.converted(to: current.dtype)) }
    }
    for (path, parameter) in parameters { load(path, parameter.value) { parameter.value = $0 } }
    for (path, buffer) in buffers { load(path, buffer.value) { buffer.value = $0 } }
    missing += left.sorted().map { .unexpected(name: $0) }
    let problems = strict ? missing + misfits : misfits
    if problems.isEmpty {
      for set in setters { set() }
    }
    return (strict ? [] : missing, problems)
  }
}
