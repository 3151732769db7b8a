import AdjointAutodiff
import Testing

/// The example of an operation of one's own.
func cube(_ x: Variable) -> Variable {
  record("cube", x, value: x.value * x.value * x.value, saving: .inputs) { dy, saved in
    [3 * dy * saved[0] * saved[0]]
  }
}

@Suite struct `An operation of one's own` {
  @Test(arguments: [1, 2], DType.allCases) func `cube differentiates correctly`(_ order: Int, _ dtype: DType) {
    #expect(checkGradients(of: { cube($0) }, at: [3, 4], order: order, dtype: dtype).passes)
    #expect(checkGradients(of: { cube($0) }, at: 3, order: order, dtype: dtype).passes)
  }

  @Test func `shows its name on the tape`() {
    let tape = Tape()
    let y = cube(tape.variable(2))
    #expect(y.item() == 8 && y.gradients()[y].item() == 1)
    #expect("\(tape)".contains("%1  cube       %0      []     8"))
  }

  @Test func `of constants is a constant, and its pullback never runs`() {
    let y = record("never", Variable(2), Variable(3), value: 6) { _, _ in
      Issue.record("the pullback of a constant ran")
      return []
    }
    #expect(!y.isRecorded && y.item() == 6)
  }

  @Test func `may have many inputs, some constant, and leave out gradients`() {
    let tape = Tape()
    let inputs = (0..<9).map { $0 == 4 ? Variable(Tensor(4)) : tape.variable(Tensor(Double($0), dtype: .float32)) }
    let y = record("nine", inputs, value: 36) { dy, saved in
      #expect((0..<9).filter { !saved.needsGradient($0) } == [4])
      return (0..<9).map { $0 == 7 ? nil : Variable(Double($0)) * dy }
    }
    let gradients = y.gradients()
    for i in [0, 1, 2, 3, 5, 6, 8] { #expect(gradients[inputs[i]].item() == Double(i)) }
    #expect(gradients[inputs[7]].item() == 0)
  }

  @Test func `sees the values it saved, even when the caller's tensor changes later`() {
    let tape = Tape()
    var data = Tensor([1, 2, 3, 4, 5, 6] as [Double])
    let y = cube(tape.variable(data))
    data[0] = 100
    let gradient = y.gradients(seed: Variable(Tensor(ones: [6])))
    #expect(gradient[y].value == Tensor(ones: [6]))
    #expect(y.value[0] == 1)
    let x = tape.variable(data)
    data.add(data)
    #expect(cube(x).gradients(seed: Variable(Tensor(ones: [6])))[x].value[0] == 30_000)
  }

  @Test func `may save its output`() {
    func power(_ x: Variable) -> Variable {
      record("power", x, value: exp(x.value), saving: .output) { dy, saved in [dy * saved.output] }
    }
    let point = Tensor([-1, 0, 0.5, 1, 1.5, 2] as [Double])
    for order in [1, 2] { #expect(checkGradients(of: { power($0) }, at: point, order: order).passes) }
  }

  @Test func `may save what the other inputs need`() {
    func product(_ a: Variable, _ b: Variable) -> Variable {
      record("product", a, b, value: a.value * b.value, saving: .otherInputs) { dy, saved in
        [
          saved.needsGradient(0) ? dy * saved[1] : nil,
          saved.needsGradient(1) ? dy * saved[0] : nil,
        ]
      }
    }
    let a: Tensor = [1, 2, 3, 4, 5], b: Tensor = [5, -4, 3, -2, 1]
    for order in [1, 2] {
      #expect(checkGradients(of: { product($0[0], $0[1]) }, at: [a, b], order: order).passes)
      #expect(checkGradients(of: { product($0, Variable(b.converted(to: .float64))) }, at: a, order: order).passes)
      #expect(checkGradients(of: { product(Variable(a.converted(to: .float64)), $0) }, at: b, order: order).passes)
    }
  }

  @Test func `under a static rule works as the built-in ones do`() {
    let point = [Tensor([1, 2, 3]), Tensor([0.5, -1, 2])] as [Tensor]
    func apply(_ x: Variable, _ y: Variable) -> Variable { record(.weighted, x, y, value: x.value * x.value * y.value) }
    for order in [1, 2] {
      #expect(checkGradients(of: { apply($0[0], $0[1]) }, at: point, order: order).passes)
      #expect(checkGradients(of: { apply($0[0], $0[1].sum()) }, at: point, order: order).passes)
    }
  }
}

extension OperationRule {
  fileprivate static let weighted = OperationRule(
    "weighted", saving: .inputs, broadcasts: true, { dy, saved in 2 * dy * saved[0] * saved[1] },
    { dy, saved in dy * saved[0] * saved[0] })
}
