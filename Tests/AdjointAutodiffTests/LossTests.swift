import AdjointAutodiff
import Foundation
import Testing

@Suite struct `Losses` {
  private let x = constant([3, 4]), t = constant([3, 4], seed: 2, low: 0, high: 1)
  private let labels: IndexArray = [2, 0, 3]

  @Test func `reductions and masks`() {
    let each = squaredErrorLoss(x, t, reduction: .none)
    let differences: [Double] = (x - t).scalars()
    #expect(isClose(each.scalars(), differences.map { $0 * $0 }))
    #expect(isClose([squaredErrorLoss(x, t).item()], [each.mean().item()]))
    #expect(isClose([squaredErrorLoss(x, t, reduction: .sum).item()], [each.sum().item()]))
    let masked = valueAndGradient(
      of: { squaredErrorLoss($0, [0, 0, 0], mask: [true, false, true]) }, at: [1, .nan, 3])
    #expect(masked.value == [5])
    #expect(masked.gradient == [1, 0, 3])
    let none = valueAndGradient(of: { absoluteErrorLoss($0, [0, 0], mask: [false, false]) }, at: [1, 2])
    #expect(none.value == [0])
    #expect(none.gradient == [0, 0])
  }

  @Test func `losses of differences`() {
    func loss(_ d: Double, _ f: (Variable, Variable) -> Variable) -> [Double] {
      let result = valueAndGradient(of: { f($0, [0]) }, at: [d])
      return result.value + result.gradient
    }
    #expect(loss(0) { absoluteErrorLoss($0, $1) } == [0, 0])
    #expect(loss(0.5) { huberLoss($0, $1, delta: 2) } == [0.125, 0.5])
    #expect(loss(-3) { huberLoss($0, $1, delta: 2) } == [4, -2])
    #expect(loss(-3) { smoothL1Loss($0, $1, beta: 2) } == [2, -1])
    #expect(loss(2) { smoothL1Loss($0, $1, beta: 2) } == [1, 1])
    #expect(valueAndGradient(of: { l2NormLoss($0, [[0, 0]]) }, at: [3, 4], shape: [1, 2]).value == [5])
    #expect(valueAndGradient(of: { l2NormLoss($0, [[0, 0]]) }, at: [0, 0], shape: [1, 2]).gradient == [0, 0])
  }

  @Test func `binary cross-entropy is right, and finite at extreme logits`() {
    let p = sigmoid(x)
    let expected = -(t * log(p) + (1 - t) * log(1 - p))
    #expect(isClose(binaryCrossEntropy(logits: x, t, reduction: .none).scalars(), expected.scalars()))
    #expect(isClose(binaryCrossEntropy(probabilities: p, t, reduction: .none).scalars(), expected.scalars()))
    let weight = constant([4], seed: 3, low: 1, high: 3)
    let weighted = -(weight * t * log(p) + (1 - t) * log(1 - p))
    let loss = binaryCrossEntropy(logits: x, t, positiveWeight: weight, reduction: .none)
    #expect(isClose(loss.scalars(), weighted.scalars()))
    let extreme = valueAndGradient(
      of: { binaryCrossEntropy(logits: $0, [0, 1, 0, 1, 1, 0], reduction: .none) },
      at: [1e4, -1e4, -1e4, 1e4, .infinity, -.infinity])
    #expect(extreme.value == [1e4, 1e4, 0, 0, 0, 0])
    #expect(extreme.gradient == [1, -1, 0, 0, 0, 0])
    let sure = valueAndGradient(of: { binaryCrossEntropy(probabilities: $0, [1, 0], reduction: .sum) }, at: [1, 0])
    #expect(sure.value == [0])
    #expect(sure.gradient == [-1, 1])
  }

