import Adjoint

/// One case in one element type: its inputs as variables, what has been read of it, and its gradients.
///
/// Whatever a row does not read may change what is computed, so a case with something unread is unsupported.
final class CaseRun {
  let golden: GoldenCase
  let dtype: DType
  let tape = Tape()
  /// What a row has found wrong by itself.
  var problems: [String] = []

  private var inputs: [String: Variable] = [:], parameters: [String: Variable] = [:]
  private var bound: [String: (parameters: [Parameter], isTransposed: Bool)] = [:]
  private var readers: [String: (Gradients) -> Tensor] = [:]
  private var unread: Set<String>

  init(_ golden: GoldenCase, _ dtype: DType) {
    (self.golden, self.dtype) = (golden, dtype)
    unread = Set(
      golden.inputs.keys.map { "input \($0)" } + golden.parameters.keys.map { "parameter \($0)" }
        + golden.attributes.keys.map { "attribute \($0)" })
    // Only what gradients are given for is recorded.
    func variables(_ tensors: [String: GoldenTensor], _ gradients: [String: GoldenTensor]?) -> [String: Variable] {
      Dictionary(
        uniqueKeysWithValues: tensors.sorted { $0.key < $1.key }.map { name, golden in
          let value = tensor(golden)
          return (name, gradients?[name] == nil ? Variable(value) : tape.variable(value, named: name))
        })
    }
    inputs = variables(golden.inputs, golden.gradients?.inputs)
    parameters = variables(golden.parameters, golden.gradients?.parameters)
  }

  var tolerance: Tolerance { golden.tolerances[dtype] ?? Tolerance(relative: 0, absolute: 0) }

  /// A golden tensor in the element type of this run.
  func tensor(_ golden: GoldenTensor) -> Tensor { Tensor(golden.values, shape: Shape(golden.shape), dtype: dtype) }

  /// Runs the row and compares.
  ///
  /// - Returns: What is wrong; nothing if the case passes.
  func differences(of row: CaseRow) throws -> [String] {
    let outputs = try withDefaultDType(dtype) { try row.run(self) }
    guard unread.isEmpty else {
      throw CaseError.unsupported("no row reads \(unread.sorted().joined(separator: ", "))")
    }
    let found = outputs.mapValues(\.computed)
    problems += GoldenTests.differences("output", found, golden.outputs, tolerance)
    if let expected = golden.gradients, problems.isEmpty {
      let (inputs, parameters) = gradients(of: outputs, expected)
      problems += GoldenTests.differences("gradient of input", inputs, expected.inputs, tolerance)
      problems += GoldenTests.differences("gradient of parameter", parameters, expected.parameters, tolerance)
    }
    return problems.map { "\(golden.name) in \(dtype): \($0)" }
  }
}

// MARK: Reading

extension CaseRun {
  /// An input as a variable.
  subscript(name: String) -> Variable {
    get throws {
      unread.remove("input \(name)")
      guard let input = inputs[name] else { throw CaseError.malformed("input \(name) is missing") }
      return input
    }
  }

  /// A parameter as a variable.
  func parameter(_ name: String) throws -> Variable {
    unread.remove("parameter \(name)")
    guard let parameter = parameters[name] else { throw CaseError.malformed("parameter \(name) is missing") }
    return parameter
  }

  /// Puts a golden parameter into a layer's; a weight [out, in] becomes [inputs, outputs], axes of extent 1 may go.
  func bind(_ parameter: Parameter, to name: String, isTransposed: Bool = false) throws {
    let value = try self.parameter(name).value
    parameter.value = isTransposed ? value.transposed() : value.reshaped(to: Array(parameter.value.shape))
    bound[name] = ([parameter], isTransposed)
  }

  /// Puts the rows of a golden parameter into a layer's parameters.
  func bind(_ parameters: [Parameter], to name: String) throws {
    let value = try self.parameter(name).value
    for (position, parameter) in parameters.enumerated() {
      parameter.value = value.rows(position..<position + 1).reshaped(to: Array(parameter.value.shape))
    }
    bound[name] = (parameters, false)
  }

  /// Says how the gradient of a golden parameter is read off those of the layer's parameters that its value went into.
  func bind(_ name: String, gradient: @escaping (Gradients) -> Tensor) { readers[name] = gradient }

