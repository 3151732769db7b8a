/// What a checkpoint saves and loads, part by part; ``Checkpoint`` hands it to the closure that includes them.
///
/// Every part has a name, without a dot, that no other part has.
public struct CheckpointParts {
  enum Purpose {
    case save, check, load
  }

  private let purpose: Purpose
  private let isStrict: Bool
  private var names: Set<String> = []
  private(set) var states: [String: TrainingState]
  private(set) var problems: [TrainingStateError] = []
  private(set) var ignored: [TrainingStateError] = []

  init(_ purpose: Purpose, _ states: [String: TrainingState] = [:], strict: Bool = true) {
    (self.purpose, self.states, isStrict) = (purpose, states, strict)
  }

  /// Includes the weights of a model.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - name: The name of the part.
  public mutating func include(_ model: some Layer, as name: String = "model") {
    var part = ModelPart(model: model)
    include(name, part: &part)
  }

  /// Includes what an optimizer remembers of a model's parameters, and its learning rate.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer.
  ///   - model: The model that it updates.
  ///   - name: The name of the part.
  public mutating func include(_ optimizer: some Optimizer, of model: some Layer, as name: String = "optimizer") {
    var part = OptimizerPart(optimizer: optimizer, parameters: model.parameters)
    include(name, part: &part)
  }

  /// Includes a part that has a state: a data loader, a stream of random keys, early stopping, and so on.
  ///
  /// - Parameters:
  ///   - name: The name of the part.
  ///   - part: The part.
  public mutating func include(_ name: String, _ part: inout some Resumable) {
    var wrapped = ResumablePart(part: part)
    include(name, part: &wrapped)
    part = wrapped.part
  }

  /// Includes a whole number: an epoch, a step.
  ///
  /// - Parameters:
  ///   - name: The name of the part.
  ///   - number: The number.
  public mutating func include(_ name: String, _ number: inout Int) {
    var part = ResumablePart(part: WholeNumber(value: number))
    include(name, part: &part)
    number = part.part.value
  }

  /// Includes numbers: the losses so far, say.
  ///
  /// - Parameters:
  ///   - name: The name of the part.
  ///   - numbers: The numbers.
  public mutating func include(_ name: String, _ numbers: inout [Double]) {
    var part = ResumablePart(part: Numbers(values: numbers))
    include(name, part: &part)
    numbers = part.part.values
  }

  private mutating func include(_ name: String, part: inout some CheckpointPart) {
    require(!name.isEmpty && !name.contains("."), "Checkpoint: \"\(name)\" cannot be the name of a part")
    require(names.insert(name).inserted, "Checkpoint: two parts have the name \"\(name)\"")
    guard purpose != .save else {
      states[name] = part.state
      return
    }
    if !isStrict && states[name] == nil { return ignored.append(.missing(name: name)) }
    let before = part.state
    let (ignored, problems) = part.restore(states[name] ?? TrainingState(), strict: isStrict)
    self.ignored += ignored.map { $0.within(name) }
    self.problems += problems.map { $0.within(name) }
    if purpose == .check && problems.isEmpty { _ = part.restore(before, strict: false) }
  }

  /// What the saved states hold of parts that have not been included.
  func unused() -> [TrainingStateError] {
    states.filter { !names.contains($0.key) }
      .flatMap { part, state in (Array(state.tensors.keys) + Array(state.counters.keys)).map { "\(part).\($0)" } }
      .sorted().map { .unexpected(name: $0) }
  }
}

/// A part that a checkpoint saves and puts back: all of it, or nothing if there is a problem.
private protocol CheckpointPart {
  var state: TrainingState { get }
  mutating func restore(
    _ state: TrainingState, strict: Bool
  ) -> (ignored: [TrainingStateError], problems: [TrainingStateError])
}

private struct ModelPart<Model: Layer>: CheckpointPart {
  let model: Model

  var state: TrainingState { TrainingState(tensors: model.tensors) }

  func restore(
    _ state: TrainingState, strict: Bool
  ) -> (ignored: [TrainingStateError], problems: [TrainingStateError]) {
    let counters: [TrainingStateError] = state.counters.keys.sorted().map { .unexpected(name: $0) }
    if strict && !counters.isEmpty { return ([], counters) }
    let (ignored, problems) = model.load(state.tensors, strict: strict)
    return (ignored + counters, problems)
  }
}

private struct OptimizerPart<Rule: Optimizer>: CheckpointPart {
  let optimizer: Rule
  let parameters: [(path: String, parameter: Parameter)]

  var state: TrainingState { optimizer.state(of: parameters) }

  func restore(
    _ state: TrainingState, strict: Bool
  ) -> (ignored: [TrainingStateError], problems: [TrainingStateError]) {
    do throws(TrainingStateError) {
      try optimizer.restore(state, to: parameters)
      return ([], [])
    } catch {
      return ([], [error])
    }
  }
}

private struct ResumablePart<Part: Resumable>: CheckpointPart {
  var part: Part

  var state: TrainingState { part.state }

  mutating func restore(
    _ state: TrainingState, strict: Bool
  ) -> (ignored: [TrainingStateError], problems: [TrainingStateError]) {
    do throws(TrainingStateError) {
      try part.restore(state)
      return ([], [])
    } catch {
      return ([], [error])
    }
  }
}

private struct WholeNumber: Resumable {
  var value: Int

  var state: TrainingState { TrainingState(counters: ["value": value]) }

  mutating func restore(_ state: TrainingState) throws(TrainingStateError) {
    var state = state
    let value = try state.takeCounter("value")
    try state.requireEmpty()
    self.value = value
  }
}

private struct Numbers: Resumable {
  var values: [Double]

  var state: TrainingState { TrainingState(tensors: ["values": Tensor(values, dtype: .float64)]) }

  mutating func restore(_ state: TrainingState) throws(TrainingStateError) {
    var state = state
    let found = state.tensors["values"].map { $0.shape.count == 1 ? $0.count : 0 } ?? 0
    let values = try state.takeTensor("values", [found], .float64)
    try state.requireEmpty()
    self.values = values.scalars()
  }
}

extension TrainingStateError {
  /// The same problem, with the name of the part before the name.
  fileprivate func within(_ part: String) -> TrainingStateError {
    switch self {
    case .missing(let name): .missing(name: "\(part).\(name)")
    case .unexpected(let name): .unexpected(name: "\(part).\(name)")
    case .mismatch(let name, let found, let expected):
      .mismatch(name: "\(part).\(name)", found: found, expected: expected)
    }
  }
}
