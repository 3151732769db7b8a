import AdjointTensors
import Testing

private let x = Tensor(zeros: [2, 3])
private let double = Tensor(zeros: [2, 3], dtype: .float64)

/// What the program says, and the mistake that makes it stop.
private let mistakes: [String: @Sendable () -> Void] = [
  "Shape: more than 8 axes": { _ = Shape([1, 1, 1, 1, 1, 1, 1, 1, 1]) },
  "Shape: extent -1 is outside 0 ... 2147483647": { _ = Tensor(zeros: [2, -1]) },
  "Shape: extent 2147483648 is outside 0 ... 2147483647": { _ = Shape([1 << 31]) },
  "Shape: extent -3 is outside 0 ... 2147483647": {
    var shape: Shape = [1]
    shape[0] = -3
  },
  "Shape: axis 2 is outside 0 ..< 2": { _ = x.shape[2] },
  "Shape: [2147483647, 2147483647, 2147483647] has more elements than a tensor can hold": {
    _ = Tensor(zeros: [2_147_483_647, 2_147_483_647, 2_147_483_647])
  },
  "Shape: [2147483647, 2147483647] has more elements than a tensor can hold": {
    _ = Tensor(zeros: [2_147_483_647, 2_147_483_647])
  },
  "IndexArray.gatherRows: index 2 at row 1 is outside 0 ..< 2": { _ = IndexArray([5, 6]).gatherRows([0, 2]) },
  "add: shapes [2, 3] and [2] do not broadcast": { _ = x + Tensor(zeros: [2]) },
  "multiply: shapes [2, 3] and [0, 3] do not broadcast": { _ = x * Tensor(zeros: [0, 3]) },
  "max: element types differ: float32 [2, 3] and float64 [2, 3]": { _ = max(x, double) },
  "setRows: 1 rows of float32 [2, 3] cannot be float32 [2]": {
    var y = x
    y.setRows([0], to: [1, 2])
  },
  "setRows: 1 rows of float32 [2, 3] cannot be float64 [1, 3]": {
    var y = x
    y.setRows([0], to: Tensor(zeros: [1, 3], dtype: .float64))
  },
  "setRows: index 2 at row 0 is outside 0 ..< 2": {
    var y = x
    y.setRows([2], to: [[1, 2, 3]])
  },
  "setRows: a single number has no rows": {
    var y = Tensor(1)
    y.setRows([], to: [])
  },
  "divide: element types differ: float64 [] and float32 []": {
    _ = Tensor(1, dtype: .float64) / Tensor(2, dtype: .float32)
  },
  "add: shapes [2, 3] and [3] differ": {
    var y = x
    y.add(Tensor(zeros: [3]))
  },
  "add: shapes [] and [2, 3] differ": {
    var y = Tensor(0, dtype: .float32)
    y.add(x)
  },
  "add: element types differ: float32 and float64": {
    var y = x
    y.add(double)
  },
  "broadcast: shape [2, 3] does not broadcast to [3]": { _ = x.broadcast(to: [3]) },
  "broadcast: shapes [2, 3] and [3, 3] do not broadcast": { _ = x.broadcast(to: [3, 3]) },
  "sum: shape [4, 2, 3] does not broadcast to [2, 3]": { _ = x.summed(to: [4, 2, 3]) },
  "sum: axis 2 is outside -2 ..< 2 for shape [2, 3]": { _ = x.sum(along: [2]) },
  "sum: axis 1 is named twice for shape [2, 3]": { _ = x.sum(along: [1, -1]) },
  "max: axis 1 of shape [2, 0] has no elements": { _ = Tensor(zeros: [2, 0]).max() },
  "min: axis 0 of shape [0] has no elements": { _ = Tensor(zeros: [0]).min(along: [0]) },
  "argmax: axis 1 of shape [2, 0] has no elements": { _ = Tensor(zeros: [2, 0]).argmax(along: 1) },
  "reshape: shape [2, 3] with 6 elements does not fit [4, -1]": { _ = x.reshaped(to: [4, -1]) },
  "reshape: shape [2, 3] with 6 elements does not fit [-1, -1]": { _ = x.reshaped(to: [-1, -1]) },
  "reshape: shape [2, 3] with 6 elements does not fit [5]": { _ = x.reshaped(to: [5]) },
  "reshape: shape [2, 3] with 6 elements does not fit [-2, -3]": { _ = x.reshaped(to: [-2, -3]) },
  "reshape: shape [0, 3] with 0 elements does not fit [0, -1]": { _ = Tensor(zeros: [0, 3]).reshaped(to: [0, -1]) },
  "transpose: axes [0, 0] are not an order of the 2 axes of [2, 3]": { _ = x.transposed([0, 0]) },
  "transpose: axes [1] are not an order of the 2 axes of [2, 3]": { _ = x.transposed([1]) },
  "rows: 1 ..< 3 is outside 0 ..< 2 of shape [2, 3]": { _ = x.rows(1..<3) },
  "rows: a single number has no axis to slice": { _ = (1 as Tensor).rows(0..<1) },
  "slice: -1 ..< 2 is outside 0 ..< 3 on axis 1 of [2, 3]": { _ = x.slice(-1..<2, along: 1) },
  "concatenate: there are no tensors": { _ = concatenate([Tensor]()) },
  "concatenate: shape [3, 3] of tensor 1 does not fit [2, 3] along axis 1": {
    _ = concatenate([x, Tensor(zeros: [3, 3])])
  },
  "concatenate: element types differ: float32 and float64 of tensor 1": { _ = concatenate([x, double]) },
  "stack: there are no tensors": { _ = stack([]) },
  "stack: tensor 1 has shape [3], tensor 0 has [2, 3]": { _ = stack([x, Tensor(zeros: [3])]) },
  "stack: tensor 1 has shape [1], tensor 0 has [2]": { _ = [[1, 2], [3]] as Tensor },
  "stack: element types differ: float32 and float64 of tensor 1": { _ = stack([x, double]) },
  "matmul: inner extents differ: [2, 3] × [2, 3]": { _ = matmul(x, x) },
  "matmul: inner extents differ: [2, 3]ᵀ × [3, 2]": { _ = matmul(x, Tensor(zeros: [3, 2]), transposingLeft: true) },
  "matmul: both operands need two axes: [2, 3] × [3]": { _ = matmul(x, Tensor(zeros: [3])) },
  "matmul: element types differ: float32 [2, 3] and float64 [2, 3]": { _ = matmul(x, double, transposingRight: true) },
  "matmul: shapes [2] and [3] do not broadcast": { _ = matmul(Tensor(zeros: [2, 1, 1]), Tensor(zeros: [3, 1, 1])) },
  "gatherRows: index 2 at row 1 is outside 0 ..< 2": { _ = x.gatherRows([0, 2]) },
  "gatherRows: index -1 at row 0 is outside 0 ..< 2": { _ = x.gatherRows([-1]) },
  "gatherRows: a single number has no rows": { _ = (1 as Tensor).gatherRows([0]) },
  "IndexArray: 2147483648 at position 1 exceeds 32 bits": { _ = IndexArray([0, 1 << 31]) },
  "IndexArray: position 3 is outside 0 ..< 3": { _ = IndexArray([1, 2, 3])[3] },
  "Tensor: index 3 on axis 1 is outside 0 ..< 3 of shape [2, 3]": { _ = x[1, 3] },
  "Tensor: index -1 on axis 0 is outside 0 ..< 2 of shape [2, 3]": {
    var y = x
    y[-1, 0] = 1
  },
  "Tensor: 1 indices for shape [2, 3]": { _ = x[1] },
  "Tensor: 3 elements do not fill shape [2, 3], which has 6": { _ = Tensor([1.0, 2, 3], shape: [2, 3]) },
  "RandomKey: a stream has a number from 0, not -1": { _ = RandomKey(seed: 0).stream(-1) },
  "item: shape [2, 3] has 6 elements, not one": { _ = x.item() },
  "arange: no steps of 0.0 lead from 0.0 to 3.0": { _ = Tensor.arange(0, 3, step: 0) },
  "arange: no steps of nan lead from 0.0 to 3.0": { _ = Tensor.arange(0, 3, step: .nan) },
  "arange: no steps of 5e-324 lead from 0.0 to 3.0": { _ = Tensor.arange(0, 3, step: .leastNonzeroMagnitude) },
  "arange: no steps of 1.0 lead from 0.0 to inf": { _ = Tensor.arange(0, .infinity) },
  "Shape: extent -2 is outside 0 ... 2147483647": { _ = Tensor.eye(-2) },
]

@Suite struct `A mistake with tensors` {
  @Test(arguments: mistakes.keys.sorted())
  func `stops the program and is named`(_ sentence: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [sentence] in
      mistakes[sentence]?()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Fatal error: \(sentence)\n"), "\(text.prefix(500))")
  }
}
