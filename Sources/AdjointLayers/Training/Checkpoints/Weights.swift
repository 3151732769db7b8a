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
  /// The values of all parameters by path.
  ///
  ///     try Safetensors(model.weights).write(to: "model.safetensors")
  public var weights: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.path, $0.parameter.value) })
  }

  /// Gives the parameters new values: all of them, or none if an error is thrown.
  ///
  ///     try model.load(Safetensors(file: "model.safetensors").tensors)
  ///
  /// - Parameters:
  ///   - weights: A value of the same shape and element type for every path, and nothing else.
  ///   - strict: False to leave parameters that are missing as they are, to ignore values that no parameter has the path
  ///     of, and to convert element types. Another shape is an error in any case.
  /// - Returns: What was missing or unexpected and has been ignored.
  /// - Throws: ``StateMismatch`` with all that does not fit.
  @discardableResult
  public func load(_ weights: [String: Tensor], strict: Bool = true) throws(StateMismatch) -> [TrainingStateError] {
    let (ignored, problems) = load(weights, strict: strict)
    if !problems.isEmpty { throw StateMismatch(problems: problems) }
    return ignored
  }

  /// Loads weights if nothing is wrong with them, and says what is ignored and what is wrong.
  func load(
    _ weights: [String: Tensor], strict: Bool
  ) -> (ignored: [TrainingStateError], problems: [TrainingStateError]) {
    var missing: [TrainingStateError] = [], misfits: [TrainingStateError] = []
    var values: [(Parameter, Tensor)] = []
    var left = Set(weights.keys)
    for (path, parameter) in parameters {
      left.remove(path)
      guard let value = weights[path] else {
        missing.append(.missing(name: path))
        continue
      }
      let current = parameter.value
      if value.shape != current.shape || strict && value.dtype != current.dtype {
        misfits.append(
          .mismatch(
            name: path, found: "\(value.dtype) \(value.shape)", expected: "\(current.dtype) \(current.shape)"))
      }
      values.append((parameter, value.converted(to: current.dtype)))
    }
    missing += left.sorted().map { .unexpected(name: $0) }
    let problems = strict ? missing + misfits : misfits
    if problems.isEmpty {
      for (parameter, value) in values { parameter.value = value }
    }
    return (strict ? [] : missing, problems)
  }
}
