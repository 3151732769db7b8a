/// One step back: what an operation passes to one of its operands.
///
///     downstream = local × upstream      ∂f/∂x = ∂y/∂x × ∂f/∂y      for y = operation(x, …)
///
/// Between numbers it is a product of numbers. Between arrays the local derivative is a Jacobian, which is never formed; its
/// shape, y's followed by x's, says what is saved.
public struct TapeStep: CustomStringConvertible, Sendable {
  /// What was computed forward: `u = v × z`.
  public let formula: String
  /// The names of the result and the operand, or their places on the tape, and of what is differentiated.
  public let output: String, input: String, result: String
  /// The local derivative, if both result and operand are single numbers.
  public let local: Double?
  /// The gradient of the operation's result, and what it gives the operand.
  public let upstream: Tensor, downstream: Tensor
  /// The operand's whole gradient, if several steps add to it.
  public let total: Tensor?

  /// The step in symbols: `∂u/∂v × ∂f/∂u = ∂f/∂v`.
  public var symbols: String { "∂\(output)/∂\(input) × ∂\(result)/∂\(output) = ∂\(result)/∂\(input)" }

  /// The step in numbers, `2 × 1 = 2`, or in shapes if something in it is not a single number.
  public var numbers: String {
    guard let local else {
      let jacobian = Shape(Array(upstream.shape) + Array(downstream.shape))
      return "\(jacobian) × \(upstream.shape) = \(downstream.shape)"
    }
    let part = total.map { ", part of \(formatNumber($0.element(at: 0), "%.6g"))" } ?? ""
    let numbers = [local, upstream.element(at: 0), downstream.element(at: 0)].map { formatNumber($0, "%.6g") }
    return "\(numbers[0]) × \(numbers[1]) = \(numbers[2])\(part)"
  }

  /// Formula, symbols and numbers in one line.
  public var description: String { "\(formula)   \(symbols)   \(numbers)" }
}

extension Tape {
  /// The reverse sweep, step by step, from the result to the leaves.
  ///
  ///     for step in tape.steps(with: gradients) { print(step) }
  ///     // f = max(u, 0)   ∂f/∂u × ∂f/∂f = ∂f/∂u   1 × 1 = 1
  ///     // u = v × z   ∂u/∂v × ∂f/∂u = ∂f/∂v   2 × 1 = 2
  ///
  /// There is one step for each edge of the computational graph; an operation that takes a value twice, as in x · x, has one
  /// for both.
  ///
  /// - Parameter gradients: What `gradients()` of a variable on this tape returned. Gradients of leaves alone stop the program.
  /// - Returns: The steps, in the order of the sweep.
  /// - Complexity: Two sweeps.
  public func steps(with gradients: Gradients) -> [TapeStep] {
    let nodes = nodes(gradients), adjoints = self.adjoints(of: gradients), last = adjoints.last
    var uses = [Int](repeating: 0, count: nodes.count)
    for node in nodes where node.gradient != nil { for input in node.recordedInputs { uses[Int(input)] += 1 } }
    return nodes.reversed().flatMap { node -> [TapeStep] in
      guard node.operation != nil, node.index <= last else { return [] }
      require(
        !adjoints.hasDropped(node.index),
        "Tape: the gradient of \(node.label) was not kept; ask gradients(keeping: .all) for it")
      guard let upstream = node.gradient else { return [] }
      let downstream = contributions(of: node, upstream)
      let one = Tensor(ones: upstream.shape, dtype: upstream.dtype)
      let local = node.shape.elementCount == 1 ? contributions(of: node, one) : [:]
      return node.recordedInputs.compactMap { input in
        guard let passed = downstream[input] else { return nil }
        let target = nodes[Int(input)]
        return TapeStep(
          formula: "\(node.label) = \(formula(node, nodes))", output: node.label, input: target.label,
          result: nodes[Int(last)].label, local: passed.count == 1 ? local[input]?.element(at: 0) : nil,
          upstream: upstream, downstream: passed, total: uses[Int(input)] > 1 ? target.gradient : nil)
      }
    }
  }

  /// The steps of the reverse sweep in columns.
  ///
  /// - Parameter gradients: What `gradients()` of a variable on this tape returned.
  /// - Returns: One line for each step: formula, local × upstream = downstream in symbols, and in numbers.
  public func trace(with gradients: Gradients) -> String {
    var previous = ""
    return table(
      steps(with: gradients).map { step in
        defer { previous = step.formula }
        return [step.formula == previous ? "" : step.formula, step.symbols, step.numbers]
      })
  }

  /// What an operation computes, in the names of its operands.
  private func formula(_ node: TapeNode, _ nodes: [TapeNode]) -> String {
    let operands = node.inputs.map { input in
      switch input {
      case .entry(let index): nodes[Int(index)].label
      case .constant(let value): value.map { lineOfText($0) ?? "\($0.shape)" } ?? "constant"
      }
    }
    let operation = node.operation ?? ""
    guard let symbol = operationSymbols[operation] else { return "\(operation)(\(operands.joined(separator: ", ")))" }
    return operands.count == 1 ? symbol + operands[0] : operands.joined(separator: " \(symbol) ")
  }
}

/// The signs of arithmetic.
let operationSymbols = ["add": "+", "subtract": "−", "negate": "−", "multiply": "×", "divide": "÷"]
