/// How a pullback takes many upstream gradients at once, along an axis of their own.
public enum Batching: Sendable {
  /// Not at all: it runs once for each.
  case separately
  /// Each element of the result depends on one element of each operand: the gradients are multiplied by the local derivative,
  /// which one run finds.
  case elementwise
  /// The pullback carries an axis in front of all others, as products of stacks of matrices do.
  case leading
  /// The pullback acts on rows whatever they hold, so that the axis may stand last.
  case rows
  /// The gradient has the same elements in the operand's shape.
  case reshaping
}

/// The gradients of `inputs` for each of many gradients of a value, along a first axis: one reverse sweep carries them all.
func batchedGradients(of value: Variable, _ cotangents: Tensor, to inputs: [Variable]) -> [Tensor] {
  let state = value.checkedTape("vjp"), first = inputs.map(\.index).min() ?? 0
  let count = cotangents.shape[0]
  // Gradients of all rows are alive together: as many rows at a time as fit into 2²³ elements of the largest value.
  let largest = (first...value.index).map { state.pointee.entry($0).pointee.shape.elementCount }.max() ?? 1
  let rows = Swift.max(1, Swift.min(count, (1 << 23) / Swift.max(1, largest)))
  var parts = [[Tensor]](repeating: [], count: inputs.count)
  for start in stride(from: 0, to: count, by: rows) {
    let part = start == 0 && rows == count ? cotangents : cotangents.rows(start..<Swift.min(start + rows, count))
    var sweep = BatchedSweep(state: state, base: first, count: part.shape[0])
    sweep.run(from: value.index, part)
    for (position, input) in inputs.enumerated() { parts[position].append(sweep.gradient(of: input)) }
  }
  return zip(inputs, parts).map { input, parts in
    parts.isEmpty
      ? Tensor(zeros: Shape([0] + Array(input.shape)), dtype: input.dtype)
      : parts.count == 1 ? parts[0] : concatenate(parts, along: 0)
  }
}

private struct BatchedSweep {
  let state: UnsafeMutablePointer<TapeState>
  /// Nothing before this entry gets a gradient.
  let base: Int32
  let count: Int
  private var gradients: [Int32: Tensor] = [:]

  init(state: UnsafeMutablePointer<TapeState>, base: Int32, count: Int) {
    (self.state, self.base, self.count) = (state, base, count)
  }

  func gradient(of input: Variable) -> Tensor {
    gradients[input.index] ?? Tensor(zeros: Shape([count] + Array(input.shape)), dtype: input.dtype)
  }

  mutating func run(from last: Int32, _ cotangents: Tensor) {
    gradients[last] = cotangents
    for index in stride(from: last, through: base, by: -1) {
      let entry = state.pointee.entry(index)
      guard let rule = entry.pointee.rule?.takeUnretainedValue(), let dy = gradients.removeValue(forKey: index) else {
        continue
      }
      let passed = pull(rule, index, dy)
      for (input, gradient) in passed.enumerated() {
        let target = entry.pointee.inputIndex(input)
        if target >= base, let gradient { gradients[target] = gradients[target].map { $0 + gradient } ?? gradient }
      }
    }
  }

  /// The gradients of an operation's inputs for all rows of `dy`.
  private func pull(_ rule: OperationRule, _ index: Int32, _ dy: Tensor) -> [Tensor?] {
    let entry = state.pointee.entry(index), shape = entry.pointee.shape
    switch rule.batching {
    case .elementwise:
      let local = pullbacks(rule, index, Tensor(ones: shape, dtype: dy.dtype))
      return local.enumerated().map { input, local in
        local.map { multiplyOrZero(dy, $0.value).summedRows(to: inputShape(index, input), from: shape) }
      }
    case .leading:
      return pullbacks(rule, index, dy).enumerated().map { input, gradient in
        gradient.map { $0.value.summedRows(to: inputShape(index, input), from: shape) }
      }
    case .rows:
      let rank = dy.rank
      let moved = dy.transposed(Array(1..<rank) + [0])
      return pullbacks(rule, index, moved).map { gradient in
        gradient.map { $0.value.transposed([$0.rank - 1] + Array(0..<$0.rank - 1)) }
      }
    case .reshaping:
      return [dy.reshaped(to: [count] + Array(inputShape(index, 0)))]
    case .separately:
      let rows = (0..<count).map { row in
        pullbacks(rule, index, dy.rows(row..<row + 1).reshaped(to: Array(shape)))
      }
      return (0..<entry.pointee.inputCount).map { input in
        let shape = inputShape(index, input)
        let parts = rows.compactMap { $0[input].map { $0.value.summed(to: shape) } }
        return parts.isEmpty ? nil : stack(parts)
      }
    }
  }

  /// The gradients of an operation's inputs that are wanted.
  private func pullbacks(_ rule: OperationRule, _ index: Int32, _ dy: Tensor) -> [Variable?] {
    let entry = state.pointee.entry(index)
    let saved = Saved(state: state, entry: entry, index: index, recorded: false)
    return rule.gradients(Variable(dy), saved) { entry.pointee.inputIndex($0) >= base }
  }

  private func inputShape(_ index: Int32, _ input: Int) -> Shape {
    let target = state.pointee.entry(index).pointee.inputIndex(input)
    return target >= 0 ? state.pointee.entry(target).pointee.shape : Shape()
  }
}

extension Tensor {
  /// Rows summed from the shape of a broadcast result to that of one of its operands.
  fileprivate func summedRows(to operand: Shape, from result: Shape) -> Tensor {
    // A pullback of products may have summed them already.
    if Array(shape.dropFirst()) == Array(operand) { return self }
    let padding = Swift.max(0, result.rank - operand.rank)
    let padded = [shape[0]] + Array(repeating: 1, count: padding) + Array(operand)
    return summed(to: Shape(padded)).reshaped(to: [shape[0]] + Array(operand))
  }
}
