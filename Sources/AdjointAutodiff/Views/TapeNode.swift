/// What the views of a tape show of one entry.
struct TapeNode {
  /// An operand: another entry, or a constant, whose value is known only where the operation saved it.
  enum Input {
    case entry(Int32)
    case constant(Tensor?)
  }

  let index: Int32
  /// The operation; nil for a leaf.
  let operation: String?
  /// The given name or the parameter's path, if there is one.
  let name: String?
  let isParameter: Bool
  let inputs: [Input]
  let shape: Shape
  /// The value and the gradient, where they are kept.
  let value: Tensor?, gradient: Tensor?

  /// The name, or else the place on the tape.
  var label: String { name ?? "%\(index)" }

  /// The recorded operands, each once.
  var recordedInputs: [Int32] {
    var seen: [Int32] = []
    for case .entry(let input) in inputs where !seen.contains(input) { seen.append(input) }
    return seen
  }
}

extension Variable {
  /// Gives the value a name that the views of its tape show.
  ///
  ///     let u = ((x + y) * z).named("u")
  ///
  /// - Parameter name: The name.
  /// - Returns: The variable itself. A constant has no place to keep a name, and stays as it is.
  @discardableResult
  public func named(_ name: String) -> Variable {
    if isRecorded { checkedTape("named").pointee.names[index] = name }
    return self
  }
}

extension Tape {
  /// Every entry, with its gradient if gradients are given.
  func nodes(_ gradients: Gradients?) -> [TapeNode] {
    let adjoints = gradients.map { self.adjoints(of: $0) }
    let paths = Dictionary(
      state.pointee.parameters.values.map { ($0.index, $0.parameter.path) }, uniquingKeysWith: { first, _ in first })
    return (0..<Int32(count)).map { index in
      let entry = state.pointee.entry(index).pointee
      let path = paths[index].map { $0.isEmpty ? "parameter" : $0 }
      return TapeNode(
        index: index, operation: entry.rule == nil ? nil : entry.ruleName, name: state.pointee.names[index] ?? path,
        isParameter: path != nil,
        inputs: (0..<entry.inputCount).map { position in
          let input = entry.inputIndex(position)
          return input >= 0 ? .entry(input) : .constant(entry.savedInput(position))
        }, shape: entry.shape, value: entry.output.isPresent ? entry.output.tensor : nil,
        gradient: adjoints?.gradient(at: index)?.value)
    }
  }

  /// What the sweep over this tape found that gave the gradients.
  func adjoints(of gradients: Gradients) -> AdjointBuffer {
    guard let adjoints = gradients.adjoints, adjoints.state == state, adjoints.generation == state.pointee.generation
    else {
      stop("Tape: these gradients belong to another tape, or to what this one held before its reset")
    }
    return adjoints
  }

  /// What an entry passes back to each of its recorded operands when its own gradient is `dy`.
  func contributions(of node: TapeNode, _ dy: Tensor) -> [Int32: Tensor] {
    guard node.operation != nil, let first = node.recordedInputs.min() else { return [:] }
    let adjoints = AdjointBuffer.make(state, from: first, through: node.index)
    adjoints[node.index] = Variable(dy)
    adjoints.sweep(from: node.index, downTo: node.index, recorded: false, keeping: .all, consuming: false)
    return Dictionary(
      uniqueKeysWithValues: node.recordedInputs.map { input in
        let shape = state.pointee.entry(input).pointee.shape
        return (input, adjoints.gradient(at: input)?.value ?? Tensor(zeros: shape, dtype: dy.dtype))
      })
  }
}

/// A small tensor in one line; nil for one with many elements.
func lineOfText(_ tensor: Tensor?) -> String? {
  guard let tensor, tensor.count <= smallCount else { return nil }
  return tensor.description.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
}

/// Cells in columns, without spaces at the ends of lines.
func table(_ rows: [[String]]) -> String {
  let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    var line = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
      .joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }.joined(separator: "\n")
}
