import Adjoint

extension CaseTable {
  /// Recurrent cells and networks.
  static let recurrent: [CaseRow] = [
    .outputs("rnn_cell_tanh", "rnn_cell_relu") { run in
      let activation: RNNCell.Activation = run.golden.name.hasSuffix("relu") ? .relu : .tanh
      let cell = try run.cell("") { RNNCell($0, $1, activation: activation, key: $2) }
      let (x, h) = (try run["x"], try run["h"])
      return run.tape.recording { ["h_next": .values(cell(x, h))] }
    },
    .outputs("lstm_cell") { run in
      let cell = try run.cell("") { LSTMCell($0, $1, key: $2) }
      let x = try run["x"], state = LSTMState(hidden: try run["h"], cell: try run["c"])
      return run.tape.recording { next(cell(x, state)) }
    },
    .outputs("gru_cell") { run in
      let order = run.optional("gate_order")?.array?.compactMap(\.string)
      guard order == ["r", "z", "n"] else { throw CaseError.malformed("gate_order is not r, z, n") }
      let cell = try run.cell("") { GRUCell($0, $1, key: $2) }
      let (x, h) = (try run["x"], try run["h"])
      return run.tape.recording { ["h_next": .values(cell(x, h))] }
    },
    .outputs("rnn_cell_lecture") { run in
      let (x, h) = (try run["x"], try run["h"])
      let cell = RNNCell(x.shape[1], h.shape[1], activation: .sigmoid, bias: .none, key: RandomKey(seed: 0))
      try run.bind(cell.input.$weight, to: "W", isTransposed: true)
      try run.bind(cell.state.$weight, to: "U", isTransposed: true)
      return run.tape.recording { ["h_next": .values(cell(x, h))] }
    },
    // 003-11 003-12 003-13 003-14: the gates are functions of [h, x], in this order.
    .outputs("lstm_cell_lecture") { run in
      let x = try run["x"], state = LSTMState(hidden: try run["h"], cell: try run["c"])
      let cell = LSTMCell(x.shape[1], state.hidden.shape[1], bias: .single, key: RandomKey(seed: 0))
      try run.bindGates(of: cell, ["i", "f", "c", "o"])
      return run.tape.recording { next(cell(x, state)) }
    },
    // 003-16 003-17 003-18
    .outputs("gru_cell_lecture") { run in
      let (x, h) = (try run["x"], try run["h"])
      let cell = GRUCell(x.shape[1], h.shape[1], reset: .resetBefore, bias: .single, key: RandomKey(seed: 0))
      try run.bindGates(of: cell, ["r", "z", "h"])
      return run.tape.recording { ["h_next": .values(cell(x, h))] }
    },
    .outputs("rnn_sequence", "rnn_sequence_zero_state") { run in
      try run.sequence(of: try run.cell("_l0") { RNNCell($0, $1, key: $2) }, from: ["h0"], to: ["h_last"])
    },
    .outputs("gru_sequence", "gru_sequence_zero_state") { run in
      try run.sequence(of: try run.cell("_l0") { GRUCell($0, $1, key: $2) }, from: ["h0"], to: ["h_last"])
    },
    .outputs("lstm_sequence", "lstm_sequence_zero_state") { run in
      try run.sequence(
        of: try run.cell("_l0") { LSTMCell($0, $1, key: $2) }, from: ["h0", "c0"], to: ["h_last", "c_last"])
    },
    CaseRow("lstm_stacked") { run in
      let x = try run["x"]
      let network = LSTM(x.shape[2], try run.units("_l0", gates: 4), layers: 2, key: RandomKey(seed: 0))
      for entry in network.pyTorchNames {
        try run.bind(entry.parameter, to: entry.name, isTransposed: entry.isTransposed)
      }
      return run.tape.recording { network(x).outputs }
    },
    CaseRow("gru_bidirectional") { run in
      let x = try run["x"]
      let network = GRU(x.shape[2], try run.units("_l0", gates: 3), bidirectional: true, key: RandomKey(seed: 0))
      for entry in network.pyTorchNames {
        try run.bind(entry.parameter, to: entry.name, isTransposed: entry.isTransposed)
      }
      return run.tape.recording { network(x).outputs }
    },
    CaseRow("rnn_last_step_classifier") { run in
      let x = try run["x"], units = try run.units("", gates: 1)
      let network = RNN(x.shape[2], units, bias: .single, key: RandomKey(seed: 0)), cell = network.layers[0].forward
      let head = Linear(units, try run.parameter("head").shape[0], key: RandomKey(seed: 0))
      try run.bind(cell.input.$weight, to: "weight_ih", isTransposed: true)
      try run.bind(cell.state.$weight, to: "weight_hh", isTransposed: true)
      if let bias = cell.input.bias { try run.bind(bias, to: "bias") }
      try run.bind(head.$weight, to: "head", isTransposed: true)
      if let bias = head.bias { try run.bind(bias, to: "head_bias") }
      let target = try run.indices("target", below: head.weight.shape[1])
      return run.tape.recording { softmaxCrossEntropy(logits: head(network(x).states[0]), target) }
    },
  ]

