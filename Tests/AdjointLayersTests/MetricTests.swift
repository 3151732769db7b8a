import AdjointLayers
import Testing

@Suite struct `Metrics of classes` {
  let logits: Tensor = [[0.1, 0.7, 0.2], [0.5, 0.5, 0], [0, 1, 2], [3, 1, 2]]
  let labels: IndexArray = [1, 0, 1, 2]

  @Test func `accuracy counts the largest score, the first of several`() throws {
    #expect(try accuracy(logits: logits, labels) == 0.5)
    #expect(try accuracy(logits: logits, [1, 1, 1, 2]) == 0.25)
    #expect(try accuracy(logits: logits, labels, mask: [true, true, false, false]) == 1)
    #expect(try accuracy(logits: logits, [1, 0, -1, 99], mask: [true, true, false, false]) == 1)
    let strange: Tensor = [[.init(floatLiteral: .nan), 1], [1, .init(floatLiteral: .infinity)]]
    #expect(try accuracy(logits: strange, strange.argmax(along: 1)) == 1)
  }

  @Test func `top-k accuracy counts the k largest scores`() throws {
    #expect(try [1, 2, 3, 9].map { try topKAccuracy(logits: logits, labels, k: $0) } == [0.5, 1, 1, 1])
    // Three equal scores: the first two are among the two largest.
    #expect(try (0..<3).map { try topKAccuracy(logits: [[1, 1, 1]], [$0], k: 2) } == [1, 1, 0])
  }

  @Test func `wrong labels and no examples are errors`() {
    #expect(throws: MetricError.label(metric: "accuracy", position: 2, value: 3, classes: 3)) {
      try accuracy(logits: logits, [0, 0, 3, 0])
    }
    #expect(throws: MetricError.empty(metric: "accuracy")) { try accuracy(logits: Tensor(zeros: [0, 3]), []) }
    #expect(throws: MetricError.empty(metric: "perplexity")) {
      try perplexity(logits: logits, labels, mask: [false, false, false, false])
    }
    #expect(throws: MetricError.label(metric: "topKAccuracy", position: 0, value: -1, classes: 3)) {
      try topKAccuracy(logits: logits, [-1, 0, 0, 0], k: 1)
    }
    #expect(
      "\(MetricError.label(metric: "accuracy", position: 2, value: 3, classes: 3))"
        == "accuracy: class 3 at position 2 is outside 0 ..< 3")
    #expect("\(MetricError.empty(metric: "accuracy"))" == "accuracy: there are no examples")
  }

  @Test func `a confusion matrix gives precision, recall and F1`() throws {
    var matrix = ConfusionMatrix(classes: 4)
    #expect(matrix.accuracy == 0 && matrix.f1(.macro) == 0)
    try matrix.add(predicted: [0, 2, 1, 0], [0, 1, 2, 0])
    try matrix.add(predicted: [0, 1, 2], [1, 1, 2])
    #expect(matrix.counts == [[2, 0, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]] && matrix.total == 7)
    // By hand: class 0 has TP 2, FP 1, FN 0; class 1 has TP 1, FP 1, FN 2; class 2 has TP 1, FP 1, FN 1.
    #expect((0..<4).map { matrix.precision(of: $0) } == [2.0 / 3, 0.5, 0.5, 0])
    #expect((0..<4).map { matrix.recall(of: $0) } == [1, 1.0 / 3, 0.5, 0])
    #expect((0..<4).map { matrix.f1(of: $0) } == [0.8, 0.4, 0.5, 0])
    // Class 3 occurs nowhere and does not count in the means. scikit-learn 1.9's precision_recall_fscore_support gives the same.
    #expect(abs(matrix.precision(.macro) - 5.0 / 9) < 1e-15)
    #expect(abs(matrix.recall(.macro) - 11.0 / 18) < 1e-15)
    #expect(abs(matrix.f1(.macro) - 1.7 / 3) < 1e-15)
    for value in [matrix.accuracy, matrix.precision(.micro), matrix.recall(.micro), matrix.f1(.micro)] {
      #expect(value == 4.0 / 7)
    }
    #expect("\(matrix)" == "2 0 0 0\n1 1 1 0\n0 1 1 0\n0 0 0 0")
    let before = matrix
    #expect(throws: MetricError.label(metric: "ConfusionMatrix", position: 1, value: 4, classes: 4)) {
      try matrix.add(predicted: [0, 4], [0, 0])
    }
    #expect(matrix == before)
  }

  @Test func `perplexity is the number of choices a model is unsure among`() throws {
    #expect(try abs(perplexity(logits: Tensor(zeros: [5, 7]), [0, 1, 2, 3, 4]) - 7) < 1e-12)
    #expect(perplexity(crossEntropy: 0) == 1)
    let loss = softmaxCrossEntropy(logits: Variable(logits), labels).item()
    #expect(try abs(perplexity(logits: logits, labels) / perplexity(crossEntropy: loss) - 1) < 1e-6)
    #expect(try perplexity(logits: [[1e4, -1e4]], [0]) == 1)
    #expect(try perplexity(logits: [[1e4, -1e4]], [1]) == .infinity)
  }
}

