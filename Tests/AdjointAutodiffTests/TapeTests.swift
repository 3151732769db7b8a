import AdjointAutodiff
import Testing

@Suite struct `A tape` {
  @Test func `is printed as a Wengert list`() {
    let tape = Tape()
    let (x, y, z) = (tape.variable(-2, named: "x"), tape.variable(3, named: "y"), tape.variable(2, named: "z"))
    let f = max((x + y) * z, 0)
    #expect(
      "\(tape)" == """
            operation  inputs        shape  value
        %0  leaf x                   []     -2
        %1  leaf y                   []     3
        %2  leaf z                   []     2
        %3  add        %0, %1        []     1
        %4  multiply   %3, %2        []     2
        %5  max        %4, constant  []     2
        """)
    #expect(
      tape.description(with: f.gradients()) == """
            operation  inputs        shape  value  gradient
        %0  leaf x                   []     -2     2
        %1  leaf y                   []     3      2
        %2  leaf z                   []     2      1
        %3  add        %0, %1        []     1      2
        %4  multiply   %3, %2        []     2      1
        %5  max        %4, constant  []     2      1
        """)
  }

  @Test func `shows small values only, and no gradient of what the result does not depend on`() {
    let tape = Tape()
    let x = tape.variable([[1, 2], [3, 4]]), unused = tape.variable(5)
    let y = (x.reshaped(to: [4]) * Variable(Tensor(ones: [2, 4]))).sum()
    #expect(
      tape.description(with: y.gradients()) == """
            operation  inputs        shape   value             gradient
        %0  leaf                     [2, 2]  [[1, 2], [3, 4]]  [[2, 2], [2, 2]]
        %1  leaf                     []      5
        %2  reshape    %0            [4]     [1, 2, 3, 4]      [2, 2, 2, 2]
        %3  multiply   %2, constant  [2, 4]
        %4  sum        %3            []      20                1
        """)
    #expect(unused.item() == 5)
  }

  @Test func `names parameters by their paths`() {
    let weight = Parameter([1, 2])
    let tape = Tape()
    _ = tape.recording { weight.wrappedValue * 2 }
    #expect("\(tape)".contains("%0  leaf parameter"))
  }

  @Test func `that is empty prints its head alone`() {
    #expect("\(Tape())" == "  operation  inputs  shape  value")
  }

  @Test func `records nothing but operations on its own variables`() {
    let tape = Tape()
    #expect(tape.count == 0)
    let x = tape.variable([1, 2, 3])
    #expect(tape.count == 1)
    let constant = Variable([4, 5, 6])
    _ = tanh(constant) * constant + constant.sum()
    _ = x.detached() * 2
    _ = x.value * x.value
    _ = Parameter([1, 2]).wrappedValue + 1
    #expect(tape.count == 1)
    let y = (x * x).sum()
    #expect(tape.count == 3)
    _ = y.gradients()
    #expect(tape.count == 3)
    _ = y.gradients(recorded: true)
    #expect(tape.count > 3)
  }

  @Test func `does not record what changes nothing`() {
    let tape = Tape()
    let x = tape.variable([1, 2, 3])
    _ = (x.reshaped(to: [3]), x.broadcast(to: [3]), x.summed(to: [3]))
    _ = dropout(x, probability: 0, key: RandomKey(seed: 1))
    #expect(tape.count == 1)
  }

  @Test func `can be used again after a reset`() {
    let tape = Tape()
    for round in 1...3 {
      let x = tape.variable(Tensor(Double(round), dtype: .float32))
      let y = x * x
      #expect(tape.count == 2)
      #expect(y.gradients()[x].item() == 2 * Double(round))
      tape.reset()
      #expect(tape.count == 0 && y.item() == Double(round * round))
    }
  }

  @Test func `stands beside others, one for each thread of execution`() async {
    await withTaskGroup(of: Double.self) { group in
      for task in 1...8 {
        group.addTask {
          let w = Parameter(Tensor(Double(task), dtype: .float64))
          return (0..<200).reduce(0) { total, _ in
            total + valueWithGradients { w.wrappedValue * w.wrappedValue }.gradients[w].item()
          } / 400
        }
      }
      var results: [Double] = []
      for await result in group { results.append(result) }
      #expect(results.sorted() == [1, 2, 3, 4, 5, 6, 7, 8])
    }
  }
}
