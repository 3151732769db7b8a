import AdjointAutodiff
import Testing

@Suite struct `The gradients` {
  @Test func `exist for every value on the way, and are 1 for the result`() {
    let tape = Tape()
    let x = tape.variable([1, 2, 3])
    let square = x * x
    let scaled = 3 * square
    let total = scaled.sum()
    let gradients = total.gradients()
    #expect(gradients[total].value == 1)
    #expect(gradients[scaled].value == [1, 1, 1])
    #expect(gradients[square].value == [3, 3, 3])
    #expect(gradients[x].value == [6, 12, 18])
  }

  @Test func `of one tape can be asked for again, with the same bits, of any value`() {
    let tape = Tape()
    let x = tape.variable(Tensor(normal: [5, 4], key: RandomKey(seed: 1)))
    let w = tape.variable(Tensor(normal: [4, 3], key: RandomKey(seed: 2)))
    let h = tanh(matmul(x, w))
    let a = softmax(h).max(), b = (h * h).sum()
    let first = a.gradients(), between = b.gradients(), again = a.gradients()
    for variable in [x, w, h] {
      #expect(first[variable].value.isIdentical(to: again[variable].value))
      #expect(!first[variable].value.isIdentical(to: between[variable].value))
    }
    #expect(between[h].value == h.value * 2)
  }

