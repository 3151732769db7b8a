import AdjointAutodiff
import Testing

@Suite struct `A recording scope` {
  let w = Parameter([1, 2, 3]), b = Parameter(0.5), unused = Parameter(Tensor(ones: [2, 2]))

  @Test func `gives the value as a constant and the gradient of every parameter`() {
    let (value, gradients) = valueWithGradients { (w.wrappedValue * w.wrappedValue + b.wrappedValue).sum() }
    #expect(value.item() == 15.5 && !value.isRecorded)
    #expect(gradients[w].value == [2, 4, 6] && gradients[b].item() == 3)
    #expect(gradients[unused].value == Tensor(zeros: [2, 2]))
    #expect(gradients.find(unused) == nil && gradients.find(w) != nil)
    #expect(!gradients[w].isRecorded)
  }

  @Test func `treats a parameter read twice as one leaf`() {
    let tape = Tape()
    tape.recording { _ = (w.wrappedValue, w.wrappedValue, w.projectedValue.wrappedValue) }
    #expect(tape.count == 1)
    #expect(valueWithGradients { b.wrappedValue * b.wrappedValue }.gradients[b].item() == 1)
  }

  @Test func `ends with its braces: parameters are constants outside`() {
    #expect(!w.wrappedValue.isRecorded)
    _ = valueWithGradients {
      #expect(w.wrappedValue.isRecorded)
      withoutRecording { #expect(!w.wrappedValue.isRecorded) }
      #expect(w.wrappedValue.isRecorded)
      return b.wrappedValue * 2
    }
    #expect(!w.wrappedValue.isRecorded && !b.wrappedValue.isRecorded)
  }

  @Test func `does not differentiate what was computed without recording`() {
    let gradients = valueWithGradients {
      let frozen = withoutRecording { w.wrappedValue * 2 }
      return (frozen * w.wrappedValue).sum()
    }.gradients
    #expect(gradients[w].value == [2, 4, 6])
  }

  @Test func `ends when its body throws`() {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try valueWithGradients { () throws -> Variable in
        _ = w.wrappedValue * 2
        throw Failure()
      }
    }
    #expect(!w.wrappedValue.isRecorded)
    #expect(valueWithGradients { b.wrappedValue * 3 }.gradients[b].item() == 3)
  }

  @Test func `keeps the gradients of what variables of an outer tape went into`() {
    let tape = Tape()
    let x = tape.variable(3)
    let inner = tape.recording { valueWithGradients { x * b.wrappedValue * b.wrappedValue } }
    #expect(inner.value.isRecorded && inner.gradients[b].item() == 3 && inner.gradients[x].item() == 0.25)
    #expect(inner.gradients[b].gradients()[x].item() == 1)
  }

  @Test func `of a parameter itself is 1`() {
    #expect(valueWithGradients { b.wrappedValue }.gradients[b].item() == 1)
  }

  @Test func `sees the value a parameter has when it is read`() {
    let p = Parameter(2)
    let gradients = valueWithGradients { p.wrappedValue * p.wrappedValue }.gradients
    p.value = 10
    #expect(gradients[p].item() == 4)
    #expect(valueWithGradients { p.wrappedValue * p.wrappedValue }.gradients[p].item() == 20)
  }

  @Test func `has gradients of the parameters' own types`() {
    let single = Parameter(Tensor([1.0, 2], dtype: .float32)), double = Parameter(Tensor([3.0], dtype: .float64))
    let gradients = valueWithGradients { single.wrappedValue.sum() * 2 }.gradients
    #expect(gradients[single].dtype == .float32 && gradients[double].dtype == .float64)
  }
}
