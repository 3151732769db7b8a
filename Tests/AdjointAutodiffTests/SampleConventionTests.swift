import AdjointAutodiff
import Testing

/// The result of a sample on a tape, and its inputs.
private func recorded(
  _ sample: OperationSample, on tape: Tape, at point: [Tensor]
) -> (result: Variable, inputs: [Variable]) {
  let inputs = point.map { tape.variable($0) }
  return (withDefaultDType(point[0].dtype) { sample.apply(inputs) }, inputs)
}

/// The gradients for an upstream gradient of one and the same number; nil if the result does not depend on any input.
private func gradients(
  _ sample: OperationSample, at point: [Tensor], upstream: Double, isRecorded: Bool = false
) -> [Tensor]? {
  let tape = Tape()
  let (y, inputs) = recorded(sample, on: tape, at: point)
  guard y.isRecorded else { return nil }
  let seed = Variable(Tensor(repeating: upstream, shape: y.shape, dtype: y.dtype))
  let gradients = y.gradients(seed: seed, recorded: isRecorded)
  return inputs.map { gradients[$0].value }
}

private let random = RandomKey(seed: 3)

@Suite struct `The conventions of every operation` {
  @Test(arguments: OperationSample.all, [DType.float32, .float64])
  func `a gradient has its variable's shape and type, and the same bits when it is asked for again`(
    _ sample: OperationSample, _ dtype: DType
  ) {
    let point = sample.point(dtype: dtype), tape = Tape()
    let (y, inputs) = recorded(sample, on: tape, at: point)
    guard y.isRecorded else { return }
    let seed = Variable(Tensor(uniform: y.shape, low: -1, high: 1, key: random, dtype: dtype))
    let (first, second, third) = (
      y.gradients(seed: seed), y.gradients(seed: seed), y.gradients(seed: seed, recorded: true)
    )
    for x in inputs {
      #expect(first[x].shape == x.shape && first[x].dtype == dtype)
      #expect(first[x].value.isIdentical(to: second[x].value))
      #expect(first[x].value.isIdentical(to: third[x].value), "a recorded sweep gives \(third[x]) for \(first[x])")
    }
  }

  @Test(arguments: OperationSample.all, [DType.float32, .float64])
  func `an upstream gradient of 0 gives exactly 0`(_ sample: OperationSample, _ dtype: DType) {
    for gradient in gradients(sample, at: sample.point(dtype: dtype), upstream: 0) ?? [] {
      #expect(gradient == Tensor(zeros: gradient.shape, dtype: dtype), "\(gradient)")
    }
  }

  // 0 · ∞ = 0: what is not wanted stops where the slope is infinite or not a number, too.
  @Test(
    arguments: OperationSample.all.filter { $0.isElementwise && $0.inputs[0].rank == 1 }, [DType.float32, .float64])
  func `an upstream gradient of 0 gives exactly 0 at extreme inputs`(_ sample: OperationSample, _ dtype: DType) {
    let extremes = [0, -0.0, 1, -1, 1e4, -1e4] + (sample.stopsAtInfinity ? [.infinity, -.infinity] : [])
    for x in extremes {
      for y in sample.inputs.count > 1 ? extremes : [0] {
        let point = zip(sample.inputs, [x, y]).map { Tensor(repeating: $1, shape: $0, dtype: dtype) }
        for gradient in gradients(sample, at: point, upstream: 0) ?? [] {
          #expect(gradient == Tensor(zeros: gradient.shape, dtype: dtype), "at \(x), \(y): \(gradient)")
        }
      }
    }
  }

  @Test(arguments: OperationSample.all.filter { $0.inputs.count > 1 }, [DType.float32, .float64])
  func `an operand that stands in two places gets the sum of both gradients`(
    _ sample: OperationSample, _ dtype: DType
  ) {
    for other in 1..<sample.inputs.count where sample.inputs[other] == sample.inputs[0] {
      var point = sample.point(dtype: dtype)
      point[other] = point[0]
      guard let apart = gradients(sample, at: point, upstream: 1) else { continue }
      let tape = Tape()
      var inputs = point.map { tape.variable($0) }
      inputs[other] = inputs[0]
      let y = withDefaultDType(dtype) { sample.apply(inputs) }
      let together = y.gradients(seed: Variable(Tensor(ones: y.shape, dtype: dtype)))[inputs[0]].scalars(
        as: Double.self)
      let expected = (apart[0] + apart[other]).scalars(as: Double.self)
      #expect(isClose(together, expected, within: dtype == .float32 ? 1e-5 : 1e-13), "\(together), not \(expected)")
    }
  }
}

extension OperationSample {
  /// Whether 0 · ∞ = 0 is promised: by everything but a plain product, whose gradient is the other factor times what comes from above.
  fileprivate var stopsAtInfinity: Bool { file != "Multiply.swift" }
}
