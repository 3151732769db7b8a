import AdjointLayers
import Testing

private let key = RandomKey(seed: 1)

/// What the program says, and the mistake that makes it stop.
private let mistakes: [String: @Sendable () -> Void] = [
  "matmul: inner extents differ: [5, 3] × layers.1.weight [4, 2]": {
    let model = MLP([3, 4, 2], key: key)
    _ = model.parameters
    let x = Variable(Tensor(zeros: [5, 3]))
    _ = valueWithGradients { matmul(x, model.layers[1].weight).sum() }
  },
  "rectifiedLinear: inner extents differ: [5, 7] × layers.0.weight [3, 4]": {
    let model = MLP([3, 4, 2], key: key)
    _ = model.parameters
    _ = valueWithGradients { model(Variable(Tensor(zeros: [5, 7]))).sum() }
  },
  "rectifiedLinear: inner extents differ: [5, 7] × [3, 4]": {
    _ = MLP([3, 4, 2], key: key)(Variable(Tensor(zeros: [5, 7])))
  },
  "linear: both operands need two axes: [3] × [3, 4]": { _ = Linear(3, 4, key: key)([1, 2, 3]) },
  "MLP: 1 widths do not make a layer": { _ = MLP([3], key: key) },
  "MLP: a normalised perceptron takes [N, D], not shape [2, 3, 3]": {
    _ = MLP([4, 3, 1], isNormalized: true, key: key)(Variable(Tensor(zeros: [2, 3, 4])))
  },
  "Dropout: the probability 1.0 is outside 0 ..< 1": { _ = Dropout(1) },
  "Dropout: the probability -0.5 is outside 0 ..< 1": { _ = Dropout(-0.5) },
  "Conv2D: 3 channels in and 4 out do not divide into 2 groups": {
    _ = Conv2D(3, 4, window: 3, groups: 2, key: key)
  },
  "Conv1D: 3 channels in and 4 out do not divide into 0 groups": {
    _ = Conv1D(3, 4, window: 3, groups: 0, key: key)
  },
  "GlobalMaxPool: shape [2, 3] is not [B, C, ...]": { _ = GlobalMaxPool()(Variable(Tensor(zeros: [2, 3]))) },
  "Flatten: a single number has no batch": { _ = Flatten()(1) },
  "LayerNorm: the last axes of shape [2, 3] are not [4]": { _ = LayerNorm(4)(Variable(Tensor(zeros: [2, 3]))) },
  "RMSNorm: the last axes of shape [] are not [4]": { _ = RMSNorm(4)(1) },
  "BatchNorm: shape [2, 3] is not [B, 4, ...]": { _ = BatchNorm(4)(Variable(Tensor(zeros: [2, 3]))) },
  "BatchNorm: the momentum 1.5 is outside 0 ... 1": { _ = BatchNorm(4, momentum: 1.5) },
  "Bilinear: shapes [2, 3] and [3, 4] are not [N, 3] and [N, 4]": {
    _ = Bilinear(3, 4, 5, key: key)(Variable(Tensor(zeros: [2, 3])), Variable(Tensor(zeros: [3, 4])))
  },
  "MultiHeadAttention: 5 features do not divide into 2 heads": { _ = MultiHeadAttention(5, heads: 2, key: key) },
  "MultiHeadAttention: the dropout 1.0 is outside 0 ..< 1": {
    _ = MultiHeadAttention(4, heads: 2, dropout: 1, key: key)
  },
  "MultiHeadAttention: shapes [2, 4] and [2, 4] are not [B, T, D] and [B, S, D]": {
    _ = MultiHeadAttention(4, heads: 2, key: key)(Variable(Tensor(zeros: [2, 4])))
  },
  "MultiHeadAttention: a key mask of shape [3] for [1, 3] places": {
    _ = MultiHeadAttention(4, heads: 2, key: key)(Variable(Tensor(zeros: [1, 3, 4])), keyMask: [1, 1, 0], key: nil)
  },
  "dotProductAttention: queries [2, 3], keys [2, 4] and values [2, 1] are not [..., T, D], [..., S, D] and [..., S, M]":
    {
      _ = dotProductAttention(
        queries: Variable(Tensor(zeros: [2, 3])), keys: Variable(Tensor(zeros: [2, 4])),
        values: Variable(Tensor(zeros: [2, 1])))
    },
  "SetBatch: there are no sets": { _ = SetBatch([]) },
  "SetBatch: set 1 has shape [1, 2], the first one [1, 1]": { _ = SetBatch([[[1]], [[1, 2]]]) },
  "SetBatch: sizes [1, 1] do not add up to the rows of shape [3, 1]": {
    _ = SetBatch([[1], [2], [3]] as Variable, sizes: [1, 1])
  },
  "SetBatch: 2 elements became [1, 1]": { _ = SetBatch([[[1], [2]]]).map { $0.rows(0..<1) } },
  "permutationMatrix: [0, 1, 2] is not an order of 1 ... 3": { _ = permutationMatrix([0, 1, 2]) },
  "checkEquivariance: the function turns 3 rows into shape [1]": {
    _ = checkEquivariance(of: { $0.sum(along: 0) }, at: [[1], [2], [3]])
  },
  "checkSymmetry: a single number has no rows": { _ = checkInvariance(of: { $0 }, at: 1) },
  "Initializer: a normal distribution cut off at 0.1 deviations is below 0.5": {
    _ = Initializer.truncatedNormal(limit: 0.1)
  },
  "Initializer: orthogonal weights need two axes, not shape [3]": { _ = Initializer.orthogonal()([3], key: key) },
  "Shape: extent -1 is outside 0 ... 2147483647": { _ = Linear(-1, 2, key: key) },
  "update: layers.0.weight is float32 [1, 2], its gradient float32 [2, 1]": {
    let model = MLP([1, 2], key: key)
    SGD(learningRate: 1).update(model.parameters[0].parameter, with: [[1], [2]])
  },
  "update: the parameter is float32 [2], its gradient float64 [2]": {
    Adam().update(Parameter([1, 2]), with: Tensor([1, 2], dtype: .float64))
  },
  "update: the parameter is float32 [3], but was float32 [2] at its first update": {
    let (parameter, optimizer) = (Parameter([1, 2]), Adam())
    optimizer.update(parameter, with: [1, 1])
    parameter.value = [1, 2, 3]
    optimizer.update(parameter, with: [1, 1, 1])
  },
  "update: the parameter is float64 [2], but was float32 [2] at its first update": {
    let (parameter, optimizer) = (Parameter([1, 2]), SGD(learningRate: 1, momentum: 0.5))
    optimizer.update(parameter, with: [1, 1])
    parameter.value = Tensor([1, 2], dtype: .float64)
    optimizer.update(parameter, with: parameter.value)
  },
  "Adam: the learning rate -1.0 is not a number from 0 on": { _ = Adam(learningRate: -1) },
  "AdamW: the learning rate inf is not a number from 0 on": { AdamW().learningRate = .infinity },
  "SGD: the learning rate nan is not a number from 0 on": { SGD(learningRate: 1).learningRate = .nan },
  "SGD: the momentum 1.0 is outside 0 ..< 1": { _ = SGD(learningRate: 1, momentum: 1) },
  "SGD: the dampening 1.5 is outside 0 ... 1": { _ = SGD(learningRate: 1, momentum: 0.9, dampening: 1.5) },
  "SGD: Nesterov's variant needs a momentum above 0": { _ = SGD(learningRate: 1, nesterov: true) },
  "SGD: the weight decay -0.1 is not a number from 0 on": { _ = SGD(learningRate: 1, weightDecay: -0.1) },
  "AMSGrad: the decay beta1 1.0 is outside 0 ..< 1": { _ = AMSGrad(beta1: 1) },
  "RAdam: the decay beta2 -0.5 is outside 0 ..< 1": { _ = RAdam(beta2: -0.5) },
  "NAdam: the momentum decay -1.0 is not a number from 0 on": { _ = NAdam(momentumDecay: -1) },
  "Adamax: the number epsilon 0.0 is not a number above 0": { _ = Adamax(epsilon: 0) },
  "Adagrad: the rate decay -1.0 is not a number from 0 on": { _ = Adagrad(rateDecay: -1) },
  "Adagrad: the initial sum -1.0 is not a number from 0 on": { _ = Adagrad(initialSum: -1) },
  "Adadelta: the decay rho 2.0 is outside 0 ..< 1": { _ = Adadelta(rho: 2) },
  "RMSprop: the decay alpha nan is outside 0 ..< 1": { _ = RMSprop(alpha: .nan) },
  "update: row 1 is named twice, at position 2 again": {
    SGD(learningRate: 1).update(Parameter([1, 2]), rows: [1, 0, 1], with: [1, 1, 1])
  },
  "gatherRows: index 2 at row 0 is outside 0 ..< 2": {
    SGD(learningRate: 1).update(Parameter([1, 2]), rows: [2], with: [1])
  },
  "update: a single number has no rows": {
    SGD(learningRate: 1).update(Parameter(Tensor(1)), rows: [0], with: [1])
  },
  "ParameterGroups: there are no groups": { _ = ParameterGroups([]) },
  "ParameterGroups: no pattern fits layers.0.bias": {
    let model = MLP([1, 1], key: key)
    let optimizer = ParameterGroups([("*.weight", Adam())])
    optimizer.update(model, with: valueWithGradients { model([[1]]).sum() }.gradients)
  },
  "ParameterGroups: the learning rate 0.0 of the first group is not above 0": {
    _ = ParameterGroups([("*", SGD(learningRate: 0))])
  },
  "Gradients: a parameter of float32 [2] cannot have the gradient float32 [3]": {
    _ = Gradients(of: [(Parameter([1, 2]), [1, 2, 3])])
  },
  "Gradients: the parameter at position 1 has a gradient already": {
    let parameter = Parameter([1, 2])
    _ = Gradients(of: [(parameter, [1, 2]), (parameter, [1, 2])])
  },
  "clipped: the norm 0.0 to clip to is not above 0": { _ = Gradients(of: []).clipped(toNorm: 0) },
  "MovingAverage: the decay 1.0 is outside 0 ..< 1": { _ = MovingAverage(of: Linear(1, 1, key: key), decay: 1) },
  "MovingAverage: weight is float32 [2], but was float32 [1, 1]": {
    let model = Linear(1, 1, key: key)
    var average = MovingAverage(of: model, decay: 0.5)
    model.$weight.value = [1, 2]
    average.update()
  },
  "Schedule: there is no step -1; the first one is 0": { _ = Schedule.constant(1)(-1) },
  "Schedule.constant: the rate -1.0 is not a number from 0 on": { _ = Schedule.constant(-1) },
  "Schedule.cosine: 0 is no number of steps; it must be at least 1": { _ = Schedule.cosine(from: 1, over: 0) },
  "Schedule.multiStep: the milestones [3, 3] are not in ascending order": {
    _ = Schedule.multiStep(1, at: [3, 3], factor: 0.1)
  },
  "Schedule.oneCycle: the rising part 2.0 is outside 0 ... 1": { _ = Schedule.oneCycle(peak: 1, over: 5, rising: 2) },
  "Schedule.polynomial: the power 0.0 is not above 0": { _ = Schedule.polynomial(from: 1, over: 5, power: 0) },
  "Schedule.cosineWithRestarts: the growth 0 is not at least 1": {
    _ = Schedule.cosineWithRestarts(from: 1, period: 1, growth: 0)
  },
  "ReduceOnPlateau: the factor 1.0 is outside 0 ..< 1": { _ = ReduceOnPlateau(from: 1, factor: 1) },
  "ReduceOnPlateau: the patience 0 is not at least 1": { _ = ReduceOnPlateau(from: 1, patience: 0) },
  "EarlyStopping: the minimum change -1.0 is not a number from 0 on": {
    _ = EarlyStopping(Linear(1, 1, key: key), patience: 1, minimumChange: -1)
  },
  "DataLoader: the batch size 0 is not at least 1": { _ = DataLoader(Tensor([1]), batchSize: 0) },
  "DataLoader: 2 examples have 3 targets": { _ = DataLoader([1, 2], [1, 2, 3], batchSize: 1) },
  "RaggedRows: sets of 3 rows in total do not fit shape [2, 1]": {
    _ = RaggedRows(values: [[1], [2]], lengths: [1, 2])
  },
  "RaggedRows: set 1 has the length -1": { _ = RaggedRows(values: [[1], [2]], lengths: [3, -1]) },
  "RaggedRows: set 2 is outside 0 ..< 2": { _ = RaggedRows([[1], [2, 3]])[2] },
  "accuracy: 2 labels do not fit logits [1, 3]": { _ = try? accuracy(logits: [[1, 2, 3]], [0, 1]) },
  "topKAccuracy: k is 0, not at least 1": { _ = try? topKAccuracy(logits: [[1, 2, 3]], [0], k: 0) },
  "rocAUC: scores [2] do not fit 1 labels": { _ = try? rocAUC(scores: [1, 2], labels: [true]) },
  "rSquared: predictions [2, 1] do not fit targets [2]": { _ = try? rSquared([[1], [2]], [1, 2]) },
  "ConfusionMatrix: there cannot be 0 classes": { _ = ConfusionMatrix(classes: 0) },
  "minimize: -1 is no number of steps": {
    minimize([], with: Adam(), steps: -1) { Variable(1.0) }
  },
]

@Suite struct `A mistake with layers` {
  @Test(arguments: mistakes.keys.sorted())
  func `stops the program and is named`(_ sentence: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [sentence] in
      mistakes[sentence]?()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Fatal error: \(sentence)\n"), "\(text.prefix(500))")
  }
}
