import AdjointAutodiff
import Testing

private let key = RandomKey(seed: 5)

@Suite struct `A checkpointed block` {
  private let weight = Parameter(Tensor(normal: [3, 3], key: key.stream(1), dtype: .float64))
  private let bias = Parameter(Tensor(normal: [3], key: key.stream(2), dtype: .float64))
  private let x = Tensor(normal: [4, 3], key: key.stream(3), dtype: .float64)

  private func layer(_ x: Variable) -> Variable {
    dropout(tanh(linear(x, weight.wrappedValue, bias.wrappedValue)), probability: 0.4, key: key.stream(4))
  }

  private func gradients(_ function: (Variable) -> Variable) -> [Tensor] {
    let tape = Tape()
    let x = tape.variable(x)
    let gradients = tape.recording { function(x).sum() }.gradients()
    return [gradients[x].value, gradients[weight].value, gradients[bias].value]
  }

  @Test func `has the bits of the block itself: value, gradients of inputs, of parameters, and draws`() {
    let plain = gradients { layer(layer($0)) }
    for blocks in [
      { layer(checkpoint($0, layer)) }, { checkpoint($0) { layer(layer($0)) } },
      { checkpoint($0) { layer(checkpoint($0, layer)) } },
      { checkpoint(checkpoint($0) { checkpoint($0, layer) }, layer) },
    ] as [(Variable) -> Variable] {
      let found = gradients(blocks)
      #expect(zip(found, plain).allSatisfy { $0.isIdentical(to: $1) })
    }
  }

  @Test func `trains in a scope, from parameters alone too`() {
    let plain = valueWithGradients { layer(Variable(x)).sum() }
    let recomputed = valueWithGradients { checkpoint { layer(Variable(x)).sum() } }
    #expect(plain.value.value.isIdentical(to: recomputed.value.value))
    for parameter in [weight, bias] {
      #expect(plain.gradients[parameter].value.isIdentical(to: recomputed.gradients[parameter].value))
    }
  }

  @Test(arguments: [1, 2]) func `can be differentiated to any order`(_ order: Int) {
    let inputs = checkGradients(of: { checkpoint($0) { layer(checkpoint($0, layer)) } }, at: x, order: order)
    #expect(inputs.passes, "\(inputs)")
    let parameters = checkGradients(for: [("w", weight), ("b", bias)], order: order) {
      checkpoint(Variable(x), layer)
    }
    #expect(parameters.passes, "\(parameters)")
    func third(_ x: Variable) -> Variable { checkpoint(x) { $0 * $0 * $0 } }
    let derivative = gradient(of: { gradient(of: { gradient(of: third, at: $0) }, at: $0) }, at: Variable(Tensor(2)))
    #expect(derivative.item() == 6)
  }

  @Test func `takes several inputs, constants among them`() {
    let tape = Tape()
    let (a, b) = (tape.variable([1, 2]), tape.variable([3, 4]))
    let y = checkpoint([a, [5, 6], b]) { $0[0] * $0[1] * $0[2] }
    let gradients = y.sum().gradients()
    #expect(gradients[a].value == [15, 24] && gradients[b].value == [5, 12])
  }

  @Test func `keeps its inputs and its result alone`() {
    let tape = Tape(), plain = Tape()
    let x = Tensor(ones: [1000], dtype: .float32)
    func chain(_ x: Variable) -> Variable { (0..<20).reduce(x) { y, _ in sin(y) } }
    let (a, b) = (checkpoint(tape.variable(x), chain), chain(plain.variable(x)))
    #expect(a.value.isIdentical(to: b.value))
    #expect(tape.memory.savedBytes == 8000 && plain.memory.savedBytes == 20 * 4000)
  }

  @Test func `of constants outside any scope records nothing`() {
    let y = checkpoint(Variable([1, 2])) { $0 * 2 }
    #expect(!y.isRecorded && y.value == [2, 4])
    let tape = Tape()
    #expect(!tape.recording { checkpoint(Variable([1, 2])) { $0 * 2 } }.isRecorded && tape.count == 0)
  }

  @Test func `that draws other numbers the second time stops the program`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var calls: UInt64 = 0
      let x = Tape.kept.variable([1, 2, 3])
      let y = checkpoint(x) { x in
        calls += 1
        return x * Variable(Tensor(uniform: [3], key: RandomKey(seed: calls)))
      }
      _ = y.sum().gradients()
    }
    expectStop("checkpoint: the block gave another result when it ran again for the reverse sweep", in: result)
  }

  @Test func `whose parameter has changed in between stops the program`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weight = Parameter([1, 2])
      let y = Tape.kept.recording { checkpoint { weight.wrappedValue * weight.wrappedValue } }
      weight.value = [3, 4]
      _ = y.sum().gradients()
    }
    expectStop("checkpoint: the value of a parameter has changed since the block first ran", in: result)
  }

  @Test func `that takes a variable from outside stops the program`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (x, y) = (Tape.kept.variable(1), Tape.kept.variable(2))
      _ = checkpoint(x) { _ in y * 2 }
    }
    expectStop("checkpoint: the block depends on a variable from outside; pass it in as an input", in: result)
  }
}

extension Tape {
  nonisolated(unsafe) fileprivate static let kept = Tape()
}