  private static func next(_ state: LSTMState) -> [String: CaseOutput] {
    ["h_next": .values(state.hidden), "c_next": .values(state.cell)]
  }
}

extension CaseRun {
  /// The number of state features, from the weights with the given suffix.
  fileprivate func units(_ suffix: String, gates: Int) throws -> Int {
    try parameter("weight_hh" + suffix).shape[0] / gates
  }

  /// A cell with the weights under PyTorch's names with the given suffix.
  fileprivate func cell<Cell: AffineCell>(
    _ suffix: String, _ make: (_ inputs: Int, _ units: Int, RandomKey) -> Cell
  ) throws -> Cell {
    let inputs = try parameter("weight_ih" + suffix).shape[1]
    let cell = make(inputs, try units(suffix, gates: Cell.gateCount), RandomKey(seed: 0))
    try bind(cell.input.$weight, to: "weight_ih" + suffix, isTransposed: true)
    try bind(cell.state.$weight, to: "weight_hh" + suffix, isTransposed: true)
    if let bias = cell.input.bias { try bind(bias, to: "bias_ih" + suffix) }
    if let bias = cell.state.bias { try bind(bias, to: "bias_hh" + suffix) }
    return cell
  }

  /// Gives a cell with one bias the lecture's matrices `W_…` [H, H + D], which multiply [h, x], and biases `b_…`.
  fileprivate func bindGates<Cell: AffineCell>(of cell: Cell, _ gates: [String]) throws {
    let units = cell.units, bias = cell.input.bias
    let matrices = try gates.map { try parameter("W_" + $0).value.transposed() }
    cell.state.$weight.value = concatenate(matrices.map { $0.rows(0..<units) }, along: 1)
    cell.input.$weight.value = concatenate(matrices.map { $0.rows(units..<$0.shape[0]) }, along: 1)
    bias?.value = concatenate(try gates.map { try parameter("b_" + $0).value }, along: 0)
    for (number, gate) in gates.enumerated() {
      let columns = number * units..<(number + 1) * units
      bind("W_" + gate) { gradients in
        let maps = [cell.state.$weight, cell.input.$weight]
        return concatenate(maps.map { gradients[$0].value.slice(columns, along: 1) }, along: 0).transposed()
      }
      bind("b_" + gate) { gradients in
        bias.map { gradients[$0].value.rows(columns) } ?? Tensor(zeros: [units])
      }
    }
  }

  /// The outputs and last state of a network of one cell, from the states that the file has under the given names.
  fileprivate func sequence<Cell: AffineCell>(
    of cell: Cell, from initial: [String], to last: [String]
  ) throws -> [String: CaseOutput] {
    let x = try self["x"]
    let given = try hasInput(initial[0]) ? initial.map { try self[$0] } : nil
    let network = Recurrent<Cell>(cell.inputs, key: RandomKey(seed: 0)) { _, _ in cell }
    let (outputs, states) = tape.recording { network(x, from: given.map { [Cell.State(stateVariables: $0)] }) }
    var result: [String: CaseOutput] = ["y": .values(outputs)]
    for (name, variable) in zip(last, states[0].stateVariables) { result[name] = .values(variable) }
    return result
  }
}
