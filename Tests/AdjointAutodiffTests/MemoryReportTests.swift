import AdjointAutodiff
import Testing

@Suite struct `A memory report` {
  @Test func `counts a block once, however many operations and views share it`() {
    let tape = Tape()
    let x = tape.variable(Tensor(ones: [100], dtype: .float64))
    _ = (sin(x), cos(x), sin(x.reshaped(to: [10, 10])))
    let memory = tape.memory
    #expect(memory.savedBytes == 800)
    let sine = memory.operations.first { $0.name == "sin" }
    #expect(sine?.entries == 2 && sine?.bytes == 800)
    #expect(memory.operations.first { $0.name == "cos" }?.bytes == 0)
    #expect(memory.operations.first { $0.name == "leaf" }?.entries == 1)
    #expect(memory.listBytes > 0 && memory.listBytes % tape.count == 0)
  }

  @Test func `counts the whole block that a view keeps alive`() {
    let tape = Tape()
    _ = sin(tape.variable(Tensor(ones: [100, 4], dtype: .float32)).rows(0..<10))
    #expect(tape.memory.savedBytes == 1600)
  }

  @Test func `sets parameters apart, by their paths`() {
    let weight = Parameter(Tensor(ones: [3, 2], dtype: .float32)), tape = Tape()
    let x = Variable(Tensor(ones: [50, 3], dtype: .float32))
    let y = tape.recording { matmul(x * sigmoid(matmul(x, weight.wrappedValue)).sum(), weight.wrappedValue) }
    let memory = tape.memory
    #expect(memory.parameters.map(\.name) == ["parameter"] && memory.parameters.map(\.bytes) == [24])
    // sigmoid keeps its result, the first product x, as the scaling does, and the second its left operand.
    #expect(memory.savedBytes == 50 * 2 * 4 + 2 * 50 * 3 * 4 && y.rank == 2)
    #expect(memory.operations.first?.name == "matmul" && memory.operations.first?.bytes == 1200)
  }

  @Test func `prints operations, parameters and sums`() {
    let tape = Tape()
    _ = exp(tape.variable(Tensor(ones: [1000], dtype: .float32)))
    let lines = "\(tape.memory)".split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("operation  entries  saved") && lines[1].hasPrefix("exp        1        4 KB"))
    #expect(lines[3].hasPrefix("total      2        4 KB, 0 B of parameters, "))
    #expect(Tape().memory.savedBytes == 0 && "\(Tape().memory)".hasPrefix("total"))
  }
}
