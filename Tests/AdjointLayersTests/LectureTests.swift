import AdjointLayers
import Testing

/// What the lectures say of losses and perceptrons.
@Suite struct `Losses and perceptrons of the lectures` {
  let key = RandomKey(seed: 3)

  // 001-08
  @Test func `minimising gives the history of the loss`() {
    let x = Parameter([4, -2])
    let history = minimize([("x", x)], with: SGD(learningRate: 0.25), steps: 3) { square(x.wrappedValue).sum() }
    // Every step halves x.
    #expect(history == [20, 5, 1.25] && x.value == [0.5, -0.25])
    #expect(minimize([("x", x)], with: Adam(), steps: 0) { x.wrappedValue.sum() }.isEmpty)
  }

  // 001-09
  @Test func `the distance is not squared, and has gradient 0 at 0`() {
    let tape = Tape()
    let f = tape.variable([[3, 4]]), same = tape.variable([[1, 2]])
    let loss = l2NormLoss(f, [[0, 0]]), nothing = l2NormLoss(same, [[1, 2]])
    #expect(loss.item() == 5 && nothing.item() == 0)
    let gradient = loss.gradients()[f].scalars(as: Double.self)
    #expect((gradient[0] - 0.6).magnitude < 1e-7 && (gradient[1] - 0.8).magnitude < 1e-7)
    #expect(nothing.gradients()[same].value == [[0, 0]])
    let squared = squaredErrorLoss(f, [[0, 0]], reduction: .sum)
    #expect(squared.item() == 25 && squared.gradients()[f].value == [[6, 8]])
  }

  // 001-10
  @Test func `every loss passes the gradient check away from its kink, and keeps its convention there`() {
    let target = Variable(Tensor([0, 0, 0], shape: [3, 1], dtype: .float64))
    let signs = Variable(Tensor([1, -1, 1], shape: [3, 1], dtype: .float64))
    let losses: [(Variable) -> Variable] = [
      { absoluteErrorLoss($0, target) }, { huberLoss($0, target) },
      { softmaxCrossEntropy(logits: concatenate([$0, target], along: 1), [0, 1, 1]) },
    ]
    for loss in losses { #expect(checkGradients(of: loss, at: [[0.5], [-2], [3]]).passes) }
    #expect(checkGradients(of: { hingeLoss($0, signs) }, at: [[0.5], [-2], [3]]).passes)
    func slope(_ r: Double, _ loss: (Variable) -> Variable) -> Double {
      let tape = Tape()
      let x = tape.variable(Tensor([r], shape: [1, 1], dtype: .float64))
      return loss(x).gradients()[x].item()
    }
    let zero = Variable(Tensor([0], shape: [1, 1], dtype: .float64))
    #expect(slope(0) { absoluteErrorLoss($0, zero) } == 0)
    // Huber's loss has the same slope on both sides of ±1.
    for r in [-1.0, 1] {
      let sides = [r.nextUp, r, r.nextDown].map { slope($0) { huberLoss($0, zero) } }
      #expect(sides.allSatisfy { ($0 - r).magnitude < 1e-15 })
    }
    #expect(slope(1) { hingeLoss($0, signs.rows(0..<1)) } == 0)
  }

  // 001-11
  @Test func `the cross-entropy of the third of five classes with 0,4 is 0,916`() {
    let f = Variable(Tensor([0.1, 0.3, 0.4, 0.1, 0.1], shape: [1, 5], dtype: .float64))
    #expect((softmaxCrossEntropy(logits: log(f), [2]).item() - 0.916291).magnitude < 5e-7)
    let oneHot = Variable(Tensor([0, 0, 1, 0, 0], shape: [1, 5], dtype: .float64))
    #expect((softmaxCrossEntropy(logits: log(f), oneHot).item() - 0.916291).magnitude < 5e-7)
  }

  // 001-12
  @Test func `softmax of 1, 2, 3 does not change with a constant`() {
    let x = Variable(Tensor([1, 2, 3], dtype: .float64)), y = softmax(x).scalars(as: Double.self)
    for (found, expected) in zip(y, [0.090031, 0.244728, 0.665241]) { #expect((found - expected).magnitude < 5e-7) }
    for (found, moved) in zip(y, softmax(x + 1000).scalars(as: Double.self)) {
      #expect((found - moved).magnitude < 1e-15)
    }
  }

  // 001-13
  @Test func `a loss is summed, averaged or left as it is`() {
    let logits = Variable(Tensor(normal: [4, 3], key: key, dtype: .float64)), labels: IndexArray = [0, 2, 1, 1]
    let each = softmaxCrossEntropy(logits: logits, labels, reduction: .none)
    #expect(each.shape == [4])
    let sum = softmaxCrossEntropy(logits: logits, labels, reduction: .sum).item()
    let mean = softmaxCrossEntropy(logits: logits, labels, reduction: .mean).item()
    #expect((sum - each.scalars(as: Double.self).reduce(0, +)).magnitude < 1e-14 && (mean - sum / 4).magnitude < 1e-15)
    for (row, label) in labels.enumerated() {
      let one = softmaxCrossEntropy(logits: logits.rows(row..<row + 1), [label]).item()
      #expect((one - each.value[row]).magnitude < 1e-15)
    }
  }

  // 001-24
  @Test func `a perceptron with a hidden layer learns exclusive or`() {
    let model = MLP([2, 8, 1], activation: { tanh($0) }, key: RandomKey(seed: 1))
    let x: Variable = [[0, 0], [0, 1], [1, 0], [1, 1]], y: Variable = [[0], [1], [1], [0]]
    let history = minimize(model.parameters, with: Adam(learningRate: 0.05), steps: 250) {
      squaredErrorLoss(model(x), y)
    }
    #expect(squaredErrorLoss(model(x), y).item() < 1e-3 && history[0] > 0.1)
  }

  // 003-01
  @Test func `an autoencoder learns to put four examples through two numbers`() {
    let encoder = MLP([4, 8, 2], activation: { tanh($0) }, key: key.stream(0))
    let decoder = MLP([2, 8, 4], activation: { tanh($0) }, key: key.stream(1))
    let x = Variable(Tensor.eye(4))
    let history = minimize(encoder.parameters + decoder.parameters, with: Adam(learningRate: 0.03), steps: 200) {
      squaredErrorLoss(decoder(encoder(x)), x)
    }
    #expect(encoder(x).shape == [4, 2] && history[199] < 0.05 * history[0])
  }
}
