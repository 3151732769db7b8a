import AdjointAutodiff
import Testing

/// The value and the gradient of the sum of `function`'s result, in double precision.
func valueAndGradient(of function: (Variable) -> Variable, at point: [Double], shape: Shape? = nil) -> (
  value: [Double], gradient: [Double]
) {
  let tape = Tape()
  let x = tape.variable(Tensor(point, shape: shape, dtype: .float64))
  let y = withDefaultDType(.float64) { function(x) }
  let total = y.sum()
  guard total.isRecorded else { return (y.scalars(), point.map { _ in 0 }) }
  return (y.scalars(), total.gradients()[x].scalars())
}

/// Random numbers of a fixed seed, as a constant.
func constant(_ shape: Shape, seed: UInt64 = 1, low: Double = -1, high: Double = 1) -> Variable {
  Variable(Tensor(uniform: shape, low: low, high: high, key: RandomKey(seed: seed), dtype: .float64))
}

func isClose(_ a: [Double], _ b: [Double], within tolerance: Double = 1e-12) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || abs($0 - $1) <= tolerance * Swift.max(1, abs($1)) }
}

/// What a program wrote to the standard error stream.
func standardError(_ result: ExitTest.Result?) -> String {
  result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
}

/// Expects the program to stop with a message.
func expectStop(_ text: String, in result: ExitTest.Result?) {
  let message = standardError(result)
  #expect(message.contains(text), "stopped with: \(message)")
}
