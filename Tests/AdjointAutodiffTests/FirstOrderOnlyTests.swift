import AdjointAutodiff
import Testing

/// x³ with a pullback that computes on tensors, and says so.
private func tensorCube(_ x: Variable) -> Variable {
  record("tensor cube", x, value: x.value * x.value * x.value, saving: .inputs, firstOrderOnly: true) { dy, saved in
    [Variable(3 * dy.value * saved[0].value * saved[0].value)]
  }
}

/// The same, without saying so.
private func silentCube(_ x: Variable) -> Variable {
  record("silent cube", x, value: x.value * x.value * x.value, saving: .inputs) { dy, saved in
    [Variable(3 * dy.value * saved[0].value * saved[0].value)]
  }
}

@Suite struct `An operation without a second-order rule` {
  @Test(arguments: DType.allCases) func `has first derivatives, in a recorded sweep too`(_ dtype: DType) {
    #expect(checkGradients(of: tensorCube, at: [3, -0.5], dtype: dtype).passes)
    let tape = Tape()
    let x = tape.variable(2)
    #expect((tensorCube(x) * x).gradients(recorded: true)[x].item() == 32)
    let rule = OperationRule("twice", saving: .nothing, firstOrderOnly: true) { dy, _ in Variable(2 * dy.value) }
    #expect(record(rule, x, value: 2 * x.value).gradients()[x].item() == 2)
  }

  @Test func `is no obstacle where its gradient is not differentiated`() {
    let tape = Tape()
    let (x, y) = (tape.variable(2), tape.variable(3))
    let gradients = (tensorCube(x) + y * y * y).gradients(recorded: true)
    #expect(gradients[x].item() == 12 && gradients[y].gradients()[y].item() == 18)
  }

  @Test func `says so when its gradient is differentiated`() async {
    expectStop(
      "tensor cube: the operation has no second-order rule: it was recorded with firstOrderOnly, and the derivative of its "
        + "gradient is asked for",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let tape = Tape()
        let x = tape.variable(2)
        _ = tensorCube(x).gradients(recorded: true)[x].gradients()
      })
    expectStop(
      "tensor cube: the operation has no second-order rule",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = checkGradients(of: tensorCube, at: [1, 2], order: 2)
      })
    expectStop(
      "static: the operation has no second-order rule",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let rule = OperationRule(
          "static", saving: .otherInputs, firstOrderOnly: true,
          { dy, saved in Variable(dy.value * saved[1].value) }, { dy, saved in Variable(dy.value * saved[0].value) })
        let tape = Tape()
        let (a, b) = (tape.variable(2), tape.variable(3))
        _ = record(rule, a, b, value: a.value * b.value).gradients(recorded: true)[a].gradients()
      })
  }

  @Test func `is found out where its gradient forgets the one from above`() async {
    expectStop(
      "silent cube: the pullback computes the gradient of input 0 on tensors, so that it has no derivative; write it in "
        + "operations on variables, or record the operation with firstOrderOnly",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let tape = Tape()
        let x = tape.variable(2)
        let y = silentCube(x)
        _ = (y * y).gradients(recorded: true)
      })
  }
}
