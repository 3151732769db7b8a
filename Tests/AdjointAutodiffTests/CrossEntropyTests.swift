import AdjointAutodiff
import Foundation
import Testing

@Suite struct `The cross-entropy of a softmax` {
  @Test(arguments: DType.allCases) func `is finite for logits of ±10⁴, and so is its gradient`(_ dtype: DType) {
    let tape = Tape()
    let x = tape.variable(Tensor([1e4, -1e4, 0, -1e4, 1e4, 1e4], shape: [2, 3], dtype: dtype))
    let loss = softmaxCrossEntropy(logits: x, [0, 0], reduction: .none)
    let exact = 2e4 + Foundation.log(2.0)
    #expect(loss.scalars()[0] == 0.0)
    #expect(Swift.abs(loss.scalars()[1] - exact) <= 4 * dtype.ulpOfOne * exact)
    #expect(loss.gradients(seed: Variable(Tensor(ones: [2], dtype: dtype)))[x].scalars() == [0, 0, 0, -1, 0.5, 0.5])
  }

  @Test(arguments: DType.allCases)
  func `gives rows outside the mask a loss and a gradient of exactly 0`(_ dtype: DType) {
    let tape = Tape()
    let logits = [0.1, 2, -1, .nan, .infinity, -.infinity, 1, 2, 3]
    let x = tape.variable(Tensor(logits, shape: [3, 3], dtype: dtype))
    // The label of a row outside the mask is not looked at.
    for reduction in [LossReduction.mean, .sum] {
      let loss = softmaxCrossEntropy(logits: x, [2, 77, 0], mask: [true, false, true], reduction: reduction)
      let gradient = loss.gradients()[x].value
      #expect(loss.item().isFinite)
      #expect(gradient.rows(1..<2).isIdentical(to: Tensor(zeros: [1, 3], dtype: dtype)))
      #expect(gradient.rows(0..<1).scalars(as: Double.self).allSatisfy { $0 != 0 && $0.isFinite })
    }
    let rows = softmaxCrossEntropy(logits: x, [2, -5, 0], mask: [true, false, true], reduction: .none)
    #expect(rows.scalars()[1] == 0.0)
  }

  @Test func `of no rows is 0`() {
    let tape = Tape()
    let x = tape.variable([[1, 2], [3, 4]])
    let loss = softmaxCrossEntropy(logits: x, [0, 1], mask: [false, false])
    #expect(loss.item() == 0 && loss.gradients()[x].value == [[0, 0], [0, 0]])
    #expect(softmaxCrossEntropy(logits: Variable(Tensor(zeros: [0, 3])), []).item() == 0)
  }

  @Test(arguments: DType.allCases) func `averages over the rows that count`(_ dtype: DType) {
    let x = Variable(Tensor.normal([5, 4], 1, dtype)), labels: IndexArray = [3, 0, 1, 1, 2]
    let mask = [true, false, true, true, false]
    let rows = softmaxCrossEntropy(logits: x, labels, mask: mask, reduction: .none).scalars(as: Double.self)
    let sum = softmaxCrossEntropy(logits: x, labels, mask: mask, reduction: .sum).item()
    let mean = softmaxCrossEntropy(logits: x, labels, mask: mask).item()
    #expect(Swift.abs(sum - rows.reduce(0, +)) <= 4 * dtype.ulpOfOne * sum)
    #expect(Swift.abs(mean - sum / 3) <= 2 * dtype.ulpOfOne * mean)
  }

  @Test(arguments: DType.allCases) func `is what logSoftmax gives at the label`(_ dtype: DType) {
    let tape = Tape()
    let x = tape.variable(Tensor.normal([6, 5], 2, dtype))
    let labels: IndexArray = [4, 0, 2, 2, 1, 3]
    let oneHot = Variable(Tensor.eye(5, dtype: dtype).gatherRows(labels))
    let fused = softmaxCrossEntropy(logits: x, labels)
    let composed = -(logSoftmax(x) * oneHot).sum() * (1.0 / 6)
    let soft = softmaxCrossEntropy(logits: x, oneHot)
    for other in [composed, soft] {
      #expect(Swift.abs(fused.item() - other.item()) <= 8 * dtype.ulpOfOne * fused.item())
      let gap = abs(fused.gradients()[x].value - other.gradients()[x].value).max().item()
      #expect(gap <= 4 * dtype.ulpOfOne)
    }
  }

  @Test func `with soft labels ignores classes of target 0, at −∞ too`() {
    let tape = Tape()
    let x = tape.variable(Tensor([0, 0, -.infinity] as [Double], shape: [1, 3]))
    let loss = softmaxCrossEntropy(logits: x, Variable([[0.5, 0.5, 0]]))
    #expect(Swift.abs(loss.item() - Foundation.log(2.0)) <= 2 * Double(Float.ulpOfOne))
    #expect(loss.gradients()[x].value == [[0, 0, 0]])
  }

  @Test func `of the label's own −∞ is ∞`() {
    let x = Variable(Tensor([0, -.infinity] as [Double], shape: [1, 2]))
    #expect(softmaxCrossEntropy(logits: x, [1]).item() == .infinity)
  }
}

extension Tensor {
  /// Normal random numbers.
  static func normal(_ shape: Shape, _ seed: UInt64, _ dtype: DType) -> Tensor {
    Tensor(normal: shape, key: RandomKey(seed: seed), dtype: dtype)
  }
}
