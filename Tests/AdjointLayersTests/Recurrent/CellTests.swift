import AdjointLayers
import Testing

/// Whether numbers agree to the six decimals that a worked example has.
private func agree(_ found: [Double], _ expected: [Double]) -> Bool {
  found.count == expected.count && zip(found, expected).allSatisfy { Swift.abs($0 - $1) < 6e-7 }
}

/// Sets every weight to a number and every bias to 0.
private func fill(_ cell: some AffineCell, _ number: Double) {
  for entry in cell.parameters {
    let value = entry.parameter.value
    entry.parameter.value = Tensor(repeating: value.rank == 2 ? number : 0, shape: value.shape, dtype: value.dtype)
  }
}

@Suite struct `Recurrent cells` {
  let key = RandomKey(seed: 4)
  // x = (1, −1, 0.5), one feature, one sequence.
  let x: Tensor = [[[1]], [[-1]], [[0.5]]]

  @Test func `a plain network with weights of a half`() {
    // 003-04
    let cell = RNNCell(1, 1, key: key)
    fill(cell, 0.5)
    let scanned = scan(cell, over: Variable(x))
    #expect(agree([scanned.last.item()], [0.118126]))
    #expect(agree([RNN(1, 1, key: key) { cell }(Variable(x)).states[0].item()], [0.118126]))
  }

  @Test func `a long short-term memory with weights of a half`() {
    // 003-12 003-13 003-14
    let cell = LSTMCell(1, 1, key: key)
    fill(cell, 0.5)
    let states = scan(cell, over: Variable(x)).states
    #expect(agree(states.map { $0.hidden.item() }, [0.174270, -0.016365, 0.061284]))
    #expect(agree(states.map { $0.cell.item() }, [0.287649, -0.041118, 0.109844]))
  }

  @Test(arguments: [GRUCell.Reset.resetBefore, .resetAfter])
  func `a gated recurrent unit with weights of a half`(reset: GRUCell.Reset) {
    // 003-16 003-18
    let cell = GRUCell(1, 1, reset: reset, key: key)
    fill(cell, 0.5)
    #expect(agree(scan(cell, over: Variable(x)).states.map { $0.item() }, [0.174468, -0.191895, -0.012960]))
  }

  @Test func `gates are functions of the joined row h, x`() {
    // 003-11
    let cell = LSTMCell(3, 2, bias: .single, forgetBias: 0, key: key)
    let x = Variable(Tensor(normal: [4, 3], key: key)), state = cell.randomState(batch: 4, key: key.stream(1))
    let joined = matmul(concatenate(state.hidden, x), cell.joinedWeight).value
    let apart = (matmul(x, cell.input.weight) + matmul(state.hidden, cell.state.weight)).value
    #expect(cell.joinedWeight.shape == [5, 8] && abs(joined - apart).max().item() < 1e-6)
    // The equations of the lecture on the joined row.
    let gates = Variable(joined).split(into: [2, 2, 2, 2])
    let c = sigmoid(gates[1]) * state.cell + sigmoid(gates[0]) * tanh(gates[2])
    let next = cell(x, state)
    #expect(abs(next.cell.value - c.value).max().item() < 1e-6)
    #expect(abs(next.hidden.value - (sigmoid(gates[3]) * tanh(c)).value).max().item() < 1e-6)
  }

  @Test func `saturated gates let everything or nothing through`() {
    // 003-10
    let cell = LSTMCell(1, 2, key: key)
    let x = Variable([[0.3]] as Tensor), state = cell.randomState(batch: 1, key: key)
    func cellState(input: Double, forget: Double) -> Tensor {
      cell.input.bias?.value = Tensor([input, input, forget, forget, 0, 0, 0, 0])
      return cell(x, state).cell.value
    }
    #expect(cellState(input: -1000, forget: 1000).isIdentical(to: state.cell.value))
    #expect(cellState(input: -1000, forget: -1000) == [[0, 0]])
    let gru = GRUCell(1, 2, key: key)
    gru.input.bias?.value = [0, 0, 1000, 1000, 0, 0]
    #expect(gru(x, state.hidden).value.isIdentical(to: state.hidden.value))
  }

  @Test func `a gated recurrent unit has three quarters of the parameters of a long short-term memory`() {
    // 003-15
    #expect(4 * GRUCell(5, 7, key: key).parameterCount == 3 * LSTMCell(5, 7, key: key).parameterCount)
    #expect(RNNCell(5, 7, key: key).parameterCount == 5 * 7 + 7 * 7 + 2 * 7)
  }

  @Test func `the two places of the reset gate agree for one unit and differ for several`() {
    // 003-17
    func difference(units: Int) -> Double {
      let (before, after) = (
        GRUCell(2, units, reset: .resetBefore, bias: .single, key: key), GRUCell(2, units, bias: .single, key: key)
      )
      let x = Variable(Tensor(normal: [3, 2], key: key)), h = before.randomState(batch: 3, key: key.stream(1))
      return abs(before(x, h).value - after(x, h).value).max().item()
    }
    #expect(difference(units: 1) < 1e-6)
    #expect(difference(units: 3) > 1e-3)
  }

  @Test func `the two update gates are each other's complement under negated weights`() {
    // 003-18
    let (old, new) = (GRUCell(2, 3, key: key), GRUCell(2, 3, update: .keepsNew, key: key))
    let signs: Tensor = [1, 1, 1, -1, -1, -1, 1, 1, 1]
    let x = Variable(Tensor(normal: [4, 2], key: key)), h = old.randomState(batch: 4, key: key.stream(1))
    #expect(abs(old(x, h).value - new(x, h).value).max().item() > 1e-2)
    for entry in new.parameters { entry.parameter.value = entry.parameter.value * signs }
    #expect(abs(old(x, h).value - new(x, h).value).max().item() < 1e-6)
  }

  @Test func `start with weights within 1 over the root of their units, and a memory that remembers`() {
    let cell = LSTMCell(3, 4, key: key)
    for weight in [cell.input.weight, cell.state.weight] { #expect(abs(weight.value).max().item() <= 0.5) }
    #expect(cell.input.bias?.value == [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(cell.parameters.map(\.path) == ["input.weight", "input.bias", "state.weight", "state.bias"])
    #expect(LSTMCell(3, 4, bias: .none, key: key).parameters.count == 2)
  }

  @Test(arguments: CellForm.allCases) func `treat the rows of a batch apart`(form: CellForm) {
    func check(_ cell: some AffineCell) {
      let x = Tensor(normal: [4, 3, 2], key: key), order: IndexArray = [2, 0, 1]
      let outputs = cell.sequence(
        over: Variable(x), from: cell.zeroState(batch: 3, dtype: .float32), lengths: nil, reversed: false
      ).outputs.value
      let permuted = cell.sequence(
        over: Variable(x.transposed([1, 0, 2]).gatherRows(order).transposed([1, 0, 2])),
        from: cell.zeroState(batch: 3, dtype: .float32), lengths: nil, reversed: false
      ).outputs.value
      #expect(permuted == outputs.transposed([1, 0, 2]).gatherRows(order).transposed([1, 0, 2]))
    }
    check(form.cell(2, 3))
  }
}

extension Recurrent {
  /// A network of one given cell.
  fileprivate init(_ inputs: Int, _ units: Int, key: RandomKey, _ cell: () -> Cell) {
    let cell = cell()
    self.init(inputs, key: key) { _, _ in cell }
  }
}
