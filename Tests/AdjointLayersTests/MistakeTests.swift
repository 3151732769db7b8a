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
  "linear: inner extents differ: [5, 7] × layers.0.weight [3, 4]": {
    let model = MLP([3, 4, 2], key: key)
    _ = model.parameters
    _ = valueWithGradients { model(Variable(Tensor(zeros: [5, 7]))).sum() }
  },
  "linear: inner extents differ: [5, 7] × [3, 4]": { _ = MLP([3, 4, 2], key: key)(Variable(Tensor(zeros: [5, 7]))) },
  "linear: both operands need two axes: [3] × [3, 4]": { _ = Linear(3, 4, key: key)([1, 2, 3]) },
  "MLP: 1 widths do not make a layer": { _ = MLP([3], key: key) },
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