  @Test func `cross-entropy with weights, smoothing and ignored labels`() {
    let logP = logSoftmax(x).value
    let rows = labels.enumerated().map { -logP[$0, $1] }
    let weights = Tensor([0.5, 2, 1, 3], dtype: .float64)
    let total = zip(labels, rows).map { weights[$0] * $1 }.reduce(0, +) / labels.map { weights[$0] }.reduce(0, +)
    #expect(isClose([softmaxCrossEntropy(logits: x, labels, classWeights: weights).item()], [total]))
    let weighted = negativeLogLikelihood(logProbabilities: logSoftmax(x), labels, classWeights: weights)
    #expect(isClose([weighted.item()], [total]))
    let each = negativeLogLikelihood(logProbabilities: logSoftmax(x), labels, reduction: .none)
    #expect(isClose(each.scalars(), rows))
    let smooth = oneHot(labels, classes: 4, dtype: .float64) * 0.9 + 0.1 / 4
    let soft = softmaxCrossEntropy(logits: x, smooth)
    #expect(isClose([softmaxCrossEntropy(logits: x, labels, labelSmoothing: 0.1).item()], [soft.item()]))
    #expect(isClose([crossEntropy(probabilities: softmax(x), smooth).item()], [soft.item()]))
    let ignoring = softmaxCrossEntropy(logits: x, [2, -1, 3], ignoring: -1, reduction: .none)
    #expect(isClose(ignoring.scalars(), [rows[0], 0, rows[2]]))
    #expect(softmaxCrossEntropy(logits: x, [7, 7, 7], classWeights: weights, ignoring: 7).item() == 0)
    let extreme = valueAndGradient(
      of: { softmaxCrossEntropy(logits: $0, [0, 1], classWeights: [1, 1], labelSmoothing: 0.5, reduction: .none) },
      at: [1e4, -1e4, 1e4, -1e4], shape: [2, 2])
    #expect(extreme.value == [5e3, 1.5e4])
    #expect(extreme.gradient.allSatisfy { $0.isFinite })
  }

  @Test func `divergences and margins`() {
    let q = softmax(t), p = softmax(x)
    let expected = (q * (log(q) - log(p))).sum(along: 1)
    #expect(isClose(klDivergence(logProbabilities: log(p), q, reduction: .none).scalars(), expected.scalars()))
    let certain = Variable(Tensor([-Double.infinity, 0], shape: [1, 2]))
    #expect(klDivergence(logProbabilities: certain, [[0, 1]]).item() == 0)
    #expect(hingeLoss([2, 0.5, -1], [1.0, 1, 1], reduction: .none).value == [0, 0.5, 2])
    #expect(valueAndGradient(of: { hingeLoss($0, [1.0]) }, at: [1]).gradient == [0])
    #expect(hingeLoss([[1, 0.5, 2.5]], [0]).item() == 1)
    #expect(marginRankingLoss(positive: [1, 2], negative: [2, 0], margin: 0.5, reduction: .none).value == [1.5, 0])
    let triplet = tripletLoss(anchor: [[0, 0]], positive: [[3, 4]], negative: [[0, 2]], margin: 1)
    #expect(triplet.item() == 4)
    let cosine = cosineEmbeddingLoss(
      [[1, 0], [1, 0], [0, 0]], [[0, 2], [3, 0], [1, 1]], [1, -1, 1], margin: 0.5, reduction: .none)
    #expect(cosine.value == [1, 0.5, 1])
    let zero = valueAndGradient(of: { cosineEmbeddingLoss($0, [[1, 2]], [1]) }, at: [0, 0], shape: [1, 2])
    #expect(zero.gradient == [0, 0])
  }

  @Test func `unequal shapes and wrong labels are named`() async {
    expectStop(
      "squaredErrorLoss: predictions of shape [4], targets of shape [4, 1]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = squaredErrorLoss(Variable(Tensor(zeros: [4])), Variable(Tensor(zeros: [4, 1])))
      })
    expectStop(
      "binaryCrossEntropy: logits of shape [2], targets of shape [3]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = binaryCrossEntropy(logits: Variable(Tensor(zeros: [2])), Variable(Tensor(zeros: [3])))
      })
    expectStop(
      "hingeLoss: label 5 at row 2 is outside 0 ..< 4",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = hingeLoss(Variable(Tensor(zeros: [3, 4])), [1, 9, 5], mask: [true, false, true])
      })
    expectStop(
      "softmaxCrossEntropy: class weights of shape [3] for 4 classes",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = softmaxCrossEntropy(logits: Variable(Tensor(zeros: [1, 4])), [1], classWeights: [1, 2, 3])
      })
  }
}
