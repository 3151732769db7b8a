import AdjointAutodiff
import Testing

@Suite struct `A gradient hook` {
  @Test func `sees the gradient once, when every use has added to it`() {
    let tape = Tape()
    let x = tape.variable([1, 2])
    var seen: [[Double]] = []
    let y = (x * 3).observingGradient { seen.append($0.scalars()) }
    let gradients = (y * y + y).sum().gradients()
    #expect(seen == [[7, 13]] && gradients[x].value == [21, 39] && gradients[y].value == [7, 13])
  }

  @Test func `puts another gradient in the place of the one that came`() {
    let tape = Tape()
    let x = tape.variable([1, -2, 3])
    let y = x.replacingGradient { clamp($0, to: -1...1) }
    #expect((y * y).sum().gradients()[x].value == [1, -1, 1])
    #expect(y.value == x.value)
  }

  @Test func `of a parameter acts on what an optimizer gets`() {
    let weight = Parameter([1, 2])
    var order: [String] = []
    let gradients = valueWithGradients {
      let w = weight.wrappedValue.replacingGradient { dy in
        order.append("weight")
        return dy * 10
      }
      return (w * w).observingGradient { _ in order.append("square") }.sum()
    }.gradients
    #expect(gradients[weight].value == [20, 40] && order == ["square", "weight"])
  }

  @Test func `is recorded in a recorded sweep`() {
    // x̄ = (3x²)² = 9x⁴, whose derivative is 36x³; the hook squares that in the sweep of the outer gradient.
    func squared(_ x: Variable) -> Variable {
      gradient(
        of: { x in
          let y = x.replacingGradient { $0 * $0 }
          return y * y * y
        }, at: x)
    }
    let x = Variable(Tensor(2, dtype: .float64))
    #expect(squared(x).item() == 9 * 16 && gradient(of: squared, at: x).item() == (36 * 8) * (36 * 8))
  }

  @Test func `does nothing to a constant, and is not called for what the result does not depend on`() {
    var calls = 0
    let constant = Variable([1, 2]).observingGradient { _ in calls += 1 }
    #expect(!constant.isRecorded)
    let tape = Tape()
    let x = tape.variable(2)
    let unused = (x * 2).observingGradient { _ in calls += 1 }
    _ = (x * x).gradients()
    #expect(calls == 0 && unused.item() == 4)
  }

  @Test func `that returns another shape stops the program`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tape = Tape()
      let y = tape.variable([1, 2]).replacingGradient { $0.sum() }
      _ = y.sum().gradients()
      withExtendedLifetime(tape) {}
    }
    expectStop("gradientHook: the pullback returns shape [] for input 0, which has shape [2]", in: result)
  }
}
