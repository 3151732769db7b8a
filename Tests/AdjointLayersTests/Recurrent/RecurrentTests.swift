import AdjointLayers
import Testing

@Suite struct `Recurrent networks` {
  let key = RandomKey(seed: 7)

  @Test func `of one layer are their cell`() {
    // 003-07
    let network = LSTM(2, 3, key: key), cell = network.layers[0].forward
    let x = Variable(Tensor(normal: [4, 2, 2], key: key))
    let state = cell.zeroState(batch: 2, dtype: .float32)
    let alone = cell.sequence(over: x, from: state, lengths: nil, reversed: false)
    let (outputs, states) = network(x)
    #expect(outputs.value.isIdentical(to: alone.outputs.value))
    #expect(states.count == 1 && states[0].cell.value.isIdentical(to: alone.last.cell.value))
  }

  @Test func `of several layers feed every layer's outputs to the next`() {
    // 003-07
    let network = GRU(2, 3, layers: 3, key: key)
    let x = Variable(Tensor(normal: [4, 2, 2], key: key))
    var h = x
    var last: [Tensor] = []
    for layer in network.layers {
      let result = layer.forward.sequence(
        over: h, from: layer.forward.zeroState(batch: 2, dtype: .float32), lengths: nil, reversed: false)
      h = result.outputs
      last.append(result.last.value)
    }
    let (outputs, states) = network(x)
    #expect(outputs.value == h.value && states.map(\.value) == last)
    #expect(
      network.parameters.map(\.path).prefix(5) == [
        "layers.0.forward.input.weight", "layers.0.forward.input.bias", "layers.0.forward.state.weight",
        "layers.0.forward.state.bias", "layers.1.forward.input.weight",
      ])
  }

  @Test func `of both directions join the outputs of a forward and a backward cell`() {
    let network = GRU(2, 3, layers: 2, bidirectional: true, key: key)
    let x = Tensor(normal: [4, 2, 2], key: key)
    let first = network.layers[0]
    let one = GRU(2, 3, bidirectional: true, key: key)
    let (outputs, states) = one(Variable(x))
    #expect(outputs.shape == [4, 2, 6] && states.count == 2)
    guard let backward = one.layers[0].backward else {
      Issue.record("there is no backward cell")
      return
    }
    // Backwards is forwards on the reversed sequence.
    let reversed = x.gatherRows([3, 2, 1, 0])
    let expected = scan(backward, over: Variable(reversed)).outputs.value.gatherRows([3, 2, 1, 0])
    #expect(abs(outputs.value.slice(3..<6, along: 2) - expected).max().item() < 1e-6)
    #expect(states[1].value == outputs.value.rows(0..<1).reshaped(to: [2, 6]).slice(3..<6, along: 1))
    #expect(first.backward != nil && network.layers[1].forward.inputs == 6)
    #expect(network(Variable(x)).states.count == 4)
  }

  @Test func `continue from their last states`() {
    let network = LSTM(2, 3, layers: 2, key: key)
    let x = Variable(Tensor(normal: [6, 2, 2], key: key))
    let whole = network(x)
    let start = network(x.rows(0..<4))
    let rest = network(x.rows(4..<6), from: start.states)
    #expect(rest.outputs.value == whole.outputs.value.rows(4..<6))
    #expect(rest.states[1].cell.value == whole.states[1].cell.value)
  }

  @Test func `give every row of a batch what it has alone`() {
    let network = GRU(2, 3, layers: 2, bidirectional: true, key: key)
    let x = Tensor(normal: [5, 4, 2], key: key), lengths = [3, 0, 5, 1]
    let (outputs, states) = network(Variable(x), lengths: IndexArray(lengths))
    for (row, length) in lengths.enumerated() {
      let own = Variable(x.slice(row..<row + 1, along: 1).rows(0..<length))
      let alone = network(own)
      let part = outputs.value.slice(row..<row + 1, along: 1).rows(0..<length)
      #expect(length == 0 || abs(part - alone.outputs.value).max().item() < 1e-6)
      for (together, single) in zip(states, alone.states) {
        #expect(abs(together.value.rows(row..<row + 1) - single.value).max().item() < 1e-6)
      }
    }
  }

  @Test func `drop outputs between layers with a key, and none without`() {
    let network = RNN(2, 8, layers: 2, dropout: 0.5, key: key)
    let x = Variable(Tensor(normal: [3, 2, 2], key: key))
    let plain = network(x).outputs.value
    #expect(network(x).outputs.value == plain)
    let dropped = network(x, key: key).outputs.value
    #expect(dropped != plain && network(x, key: key).outputs.value == dropped)
    #expect(RNN(2, 8, dropout: 0.5, key: key)(x, key: key).outputs.value == RNN(2, 8, key: key)(x).outputs.value)
  }

  @Test(arguments: [1, 2]) func `pass the gradient check`(order: Int) {
    withDefaultDType(.float64) {
      let network = LSTM(1, 1, layers: 2, bidirectional: true, bias: .single, key: key)
      let x = Variable(Tensor(normal: [2, 2, 1], key: key))
      let report = checkGradients(for: network.parameters, order: order) { network(x, lengths: [1, 2]).outputs }
      #expect(report.passes, "\(report)")
    }
  }
}