  @Test func `of one tape keep their own numbers while others are alive, and after its reset`() {
    let tape = Tape()
    var kept: [(gradients: Gradients, x: Variable, expected: Double)] = []
    for round in 1...6 {
      let x = tape.variable(Tensor(Double(round)))
      var y = x * x
      // Longer and shorter tapes in turn.
      for _ in 0..<(round % 3) * 7 { y = y + x }
      let gradients = y.gradients(), expected = Double(2 * round + (round % 3) * 7)
      #expect(gradients[x].item() == expected && y.gradients()[x].item() == expected)
      kept.append((gradients, x, expected))
      for (gradients, x, expected) in kept { #expect(gradients[x].item() == expected) }
      tape.reset()
    }
    for (gradients, x, expected) in kept { #expect(gradients[x].item() == expected) }
  }

  @Test func `are numbers, arrays and numbers again on one tape`() {
    let tape = Tape()
    for round in 1...3 {
      let x = tape.variable(Tensor(Double(round))), unused = tape.variable(5)
      #expect((x * x).gradients()[x].item() == 2 * Double(round))
      let rows = tape.variable([1, 2, 3])
      let sum = (x * rows).sum().gradients()
      #expect(sum[x].item() == 6 && sum[rows].value == Tensor([1, 1, 1]) * Tensor(Double(round)))
      #expect(sum[unused].item() == 0)
      let square = (x * x).gradients()
      #expect(square[x].item() == 2 * Double(round) && square[rows].value == [0, 0, 0])
      tape.reset()
    }
  }

  @Test func `asked for inside a pullback leave those of the sweep around it alone`() {
    func inner(_ x: Variable) -> Variable {
      record("inner", x, value: x.value * x.value, saving: .inputs) { dy, saved in
        [dy * gradient(of: { $0 * $0 }, at: saved[0])]
      }
    }
    let tape = Tape()
    for round in 1...3 {
      let x = tape.variable(Tensor(Double(round))), y = tape.variable(2)
      // The inner one on a tape of its own, and on the same.
      for gradients in [
        (inner(x) * y + inner(y) * x).gradients(), tape.recording { (inner(x) * y + inner(y) * x).gradients() },
      ] {
        #expect(gradients[x].item() == 4 * Double(round) + 4)
        #expect(gradients[y].item() == Double(round * round + 4 * round))
      }
      tape.reset()
    }
  }

  @Test func `sum over all uses of a value`() {
    let tape = Tape()
    let x = tape.variable(3)
    let fan = (1...10).reduce(Variable(0)) { $0 + Double($1).constant * x }
    #expect(fan.gradients()[x].item() == 55)
    #expect((x * x * x).gradients()[x].item() == 27)
    #expect((x - x).gradients()[x].item() == 0)
    #expect((x / x).gradients()[x].item() == 0)
  }

  @Test(arguments: DType.allCases) func `double at each of sixty diamonds`(_ dtype: DType) {
    let tape = Tape()
    let x = tape.variable(Tensor(1, dtype: dtype))
    var y = x
    for _ in 0..<60 { y = (y + 1) + (y - 1) }
    #expect(y.gradients()[x].item() == 0x1p60)
    #expect(tape.count == 181)
  }

  @Test func `of what the result does not depend on are zeros of its shape`() {
    let tape = Tape()
    let x = tape.variable([1, 2]), unused = tape.variable(Tensor(ones: [2, 3], dtype: .float64))
    let y = (x * 2).sum()
    let later = x * 5
    let gradients = y.gradients()
    #expect(gradients[unused].value.isIdentical(to: Tensor(zeros: [2, 3], dtype: .float64)))
    #expect(gradients[later].value == [0, 0])
    #expect(gradients[x].value == [2, 2])
  }

  @Test func `do not flow through constants and detached values`() {
    let tape = Tape()
    let x = tape.variable(3)
    let y = x * x
    #expect((y.detached() * x).gradients()[x].item() == 9)
    #expect(!y.detached().isRecorded && y.detached().item() == 9)
    #expect((Variable(5) * x).gradients()[x].item() == 5)
    #expect(!(Variable(5) * 2).isRecorded)
  }

  @Test func `outlive their tape`() {
    let gradient = {
      let tape = Tape()
      let x = tape.variable([1, 2, 3, 4, 5, 6])
      let gradients = (x * x).sum().gradients()
      return (gradients, x, gradients[x])
    }()
    for _ in 0..<3 { _ = Tape().variable(7) }
    #expect(gradient.2.value == [2, 4, 6, 8, 10, 12])
    #expect(gradient.0[gradient.1].value == [2, 4, 6, 8, 10, 12])
    #expect(gradient.1.value == [1, 2, 3, 4, 5, 6])
  }

  @Test func `of leaves alone are the same as among all`() {
    let tape = Tape()
    let x = tape.variable(Tensor(normal: [4, 4], key: RandomKey(seed: 1))), y = tape.variable([1, 2, 3, 4])
    let middle = sigmoid(matmul(x, x) + y)
    let loss = (middle * x).sum()
    let all = loss.gradients(), leaves = loss.gradients(keeping: .leaves)
    for leaf in [x, y] { #expect(all[leaf].value.isIdentical(to: leaves[leaf].value)) }
  }

  @Test func `of a leaf with respect to itself are 1, or the seed`() {
    let tape = Tape()
    let x = tape.variable([1, 2])
    #expect(x.gradients(seed: [3, 4])[x].value == [3, 4])
    #expect(tape.variable(7).gradients()[tape.variable(0)].item() == 0)
  }
}

@Suite struct `A seed` {
  @Test func `gives the rows of the Jacobian one at a time`() {
    let tape = Tape()
    let x = tape.variable([1, 2, 3])
    let y = concatenate([x * x, (x * [1, 10, 100]).sum().reshaped(to: [1])])
    let rows = (0..<4).map { row in y.gradients(seed: Variable(Tensor.eye(4).rows(row..<row + 1).reshaped(to: [4])))[x]
    }
    #expect(stack(rows.map(\.value)) == [[2, 0, 0], [0, 4, 0], [0, 0, 6], [1, 10, 100]])
  }

  @Test func `enters linearly`() {
    let tape = Tape()
    let x = tape.variable(Tensor([0.25, 0.5, -1], dtype: .float64))
    let y = x * x * x
    func pulled(_ seed: [Double]) -> Tensor { y.gradients(seed: Variable(Tensor(seed, dtype: .float64)))[x].value }
    #expect(pulled([2, 0, -4]) + pulled([1, 8, 0]) == pulled([3, 8, -4]))
  }

  @Test func `that is a literal adopts the element type`() {
    let tape = Tape()
    let x = tape.variable(Tensor(3, dtype: .float64))
    let gradient = (x * x).gradients(seed: 0.1)[x]
    #expect(gradient.dtype == .float64 && gradient.item() == 0.1 * 3 + 0.1 * 3)
  }

  @Test func `may be recorded: the derivative along it is the Jacobian times a vector`() {
    let tape = Tape()
    let x = tape.variable([1, 2, 3])
    let y = x * x
    let u = tape.variable([0, 0, 0])
    let pulled = y.gradients(seed: u, recorded: true)[x]
    #expect(pulled.gradients(seed: [1, 10, 100])[u].value == [2, 40, 600])
  }
}

extension Double {
  /// The number as a constant that adopts the element type of the other operand.
  fileprivate var constant: Variable { Variable(self) }
}
