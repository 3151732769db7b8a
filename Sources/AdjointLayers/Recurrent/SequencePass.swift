import AdjointKernels

/// The values of a sequence that was run: what the way back reads.
struct SequencePass: Sendable {
  let layout: SequenceLayout
  let inputCount: Int
  /// The outputs, `[T, B, H]`, and one more row for the last cell state of an LSTM.
  let packed: Tensor
  private let hasInputBias: Bool
  // x, with zeros where no step is taken; the gates; an LSTM's cell states; what a GRU keeps beyond its gates.
  private let x, gates: Tensor
  private let cells, extra: Tensor?

  /// Runs a sequence.
  ///
  /// - Parameters:
  ///   - layout: Its extents and equations.
  ///   - inputs: x, the initial state, W, U and the biases that there are.
  ///   - hasInputBias: Whether the first bias is the input's.
  init(_ layout: SequenceLayout, _ inputs: [Tensor], hasInputBias: Bool) {
    (self.layout, self.hasInputBias, inputCount) = (layout, hasInputBias, inputs.count)
    let (steps, batch, units) = (layout.steps, layout.batch, layout.units)
    let dtype = inputs[0].dtype, stateCount = layout.stateCount
    let state = Array(inputs[1...stateCount]), biases = Array(inputs[(3 + stateCount)...])
    let (inputWeight, weight) = (inputs[1 + stateCount], inputs[2 + stateCount])
    x = layout.rows(of: inputs[0])
    var gates = affine(x, inputWeight, hasInputBias ? biases[0] : nil)
    let stateBias = biases.count > (hasInputBias ? 1 : 0) ? biases.last : nil
    var packed = Tensor(uninitialized: [steps + stateCount - 1, batch, units], dtype: dtype)
    func states() -> Tensor { Tensor(uninitialized: [steps, batch, units], dtype: dtype) }
    var cells = layout.equations.isLSTM ? states() : nil
    var extra = layout.equations.isGRU ? states() : nil
    var kernel = layout.kernel(weight: weight, bias: stateBias, state: state)
    adjoint_recurrent_forward(
      dtype.kernel, &kernel, gates.uniquePointer(), packed.uniquePointer(), cells?.uniquePointer(),
      extra?.uniquePointer())
    if let cells {
      let time = layout.reversed ? 0 : steps - 1
      let last = steps == 0 ? state[1] : cells.rows(time..<time + 1)
      packed.write(last.reshaped(to: [1, batch, units]), along: 0, at: steps)
    }
    withExtendedLifetime((inputs, layout)) {}
    (self.gates, self.packed, self.cells, self.extra) = (gates, packed, cells, extra)
  }

  /// The gradients of the inputs for a gradient of the packed states; nil for one that is not needed.
  func gradients(_ dy: Tensor, _ inputs: [Tensor], needs: (Int) -> Bool) -> [Tensor?] {
    let (steps, batch, units) = (layout.steps, layout.batch, layout.units)
    let dtype = dy.dtype, stateCount = layout.stateCount, width = layout.gateCount * units
    let state = Array(inputs[1...stateCount])
    let (inputWeight, weight) = (inputs[1 + stateCount], inputs[2 + stateCount])
    var dHidden = Tensor(zeros: [batch, units], dtype: dtype)
    var dCell = stateCount > 1 ? dy.rows(steps..<steps + 1).reshaped(to: [batch, units]) : nil
    var dInput = Tensor(uninitialized: [steps * batch, width], dtype: dtype)
    let differ = layout.equations.isGRU && !layout.equations.resetsBefore
    var dState = differ ? Tensor(uninitialized: [steps * batch, width], dtype: dtype) : nil
    var kernel = layout.kernel(weight: weight, bias: nil, state: state)
    adjoint_recurrent_backward(
      dtype.kernel, &kernel, gates.pointer, packed.pointer, cells?.pointer, extra?.pointer, dy.pointer,
      dHidden.uniquePointer(), dCell?.uniquePointer(), dInput.uniquePointer(), dState?.uniquePointer())
    withExtendedLifetime((inputs, self, dy)) {}
    let dGates = dState ?? dInput
    var result: [Tensor?] = [
      needs(0) ? matmul(dInput, inputWeight, transposingRight: true).reshaped(to: [steps, batch, x.shape[1]]) : nil
    ]
    result += stateCount > 1 ? [dHidden, dCell] : [dHidden]
    result.append(needs(1 + stateCount) ? matmul(x, dInput, transposingLeft: true) : nil)
    result.append(needs(2 + stateCount) ? weightGradient(dGates, state[0]) : nil)
    // Where u is added to a, their biases have the same gradient.
    lazy var sums = dGates.sum(along: [0])
    for bias in (3 + stateCount)..<inputCount {
      let differs = dState != nil && hasInputBias && bias == 3 + stateCount
      result.append(!needs(bias) ? nil : differs ? dInput.sum(along: [0]) : sums)
    }
    return result
  }

  /// Ū = Σₜ hₜ₋₁ᵀ ūₜ, or with r h in place of h for the candidate of a GRU that resets before the product.
  private func weightGradient(_ dGates: Tensor, _ initial: Tensor) -> Tensor {
    guard layout.equations.resetsBefore, let extra else { return productWithStates(dGates, initial) }
    let units = layout.units
    let candidate = matmul(
      extra.reshaped(to: [layout.steps * layout.batch, units]), dGates.slice(2 * units..<3 * units, along: 1),
      transposingLeft: true)
    return concatenate([productWithStates(dGates.slice(0..<2 * units, along: 1), initial), candidate], along: 1)
  }

  /// Σₜ hₜ₋₁ᵀ gₜ: the states before all steps but the first lie one after another among the outputs.
  private func productWithStates(_ g: Tensor, _ initial: Tensor) -> Tensor {
    let (steps, batch, units) = (layout.steps, layout.batch, layout.units)
    if steps == 0 { return Tensor(zeros: [units, g.shape[1]], dtype: g.dtype) }
    let first = layout.reversed ? steps - 1 : 0
    let others = layout.reversed ? 0..<steps - 1 : 1..<steps
    let before = layout.reversed ? 1..<steps : 0..<steps - 1
    let hidden = packed.rows(before).reshaped(to: [(steps - 1) * batch, units])
    var product = matmul(
      hidden, g.rows(others.lowerBound * batch..<others.upperBound * batch), transposingLeft: true)
    product.add(matmul(initial, g.rows(first * batch..<(first + 1) * batch), transposingLeft: true))
    return product
  }
}
