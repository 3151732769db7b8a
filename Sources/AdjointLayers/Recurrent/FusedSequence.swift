import AdjointKernels

/// All steps of a cell along a sequence as one operation, whatever the number of steps.
///
/// Forwards, one large product gives the input's part of all gates; then every thread takes its rows of the batch through all
/// steps. Backwards, time runs the other way over the gates that were kept, and the gradients of the weights are one large
/// product over all steps. Gradients that are to be differentiated again come from the cell's definition, step by step.
func fusedSequence<Cell: FusedCell>(
  _ cell: Cell, over x: Variable, from initial: Cell.State, lengths: IndexArray?, reversed: Bool
) -> (outputs: Variable, last: Cell.State) {
  let maps = cell.maps, name = "\(Cell.self)"
  require(
    x.rank == 3 && x.shape[2] == cell.inputs,
    "\(name): the input has shape \(x.shape); its last axis should have the \(cell.inputs) features of "
      + "\(cell.input.$weight.path) \(maps.inputWeight.shape)")
  require(
    x.dtype == maps.inputWeight.dtype, "\(name): the input is \(x.dtype), the weights are \(maps.inputWeight.dtype)")
  let steps = x.shape[0], form = cell.form
  let layer = SequenceLayout(
    equations: Cell.equations(form), steps: steps, batch: x.shape[1], units: cell.units, gateCount: Cell.gateCount,
    lengths: lengths, reversed: reversed)
  let inputs =
    [x] + initial.stateVariables + [maps.inputWeight, maps.stateWeight]
    + [maps.inputBias, maps.stateBias].compactMap { $0 }
  let hasInputBias = maps.inputBias != nil
  let pass = SequencePass(layer, inputs.map(\.value), hasInputBias: hasInputBias)
  // The outputs, and for an LSTM the last cell state as one more row.
  let packed = record(name, inputs, value: pass.packed, saving: .inputs) { dy, saved in
    let inputs = (0..<pass.inputCount).map { saved[$0] }
    if dy.isRecorded || inputs.contains(where: \.isRecorded) {
      let gradients = vjp(
        of: { definition(Cell.self, form, layer, $0, hasInputBias: hasInputBias) }, at: inputs, cotangent: dy
      ).gradients
      return gradients.enumerated().map { saved.needsGradient($0) ? $1 : nil }
    }
    return pass.gradients(dy.value, inputs.map(\.value)) { saved.needsGradient($0) }.map { $0.map { Variable($0) } }
  }
  return unpacked(packed, initial, layer)
}

/// The same steps as the operation, one by one.
private func definition<Cell: FusedCell>(
  _ cell: Cell.Type, _ form: Cell.Form, _ layer: SequenceLayout, _ inputs: [Variable], hasInputBias: Bool
) -> Variable {
  let stateCount = layer.stateCount
  let biases = Array(inputs[(3 + stateCount)...])
  let maps = CellMaps(
    inputWeight: inputs[1 + stateCount], stateWeight: inputs[2 + stateCount],
    inputBias: hasInputBias ? biases.first : nil, stateBias: biases.count > (hasInputBias ? 1 : 0) ? biases.last : nil)
  let state = Cell.State(stateVariables: Array(inputs[1...stateCount]))
  let scanned = scan(over: inputs[0], from: state, lengths: layer.lengths, reversed: layer.reversed) {
    Cell.step($0, $1, maps, form)
  }
  if stateCount == 1 { return scanned.outputs }
  let cell = scanned.last.stateVariables[1].reshaped(to: [1, layer.batch, layer.units])
  return concatenate([scanned.outputs, cell], along: 0)
}

private func unpacked<State: RecurrentState>(
  _ packed: Variable, _ initial: State, _ layer: SequenceLayout
) -> (outputs: Variable, last: State) {
  func row(_ time: Int) -> Variable { packed.rows(time..<time + 1).reshaped(to: [layer.batch, layer.units]) }
  let steps = layer.steps
  if steps == 0 { return (packed.rows(0..<0), initial) }
  let hidden = row(layer.reversed ? 0 : steps - 1)
  if layer.stateCount == 1 { return (packed, State(stateVariables: [hidden])) }
  return (packed.rows(0..<steps), State(stateVariables: [hidden, row(steps)]))
}

/// The extents of a sequence and the equations of its steps.
struct SequenceLayout: Sendable {
  let equations: CellEquations
  let steps, batch, units, gateCount: Int
  let lengths: IndexArray?
  let reversed: Bool

  var stateCount: Int { equations.isLSTM ? 2 : 1 }

  /// The description for the kernels. The tensors have to stay alive for as long as it is used.
  func kernel(weight: Tensor, bias: Tensor?, state: [Tensor]) -> adjoint_recurrent {
    adjoint_recurrent(
      kind: equations.kind, resets_before: equations.resetsBefore, keeps_new: equations.keepsNew, reversed: reversed,
      steps: steps, batch: batch, units: units, lengths: lengths?.pointer, weight: weight.pointer, bias: bias?.pointer,
      hidden: state[0].pointer, cell: state.count > 1 ? state[1].pointer : nil)
  }

  /// The inputs [T · B, D], with zeros where no step is taken: nothing that stands there may reach a product.
  func rows(of x: Tensor) -> Tensor {
    let width = x.shape[2]
    guard let lengths, lengths.contains(where: { $0 < steps }) else { return x.reshaped(to: [steps * batch, width]) }
    var result = x.copied()
    let byteCount = width * x.dtype.byteCount
    let pointer = result.uniquePointer()
    for (row, length) in lengths.enumerated() {
      for time in length..<steps {
        (pointer + (time * batch + row) * byteCount).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      }
    }
    return result.reshaped(to: [steps * batch, width])
  }
}