@Suite struct `Metrics of rankings` {
  /// Every pair of a positive and a negative example, ties for half.
  private func pairwise(_ scores: [Double], _ labels: [Bool]) -> Double {
    var (wins, pairs) = (0.0, 0.0)
    for i in scores.indices where labels[i] {
      for j in scores.indices where !labels[j] {
        wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
        pairs += 1
      }
    }
    return wins / pairs
  }

  @Test func `the area under the ROC curve is the part of pairs in order, ties for half`() throws {
    for n in [2, 5, 40] {
      // Few distinct scores, so that there are many ties.
      let bits = RandomKey(seed: UInt64(n)).bits(count: 2 * n)
      let scores = (0..<n).map { Double(bits[$0] % 7) - 3 }
      let labels = (0..<n).map { $0 == 0 ? true : $0 == 1 ? false : bits[n + $0] % 3 == 0 }
      #expect(abs(try rocAUC(scores: Tensor(scores), labels: labels) - pairwise(scores, labels)) < 1e-15)
    }
    #expect(try rocAUC(scores: [1, 1, 1], labels: [true, false, true]) == 0.5)
    #expect(try rocAUC(scores: [3, 2, 1], labels: [true, false, false]) == 1)
    #expect(try rocAUC(scores: [1, .init(floatLiteral: .infinity)], labels: [true, false]) == 0)
  }

  @Test func `agree with scikit-learn`() throws {
    // roc_auc_score and average_precision_score of scikit-learn 1.9.1.
    let scores: Tensor = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.9, 0.1]
    let labels = [false, false, true, true, true, false, false, true]
    #expect(abs(try rocAUC(scores: scores, labels: labels) - 0.40625) < 1e-15)
    #expect(abs(try averagePrecision(scores: scores, labels: labels) - 0.475) < 1e-15)
    #expect(try averagePrecision(scores: [2, 1, 0], labels: [true, true, false]) == 1)
    #expect(try averagePrecision(scores: [1, 1], labels: [true, false]) == 0.5)
  }

  @Test func `one class, no examples and NaN are errors`() throws {
    #expect(throws: MetricError.oneClass(metric: "rocAUC")) { try rocAUC(scores: [1, 2], labels: [true, true]) }
    #expect(throws: MetricError.oneClass(metric: "rocAUC")) { try rocAUC(scores: [1, 2], labels: [false, false]) }
    #expect(throws: MetricError.oneClass(metric: "averagePrecision")) {
      try averagePrecision(scores: [1, 2], labels: [false, false])
    }
    #expect(try averagePrecision(scores: [1, 2], labels: [true, true]) == 1)
    #expect(throws: MetricError.empty(metric: "rocAUC")) { try rocAUC(scores: Tensor(zeros: [0]), labels: []) }
    #expect(throws: MetricError.notANumber(metric: "rocAUC", position: 1)) {
      try rocAUC(scores: [1, .init(floatLiteral: .nan)], labels: [true, false])
    }
    #expect("\(MetricError.oneClass(metric: "rocAUC"))" == "rocAUC: there are not both positive and negative labels")
    #expect(
      "\(MetricError.notANumber(metric: "rocAUC", position: 1))" == "rocAUC: the score at position 1 is not a number")
  }
}

@Suite struct `Metrics of numbers` {
  @Test(arguments: DType.allCases) func `are those of the textbook`(_ dtype: DType) throws {
    let predicted = Tensor([2.5, 0, 2, 8], dtype: dtype), targets = Tensor([3, -0.5, 2, 7], dtype: dtype)
    #expect(try meanAbsoluteError(predicted, targets) == 0.5)
    #expect(try meanSquaredError(predicted, targets) == 0.375)
    #expect(try rootMeanSquaredError(predicted, targets) == 0.375.squareRoot())
    // 1 − 1.5 / 29.1875; scikit-learn's r2_score gives 0.9486081370449679.
    #expect(abs(try rSquared(predicted, targets) - 0.9486081370449679) < 1e-15)
    #expect(try rSquared(targets, targets) == 1)
    #expect(try rSquared(Tensor(repeating: 2.875, shape: [4], dtype: dtype), targets) == 0)
  }

  @Test func `no elements and constant targets are errors`() {
    let none = Tensor(zeros: [0])
    #expect(throws: MetricError.empty(metric: "meanAbsoluteError")) { try meanAbsoluteError(none, none) }
    #expect(throws: MetricError.empty(metric: "meanSquaredError")) { try rootMeanSquaredError(none, none) }
    #expect(throws: MetricError.empty(metric: "rSquared")) { try rSquared(none, none) }
    #expect(throws: MetricError.constantTargets(metric: "rSquared")) { try rSquared([1, 2], [3, 3]) }
    #expect("\(MetricError.constantTargets(metric: "rSquared"))" == "rSquared: all targets are the same")
  }
}
