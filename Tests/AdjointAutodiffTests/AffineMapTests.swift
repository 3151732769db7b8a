import AdjointAutodiff
import Testing

/// Networks of maps of so many rows that their gradients are made block by block. Each is a function of x, a weight, a row and another
/// weight, all of width 5.
private let networks: [String: @Sendable ([Variable]) -> Variable] = [
  "linear": { v in linear(linear(v[0], v[1], v[2]), v[3], v[2]) },
  "rectifiedLinear": { v in rectifiedLinear(rectifiedLinear(v[0], v[1], v[2]), v[3], v[2]) },
  "linear pair": { v in
    let h = linear(v[0], v[1], v[2], plus: v[0], v[3])
    return linear(h, v[1], nil, plus: sin(h), v[3])
  },
  "rectifiedLinear pair": { v in
    let h = rectifiedLinear(v[0], v[1], v[2], plus: v[0], v[3])
    return rectifiedLinear(h, v[1], nil, plus: sin(h), v[3])
  },
]

/// What a function that records lets out.
private final class Held { var value: Tensor? }

private let shapes: [Shape] = [[4200, 5], [5, 5], [5], [5, 5]]

@Suite struct `An affine map of many rows` {
  /// A sweep that keeps the gradients of leaves alone may put a gradient where the one from above was, and where the result was if
  /// the tape ends with it.
  @Test(arguments: networks.keys.sorted(), DType.allCases)
  func `gives leaves the same bits wherever its gradients are put`(_ name: String, _ dtype: DType) {
    guard let network = networks[name] else { return }
    withDefaultDType(dtype) {
      let parameters = shapes.enumerated().map { Parameter(.normal($1, UInt64($0 + 1), dtype)) }
      let tape = Tape(), leaves = parameters.map { tape.variable($0.value) }
      let y = network(leaves), seed = Variable(Tensor.normal(y.shape, 9, dtype))
      let (result, upstream) = (y.value.copied(), seed.value.copied())
      let all = y.gradients(seed: seed), ofLeaves = y.gradients(seed: seed, keeping: .leaves)
      // What someone still holds is left as it is.
      #expect(y.value.isIdentical(to: result) && seed.value.isIdentical(to: upstream))
      let again = y.gradients(seed: seed, keeping: .leaves)
      let held = Held()
      let (_, ofParameters) = valueWithGradients {
        let inner = network(parameters.map(\.wrappedValue))
        held.value = inner.value
        return (inner * seed).sum()
      }
      #expect(held.value?.isIdentical(to: result) == true)
      let (_, unheld) = valueWithGradients { (network(parameters.map(\.wrappedValue)) * seed).sum() }
      for (leaf, parameter) in zip(leaves, parameters) {
        let expected = all[leaf].value
        #expect(ofLeaves[leaf].value.isIdentical(to: expected) && again[leaf].value.isIdentical(to: expected))
        #expect(ofParameters[parameter].value.isIdentical(to: expected))
        #expect(unheld[parameter].value.isIdentical(to: expected))
      }
    }
  }

  @Test func `needs no memory for gradients of rows as wide as its result`() async {
    await #expect(processExitsWith: .success) {
      let (rows, width) = (5000, 64), block = rows * width * 4
      let weights = (0..<4).map { Parameter(.normal([width, width], UInt64($0), .float32)) }
      let bias = Parameter(Tensor(zeros: [width], dtype: .float32)), x = Variable(.normal([rows, width], 9, .float32))
      let other = Parameter(.normal([rows, width], 10, .float32))
      let start = TensorMemory.liveBytes
      TensorMemory.resetPeak()
      _ = valueWithGradients {
        let h = rectifiedLinear(x, weights[0].wrappedValue, bias.wrappedValue)
        let both = rectifiedLinear(
          h, weights[1].wrappedValue, bias.wrappedValue, plus: other.wrappedValue, weights[2].wrappedValue)
        return linear(both, weights[3].wrappedValue, bias.wrappedValue).sum()
      }
      // h, the pair and the last result, or its gradient, in whose place and the pair's go those of h and of the parameter.
      // Weights are small, and blocks a little larger than what they hold.
      let blocks = Double(TensorMemory.peakBytes - start) / Double(block)
      #expect(blocks >= 3 && blocks < 3.5, "\(blocks)")
    }
  }

  @Test(arguments: [false, true], DType.allCases)
  func `is the sum of its products where each takes the kernels of its own width`(_ rectified: Bool, _ dtype: DType) {
    // Some kernels begin at 64 columns and rows; a row of blocks and a part of one.
    for (inputs, others, outputs) in [(128, 6, 130), (64, 300, 256), (9, 40, 33)] {
      let rows = 4200, tape = Tape()
      let operands = ([[rows, inputs], [inputs, outputs], [outputs], [rows, others], [others, outputs]] as [Shape])
        .enumerated().map { tape.variable(.normal($1, UInt64($0 + 1), dtype)) }
      let pair =
        rectified
        ? rectifiedLinear(operands[0], operands[1], operands[2], plus: operands[3], operands[4])
        : linear(operands[0], operands[1], operands[2], plus: operands[3], operands[4])
      let sum = matmul(operands[0], operands[1]) + operands[2] + matmul(operands[3], operands[4])
      let composed = rectified ? relu(sum) : sum
      let seed = Variable(Tensor.normal(pair.shape, 77, dtype))
      // Relative to the size of sums of so many products, a few dozen roundings.
      let bound = 64 * dtype.ulpOfOne
      #expect(abs(pair.value - composed.value).max().item() <= bound * Double(inputs + others).squareRoot())
      let first = pair.gradients(seed: seed), second = composed.gradients(seed: seed)
      for operand in operands {
        let difference = abs(first[operand].value - second[operand].value).max().item()
        #expect(difference <= bound * Double(max(rows, outputs)).squareRoot())
      }
    }
  }
}
