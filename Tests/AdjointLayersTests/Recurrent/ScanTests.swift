import AdjointLayers
import Testing

/// A cell of a user's own: a running sum, and how many steps there have been.
private struct Counter: RecurrentCell {
  struct State: RecurrentState {
    var sum, count: Variable
    var stateVariables: [Variable] { [sum, count] }
    var hidden: Variable { sum }
    init(stateVariables: [Variable]) { (sum, count) = (stateVariables[0], stateVariables[1]) }
  }
  var units: Int { 1 }
  func zeroState(batch: Int, dtype: DType) -> State {
    let zeros = Variable(Tensor(zeros: [batch, 1], dtype: dtype))
    return State(stateVariables: [zeros, zeros])
  }
  func callAsFunction(_ x: Variable, _ state: State) -> State {
    State(stateVariables: [state.sum + x, state.count + 1])
  }
}

@Suite struct `Scan` {
  let key = RandomKey(seed: 5)

  @Test func `returns every state and output`() {
    // 003-03
    let cell = RNNCell(2, 3, key: key)
    let x = Variable(Tensor(normal: [4, 2, 2], key: key))
    let scanned = scan(cell, over: x)
    var h = cell.zeroState(batch: 2, dtype: .float32)
    for time in 0..<4 {
      h = cell(x.rows(time..<time + 1).reshaped(to: [2, 2]), h)
      #expect(scanned.states[time].value == h.value)
      #expect(scanned.outputs.value.rows(time..<time + 1).reshaped(to: [2, 3]) == h.value)
    }
    #expect(scanned.last.value == h.value && scanned.initial.value == Tensor(zeros: [2, 3]))
    // An output at any time: y_t = ψ(h_t).
    let readout = Linear(3, 1, key: key)
    #expect(scanned.states.map { readout($0).shape } == [[2, 1], [2, 1], [2, 1], [2, 1]])
  }

  @Test func `works with a cell that has any state`() {
    let x: Tensor = [[[1], [10]], [[2], [20]], [[3], [30]]]
    let scanned = scan(Counter(), over: Variable(x), lengths: [3, 1])
    #expect(scanned.last.sum.value == [[6], [10]] && scanned.last.count.value == [[3], [1]])
    let backwards = scan(Counter(), over: Variable(x), lengths: [3, 1], reversed: true)
    #expect(backwards.outputs.value == [[[6], [10]], [[5], [0]], [[3], [0]]])
    let network = Recurrent(1, bidirectional: true, key: key) { _, _ in Counter() }
    #expect(network(Variable(Tensor(ones: [3, 2, 1]))).outputs.shape == [3, 2, 2])
  }

  @Test(arguments: CellForm.allCases) func `leaves the state as it is in masked steps, bit for bit`(form: CellForm) {
    // 003-02: lengths 0, 1 and 7.
    func check<Cell: AffineCell>(_ cell: Cell) {
      let x = Variable(Tensor(normal: [7, 3, 2], key: key))
      let zeros = Variable(Tensor([0, -0.0, 1, -1, 1e-40, 2, 0, -0.0, 3, 0, 1, -0.0], shape: [3, 4]))
      let state = Cell.State(
        stateVariables: cell.zeroState(batch: 3, dtype: .float32).stateVariables.map { _ in zeros })
      let scanned = scan(cell, over: x, from: state, lengths: [0, 1, 7])
      let fused = cell.sequence(over: x, from: state, lengths: [0, 1, 7], reversed: false)
      for time in 0..<7 {
        for (now, first) in zip(scanned.states[time].stateVariables, state.stateVariables) {
          #expect(now.value.rows(0..<1).isIdentical(to: first.value.rows(0..<1)))
        }
        for (now, first) in zip(scanned.states[time].stateVariables, scanned.states[0].stateVariables) {
          #expect(now.value.rows(1..<2).isIdentical(to: first.value.rows(1..<2)))
        }
        let row = fused.outputs.value.rows(time..<time + 1).reshaped(to: [3, 4])
        #expect(row.rows(0..<1).isIdentical(to: zeros.value.rows(0..<1)))
        let first = fused.outputs.value.rows(0..<1).reshaped(to: [3, 4])
        #expect(row.rows(1..<2).isIdentical(to: first.rows(1..<2)))
      }
      for (now, first) in zip(fused.last.stateVariables, state.stateVariables) {
        #expect(now.value.rows(0..<1).isIdentical(to: first.value.rows(0..<1)))
      }
    }
    check(form.cell(2, 4))
  }

