import AdjointLayers
import Testing

struct InitializerCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let initializer: Initializer
  let isUniform: Bool
  /// The variance for a number of inputs and outputs.
  let variance: @Sendable (Double, Double) -> Double

  static let all = [
    InitializerCase(
      testDescription: "glorotUniform", initializer: .glorotUniform, isUniform: true, variance: { 2 / ($0 + $1) }),
    InitializerCase(
      testDescription: "glorotNormal", initializer: .glorotNormal, isUniform: false, variance: { 2 / ($0 + $1) }),
    InitializerCase(
      testDescription: "heUniform", initializer: .heUniform, isUniform: true, variance: { inputs, _ in 2 / inputs }),
    InitializerCase(
      testDescription: "heNormal", initializer: .heNormal, isUniform: false, variance: { inputs, _ in 2 / inputs }),
  ]
}

@Suite struct `Initializers` {
  @Test(arguments: InitializerCase.all, DType.allCases)
  func `have the variance and the bounds of their papers`(_ initial: InitializerCase, _ dtype: DType) {
    for (inputs, outputs) in [(120, 80), (30, 200)] {
      let w = initial.initializer([inputs, outputs], key: RandomKey(seed: 3), dtype: dtype)
      #expect(w.shape == [inputs, outputs] && w.dtype == dtype)
      let variance = initial.variance(Double(inputs), Double(outputs)), count = Double(w.count)
      let values = w.scalars(as: Double.self)
      let mean = values.reduce(0, +) / count, second = values.reduce(0) { $0 + $1 * $1 } / count
      // The variance of x² is 4/5 σ⁴ for a uniform and 2 σ⁴ for a normal distribution.
      #expect(Swift.abs(mean) < 5 * (variance / count).squareRoot())
      #expect(Swift.abs(second - variance) < 5 * variance * ((initial.isUniform ? 0.8 : 2) / count).squareRoot())
      let bound = (3 * variance).squareRoot(), largest = values.map(\.magnitude).max() ?? 0
      if initial.isUniform {
        #expect(largest <= bound * (1 + dtype.ulpOfOne) && largest > 0.99 * bound)
      } else {
        #expect(largest > bound)
      }
    }
  }

  @Test func `take fans from the last two axes, times the window of the others`() {
    let cases: [(Shape, Int, Int)] = [
      ([], 1, 1), ([7], 7, 7), ([3, 5], 3, 5), ([2, 3, 5], 6, 10), ([3, 3, 16, 32], 144, 288), ([0, 5], 0, 5),
    ]
    for (shape, inputs, outputs) in cases {
      let fans = Initializer.fans(shape)
      #expect(fans.inputs == inputs && fans.outputs == outputs, "\(shape)")
    }
  }

  @Test(arguments: [[6, 4], [4, 6], [3, 2, 5], [1, 1], [0, 3]] as [Shape], [1, 0.5])
  func `orthogonal make rows or columns orthonormal up to the gain`(_ shape: Shape, _ gain: Double) {
    let w = Initializer.orthogonal(gain: gain)(shape, key: RandomKey(seed: 1), dtype: .float64)
    #expect(w.shape == shape)
    let matrix = w.reshaped(to: [shape.dropLast().reduce(1, *), shape[shape.rank - 1]])
    let tall = matrix.shape[0] >= matrix.shape[1]
    let gram = matmul(matrix, matrix, transposingLeft: tall, transposingRight: !tall)
    let error = gram - Tensor(gain * gain, dtype: .float64) * Tensor.eye(gram.shape[0], dtype: .float64)
    #expect(error.scalars(as: Double.self).allSatisfy { $0.magnitude < 1e-14 * Double(w.count) })
  }

  @Test func `truncated normal draw nothing beyond the limit, and else as the normal ones`() {
    let key = RandomKey(seed: 2)
    let w = Initializer.truncatedNormal(mean: 1, standardDeviation: 0.5, limit: 1.5)([5000], key: key, dtype: .float64)
    let values = w.scalars(as: Double.self), mean = values.reduce(0, +) / 5000
    #expect(values.allSatisfy { ($0 - 1).magnitude <= 0.75 })
    #expect((mean - 1).magnitude < 5 * 0.5 / 5000.0.squareRoot() && values.contains { ($0 - 1).magnitude > 0.7 })
    let plain = Tensor(normal: [5000], key: key.stream(0), dtype: .float64).scalars(as: Double.self)
    let kept = zip(values, plain).count { $0 == 1 + 0.5 * $1 }
    #expect(kept == plain.count { $0.magnitude <= 1.5 } && kept < 5000)
  }

  @Test func `scale with the gain of what follows`() {
    let key = RandomKey(seed: 3)
    func ratio(_ a: Initializer, _ b: Initializer) -> Double {
      a([2, 3], key: key, dtype: .float64)[0, 0] / b([2, 3], key: key, dtype: .float64)[0, 0]
    }
    let gains: [(Nonlinearity, Double)] = [
      (.linear, 1), (.sigmoid, 1), (.tanh, 5.0 / 3), (.relu, 2.squareRoot()), (.selu, 0.75),
      (.leakyReLU(slope: 1), 1), (.leakyReLU(slope: 0), 2.squareRoot()),
    ]
    for (kind, gain) in gains {
      #expect((kind.gain - gain).magnitude < 1e-15)
      #expect((ratio(.glorotUniform(gain: kind.gain), .glorotUniform) - gain).magnitude < 1e-14)
      #expect((ratio(.glorotNormal(gain: kind.gain), .glorotNormal) - gain).magnitude < 1e-14)
    }
    #expect((ratio(.heNormal(gain: 1, fan: .outputs), .heNormal(gain: 1)) - (2.0 / 3).squareRoot()).magnitude < 1e-14)
    #expect(Initializer.uniform(2, 3)([9], key: key).scalars(as: Double.self).allSatisfy { $0 >= 2 && $0 < 3 })
  }

  @Test func `may be constant, empty or one's own`() {
    let key = RandomKey(seed: 1)
    #expect(Initializer.zeros([2, 2], key: key) == [[0, 0], [0, 0]])
    #expect(Initializer.ones([2], key: key, dtype: .float64).isIdentical(to: Tensor(ones: [2], dtype: .float64)))
    #expect(Initializer.heNormal([0, 5], key: key).shape == [0, 5])
    #expect(Initializer.glorotUniform([0, 0], key: key).shape == [0, 0])
    let own = Initializer { shape, _, dtype in Tensor(repeating: 0.5, shape: shape, dtype: dtype) }
    #expect(Linear(1, 2, initializer: own, key: key).weight.value == [[0.5, 0.5]])
  }
}
