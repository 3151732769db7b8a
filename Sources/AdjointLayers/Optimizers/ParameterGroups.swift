/// Different optimizers, or different settings of one, for different parameters, chosen by their paths.
///
///     let optimizer = ParameterGroups([
///       ("*.bias", AdamW(learningRate: 1e-3, weightDecay: 0)),
///       ("embedding.*", SGD(learningRate: 0.1)),
///       ("*", AdamW(learningRate: 1e-3)),
///     ])
///
/// In a pattern, `*` stands for any text, dots included. A parameter belongs to the first group whose pattern fits its path; one that
/// none fits stops the program. A group that is to stay as it is gets a learning rate of 0.
public final class ParameterGroups: Optimizer {
  private let groups: [(pattern: String, optimizer: any Optimizer)]
  private let rates: [Double]

  /// The learning rate of the first group. Setting it scales those of the others by the same factor, so that each group keeps its
  /// ratio to the first one.
  public var learningRate: Double {
    didSet {
      for (group, rate) in zip(groups, rates) {
        group.optimizer.learningRate = rate == rates[0] ? learningRate : rate * (learningRate / rates[0])
      }
    }
  }

  /// Empty: each group's optimizer remembers its own parameters.
  public var states = ParameterStates()

  /// Creates an optimizer.
  ///
  /// - Parameter groups: A pattern and an optimizer for each group. The first one's learning rate must be above 0.
  public init(_ groups: [(pattern: String, optimizer: any Optimizer)]) {
    require(!groups.isEmpty, "ParameterGroups: there are no groups")
    self.groups = groups
    rates = groups.map(\.optimizer.learningRate)
    require(rates[0] > 0, "ParameterGroups: the learning rate \(rates[0]) of the first group is not above 0")
    learningRate = rates[0]
  }

  /// Changes one parameter, by the path it was last listed with.
  public func update(_ parameter: Parameter, with gradient: Tensor) {
    groups[index(of: parameter.path)].optimizer.update(parameter, with: gradient)
  }

  /// Changes rows of one parameter, by the path it was last listed with.
  public func update(_ parameter: Parameter, rows: IndexArray, with gradient: Tensor) {
    groups[index(of: parameter.path)].optimizer.update(parameter, rows: rows, with: gradient)
  }

  /// Changes parameters, each with the optimizer of its group.
  public func update(_ parameters: [(path: String, parameter: Parameter)], with gradients: Gradients) {
    for (group, members) in zip(groups, split(parameters)) { group.optimizer.update(members, with: gradients) }
  }

  private func index(of path: String) -> Int {
    guard let index = groups.firstIndex(where: { path.matches(pattern: $0.pattern) }) else {
      stop("ParameterGroups: no pattern fits \(path.isEmpty ? "a parameter without a path" : path)")
    }
    return index
  }

  private func split(
    _ parameters: [(path: String, parameter: Parameter)]
  ) -> [[(path: String, parameter: Parameter)]] {
    var result = [[(path: String, parameter: Parameter)]](repeating: [], count: groups.count)
    for entry in parameters { result[index(of: entry.path)].append(entry) }
    return result
  }
}

// MARK: Saving

extension ParameterGroups {
  /// The state of every group, its names after the number of the group: `0.layers.0.bias.momentum`.
  public func state(of parameters: [(path: String, parameter: Parameter)]) -> TrainingState {
    var state = TrainingState(tensors: ["learningRate": Tensor(learningRate, dtype: .float64)])
    for (i, (group, members)) in zip(groups, split(parameters)).enumerated() {
      let part = group.optimizer.state(of: members)
      for (name, tensor) in part.tensors { state.tensors["\(i).\(name)"] = tensor }
      for (name, counter) in part.counters { state.counters["\(i).\(name)"] = counter }
    }
    return state
  }

  /// Goes back to a saved state.
  public func restore(
    _ state: TrainingState, to parameters: [(path: String, parameter: Parameter)]
  ) throws(TrainingStateError) {
    var rest = state
    let (rate, members, before) = (try rest.takeNumber("learningRate"), split(parameters), self.state(of: parameters))
    var parts = groups.map { _ in TrainingState() }
    func part(_ name: String) throws(TrainingStateError) -> (group: Int, name: String) {
      guard let dot = name.firstIndex(of: "."), let i = Int(name[..<dot]), groups.indices.contains(i) else {
        throw .unexpected(name: name)
      }
      return (i, String(name[name.index(after: dot)...]))
    }
    for (name, tensor) in rest.tensors.sorted(by: { $0.key < $1.key }) {
      let place = try part(name)
      parts[place.group].tensors[place.name] = tensor
    }
    for (name, counter) in rest.counters.sorted(by: { $0.key < $1.key }) {
      let place = try part(name)
      parts[place.group].counters[place.name] = counter
    }
    do throws(TrainingStateError) {
      // The rate first: it sets those of the groups, which have then their own put back.
      learningRate = rate
      for (i, group) in groups.enumerated() { try group.optimizer.restore(parts[i], to: members[i]) }
    } catch {
      // What the groups have had themselves fits them.
      try restore(before, to: parameters)
      throw error
    }
  }
}

extension String {
  /// Whether the pattern fits the whole text; `*` stands for any text.
  fileprivate func matches(pattern: String) -> Bool {
    let (text, pattern) = (Array(utf8), Array(pattern.utf8)), star = UInt8(ascii: "*")
    var (i, j) = (0, 0)
    // Where the last star is in the pattern, and up to where it has been made to reach in the text.
    var last: (star: Int, end: Int)?
    while i < text.count {
      if j < pattern.count, pattern[j] == star {
        last = (j, i)
        j += 1
      } else if j < pattern.count, pattern[j] == text[i] {
        (i, j) = (i + 1, j + 1)
      } else if let (starPosition, end) = last {
        last = (starPosition, end + 1)
        (i, j) = (end + 1, starPosition + 1)
      } else {
        return false
      }
    }
    return pattern[j...].allSatisfy { $0 == star }
  }
}
