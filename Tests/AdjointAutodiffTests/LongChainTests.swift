import AdjointAutodiff
import Testing

#if DEBUG
private let operationCount = 200_000
#else
private let operationCount = 1_000_000
#endif

// Counts of bytes are the process's own, so each of these tests runs in a process that does nothing else.
@Suite struct `A long computation` {
  @Test func `on single numbers is swept and released without recursion, in less than 400 bytes per operation`() async {
    await #expect(processExitsWith: .success) {
      _ = Tape().variable(1)
      let start = TensorMemory.liveBytes
      TensorMemory.resetPeak()
      do {
        let tape = Tape()
        let x = tape.variable(Tensor(1, dtype: .float64))
        var y = x
        for i in 0..<operationCount / 2 { y = (i % 2 == 0 ? y + x : y - x) * 1 }
        #expect(tape.count == operationCount / 2 * 2 + 1)
        #expect(y.gradients()[x].item() == 1)
        #expect(y.gradients(keeping: .leaves)[x].item() == 1)
      }
      #expect(TensorMemory.liveBytes == start)
      let perOperation = Double(TensorMemory.peakBytes - start) / Double(operationCount)
      #expect(perOperation < 400, "\(perOperation) bytes per operation")
    }
  }

  @Test func `on arrays gives everything back, stored gradients and variables included`() async {
    await #expect(processExitsWith: .success) {
      _ = Tape().variable(1)
      let start = TensorMemory.liveBytes
      do {
        let tape = Tape()
        let x = tape.variable(Tensor(ones: [32]))
        var y = x
        for i in 0..<operationCount / 20 { y = i % 3 == 0 ? tanh(y) : i % 3 == 1 ? y * x : concatenate([y]) }
        let gradients = y.gradients(seed: Variable(Tensor(ones: [32])))
        #expect(gradients[x].shape == [32])
      }
      #expect(TensorMemory.liveBytes == start)
    }
  }

  @Test func `in steps keeps nothing from one to the next`() async {
    await #expect(processExitsWith: .success) {
      let w = Parameter(Tensor(normal: [20, 20], key: RandomKey(seed: 1)))
      let x = Variable(Tensor(normal: [8, 20], key: RandomKey(seed: 2)))
      var losses: [Variable] = []
      func step() {
        let (loss, gradients) = valueWithGradients { tanh(matmul(x, w.wrappedValue)).sum() }
        // The loss is a constant: storing it keeps no graph alive.
        losses.append(loss)
        w.value = w.value - gradients[w].value * 0.01
      }
      for _ in 0..<3 { step() }
      let start = TensorMemory.liveBytes
      for _ in 0..<operationCount / 1000 { step() }
      withExtendedLifetime((w, x)) { #expect(TensorMemory.liveBytes == start) }
    }
  }

  @Test func `of second order inside a scope gives everything back`() async {
    await #expect(processExitsWith: .success) {
      let w = Parameter(Tensor(normal: [20], key: RandomKey(seed: 1)))
      func step() {
        let gradients = valueWithGradients {
          let slopes = valueWithGradients { (tanh(w.wrappedValue) * w.wrappedValue).sum() }.gradients
          return (slopes[w] * slopes[w]).sum()
        }.gradients
        #expect(gradients[w].shape == [20])
      }
      step()
      let start = TensorMemory.liveBytes
      for _ in 0..<50 { step() }
      withExtendedLifetime(w) { #expect(TensorMemory.liveBytes == start) }
    }
  }

  @Test func `whose pullback refers to its own tape's values is released`() async {
    await #expect(processExitsWith: .success) {
      _ = Tape().variable(1)
      let start = TensorMemory.liveBytes
      for _ in 0..<20 {
        let tape = Tape()
        let x = tape.variable(Tensor(ones: [100]))
        let index: IndexArray = [0, 5, 5, 99]
        let y = x.gatherRows(index).scatterMax(to: [0, 0, 1, 1], count: 3).slice(0..<2, along: 0)
        let recorded = y.gradients(seed: [1, 2], recorded: true)
        _ = recorded[x].sum().isRecorded
      }
      #expect(TensorMemory.liveBytes == start)
    }
  }

  @Test func `keeps neither leaves nor gradients that nothing needs any more`() async {
    await #expect(processExitsWith: .success) {
      let tape = Tape()
      _ = tape.variable(1)
      let block = 4 << 16
      let start = TensorMemory.liveBytes
      do { _ = tape.variable(Tensor(ones: [1 << 16])) }
      #expect(TensorMemory.liveBytes == start)
      let x = tape.variable(Tensor(ones: [1 << 16]))
      let y = (0..<10).reduce(x) { y, _ in y + 1 }
      // x and y alone: a sum keeps nothing.
      #expect(TensorMemory.liveBytes == start + 2 * block)
      let leaves = (y * 2).sum().gradients(keeping: .leaves)
      #expect(TensorMemory.liveBytes == start + 3 * block)
      #expect(leaves[x].shape == x.shape && y.shape == x.shape)
      TensorMemory.resetPeak()
      let peak = TensorMemory.peakBytes
      _ = (0..<10).reduce(x) { y, _ in y * 2 }.sum().gradients(keeping: .leaves)
      #expect(TensorMemory.peakBytes <= peak + 4 * block)
    }
  }
}
