/// The computational graph of a tape, as its pictures show it: nodes for leaves, constants, operations and results, and an edge
/// for each operand with the value that flows forward and the gradient that flows back.
struct TapeGraph {
  enum Kind { case input, parameter, constant, operation, result }

  struct Node {
    let kind: Kind
    /// A name, a parameter's path or an operation.
    let text: String
    /// The sum of what flows back, where several edges leave the node.
    var total: String?
  }

  struct Edge {
    let source: Int, target: Int
    /// The value and the gradient along the edge, as text; nil for that of a constant or one that is not known.
    let value: String?, gradient: String?
  }

  /// A node's predecessors come before it.
  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []
  /// The name of what is differentiated, if gradients are shown.
  let result: String?

  init(_ tape: Tape, _ gradients: Gradients?) {
    let entries = tape.nodes(gradients)
    result = gradients.map { entries[Int(tape.adjoints(of: $0).last)].label }
    var place: [Int] = [], uses = [Int](repeating: 0, count: entries.count)
    for entry in entries { for case .entry(let input) in entry.inputs { uses[Int(input)] += 1 } }
    for entry in entries {
      var inputs: [Int] = []
      for input in entry.inputs {
        switch input {
        case .entry(let index): inputs.append(place[Int(index)])
        case .constant(let value):
          nodes.append(Node(kind: .constant, text: value.map { Self.text($0, $0.shape) } ?? "constant"))
          inputs.append(nodes.count - 1)
        }
      }
      let isUnseeded = entry.gradient == nil
      nodes.append(
        Node(
          kind: entry.operation == nil ? entry.isParameter ? .parameter : .input : .operation,
          text: entry.operation.map { operationSymbols[$0] ?? $0 } ?? entry.label,
          total: uses[Int(entry.index)] > 1 ? entry.gradient.map { Self.gradientText($0, $0.shape) } : nil))
      place.append(nodes.count - 1)
      let passed = entry.gradient.map { tape.contributions(of: entry, $0) } ?? [:]
      var shared: Set<Int32> = []
      for (input, source) in zip(entry.inputs, inputs) {
        guard case .entry(let index) = input else {
          edges.append(Edge(source: source, target: nodes.count - 1, value: nil, gradient: nil))
          continue
        }
        // The two edges of x · x share what flows back.
        let gradient = shared.insert(index).inserted ? passed[index] : nil
        edges.append(
          Edge(
            source: source, target: nodes.count - 1, value: Self.valueText(entries[Int(index)]),
            gradient: isUnseeded ? nil : gradient.map { Self.gradientText($0, $0.shape) }))
      }
    }
    for entry in entries where uses[Int(entry.index)] == 0 && entry.operation != nil {
      nodes.append(Node(kind: .result, text: entry.name ?? "%\(entry.index)"))
      edges.append(
        Edge(
          source: place[Int(entry.index)], target: nodes.count - 1, value: Self.valueText(entry, named: false),
          gradient: entry.gradient.map { Self.gradientText($0, $0.shape) }))
    }
  }

  private static func valueText(_ entry: TapeNode, named: Bool = true) -> String {
    let value = text(entry.value, entry.shape)
    guard named, entry.operation != nil, let name = entry.name else { return value }
    return "\(name) = \(value)"
  }

  /// Numbers if there are few, else the shape.
  private static func text(_ tensor: Tensor?, _ shape: Shape) -> String {
    guard let tensor else { return "\(shape)" }
    if tensor.count == 1 { return number(tensor.element(at: 0)) }
    return lineOfText(tensor).flatMap { $0.count <= 20 ? $0 : nil } ?? "\(shape)"
  }

  /// Numbers if there are few, else the Euclidean norm.
  private static func gradientText(_ tensor: Tensor, _ shape: Shape) -> String {
    let text = text(tensor, shape)
    if text != "\(shape)" { return text }
    let squares = tensor.scalars(as: Double.self).reduce(0) { $0 + $1 * $1 }
    return "‖∇‖ \(formatNumber(squares.squareRoot(), "%.3g"))"
  }

  private static func number(_ value: Double) -> String {
    formatNumber(value, "%.4g").replacingMinus
  }
}

extension String {
  /// The number with a true minus sign.
  fileprivate var replacingMinus: String { String(map { $0 == "-" ? "−" : $0 }) }
}