  @Test func `equals the network unrolled by hand, whose parameters' gradients add up`() {
    // 003-05
    withDefaultDType(.float64) {
      let cell = RNNCell(2, 3, key: key)
      let x = Variable(Tensor(normal: [3, 2, 2], key: key))
      func loss(_ h: Variable) -> Variable { square(h).sum() }
      let (value, gradients) = valueWithGradients { loss(scan(cell, over: x).last) }
      // A copy of the cell with parameters of its own for every step.
      let copies = (0..<3).map { _ in RNNCell(2, 3, key: key) }
      let (unrolled, each) = valueWithGradients {
        loss(
          copies.enumerated().reduce(cell.zeroState(batch: 2, dtype: .float64)) { h, copy in
            copy.element(x.rows(copy.offset..<copy.offset + 1).reshaped(to: [2, 2]), h)
          })
      }
      #expect(value.value == unrolled.value)
      for (position, entry) in cell.parameters.enumerated() {
        let sum = copies.map { each[$0.parameters[position].parameter].value }.reduce(0, +)
        #expect(abs(sum - gradients[entry.parameter].value).max().item() < 1e-14, "\(entry.path)")
      }
    }
  }

  @Test(arguments: [false, true]) func `truncation stops gradients, not states`(reversed: Bool) {
    let cell = GRUCell(1, 2, key: key)
    func run(_ window: Int?, isFused: Bool) -> (outputs: Tensor, gradient: Tensor) {
      let tape = Tape()
      let x = tape.variable(Tensor(normal: [5, 2, 1], key: key))
      let last: Variable, outputs: Variable
      if isFused {
        let network = Recurrent<GRUCell>(1, bidirectional: true, key: key) { _, _ in cell }
        let result = network(x, lengths: [5, 4], truncatingEvery: window)
        (outputs, last) = (result.outputs.slice(reversed ? 2..<4 : 0..<2, along: 2), result.states[reversed ? 1 : 0])
      } else {
        let scanned = scan(cell, over: x, lengths: [5, 4], reversed: reversed, truncatingEvery: window)
        (outputs, last) = (scanned.outputs, scanned.last)
      }
      return (outputs.value, last.sum().gradients()[x].value)
    }
    let whole = run(nil, isFused: true)
    for isFused in [false, true] {
      let cut = run(2, isFused: isFused)
      #expect(abs(cut.outputs - whole.outputs).max().item() < 1e-6)
      // Steps 0, 1 | 2, 3 | 4, or 4, 3 | 2, 1 | 0: only the last window is reached.
      let reached = cut.gradient.transposed([1, 0, 2]).reshaped(to: [2, 5]).scalars(as: Double.self).map { $0 != 0 }
      let row = (0..<5).map { reversed ? $0 == 0 : $0 == 4 }
      #expect(Array(reached[0..<5]) == row)
      #expect(run(5, isFused: isFused).gradient == run(nil, isFused: isFused).gradient)
    }
  }

  @Test func `a detached state carries values and no gradient`() {
    let tape = Tape()
    let state = LSTMState(hidden: tape.variable([[1]]), cell: tape.variable([[2]])).detached()
    #expect(!state.hidden.isRecorded && !state.cell.isRecorded && state.cell.value == [[2]])
  }

  @Test func `of no steps is the initial state`() {
    let cell = LSTMCell(2, 3, key: key), state = cell.randomState(batch: 2, key: key)
    let scanned = scan(cell, over: Variable(Tensor(zeros: [0, 2, 2])), from: state)
    #expect(scanned.last.cell.value == state.cell.value && scanned.outputs.shape == [0, 2, 3])
  }
}