  /// Whether there is such an input.
  func hasInput(_ name: String) -> Bool { golden.inputs[name] != nil }

  /// An integer input, flattened, each number in `0 ..< limit`.
  func indices(_ name: String, below limit: Int) throws -> IndexArray {
    unread.remove("input \(name)")
    guard let input = golden.inputs[name], input.kind == .int64 else {
      throw CaseError.malformed("input \(name) is missing or holds no integers")
    }
    let values = input.values.map { Int($0) }
    if let outside = values.first(where: { $0 < 0 || $0 >= limit }) {
      throw CaseError.malformed("input \(name): \(outside) is outside 0 ..< \(limit)")
    }
    return IndexArray(values)
  }

  /// The shape of an input.
  func shape(of name: String) throws -> [Int] {
    guard let input = golden.inputs[name] else { throw CaseError.malformed("input \(name) is missing") }
    return input.shape
  }

  /// An attribute, if there is one.
  func optional(_ name: String) -> JSON? {
    unread.remove("attribute \(name)")
    return golden.attributes[name]
  }

  /// An attribute that is a number.
  func number(_ name: String, default fallback: Double? = nil) throws -> Double {
    if let value = optional(name)?.number { return value }
    guard golden.attributes[name] == nil, let fallback else { throw wrongAttribute(name, "number") }
    return fallback
  }

  /// An attribute that is an integer.
  func integer(_ name: String) throws -> Int {
    guard let value = optional(name)?.integer else { throw wrongAttribute(name, "integer") }
    return value
  }

  /// An attribute that is an array of integers.
  func integers(_ name: String) throws -> [Int] {
    guard let values = optional(name)?.integers else { throw wrongAttribute(name, "array of integers") }
    return values
  }

  /// An attribute that is true or false; false if left out.
  func flag(_ name: String) throws -> Bool {
    guard let json = optional(name) else { return false }
    guard let value = json.bool else { throw wrongAttribute(name, "truth value") }
    return value
  }

  /// An attribute that is a text.
  func text(_ name: String) throws -> String {
    guard let value = optional(name)?.string else { throw wrongAttribute(name, "text") }
    return value
  }

  private func wrongAttribute(_ name: String, _ kind: String) -> CaseError {
    .malformed("attribute \(name) is missing or is no \(kind)")
  }
}

// MARK: Gradients

extension CaseRun {
  /// The gradients of Σ output · cotangent.
  private func gradients(
    of outputs: [String: CaseOutput], _ expected: GoldenCase.Gradients
  ) -> (inputs: [String: Computed], parameters: [String: Computed]) {
    let terms: [(output: Variable, cotangent: Variable)] = expected.cotangents.sorted { $0.key < $1.key }.compactMap {
      guard case .values(let output)? = outputs[$0.key], output.isRecorded else { return nil }
      return (output, Variable(tensor($0.value)))
    }
    var found: Gradients?
    if terms.count == 1 {
      found = terms[0].output.gradients(seed: terms[0].cotangent)
    } else if let first = terms.first {
      let total = terms.dropFirst().reduce((first.output * first.cotangent).sum()) {
        $0 + ($1.output * $1.cotangent).sum()
      }
      found = total.gradients()
    }
    func computed(_ variable: Variable) -> Computed {
      Computed(found?[variable].value ?? Tensor(zeros: variable.shape, dtype: variable.dtype))
    }
    let ofInputs = inputs.filter { expected.inputs[$0.key] != nil }.mapValues(computed)
    var ofParameters = parameters.filter { expected.parameters[$0.key] != nil }.mapValues(computed)
    for (name, layer) in bound {
      let gradients = layer.parameters.map { found?[$0].value ?? Tensor(zeros: $0.value.shape, dtype: dtype) }
      let gradient = gradients.count == 1 ? gradients[0] : stack(gradients)
      let shape = golden.parameters[name]?.shape ?? Array(gradient.shape)
      ofParameters[name] = Computed(layer.isTransposed ? gradient.transposed() : gradient.reshaped(to: shape))
    }
    for (name, reader) in readers { ofParameters[name] = found.map { Computed(reader($0)) } }
    return (ofInputs, ofParameters)
  }
}
