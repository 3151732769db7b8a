import AdjointAutodiff
import Foundation
import Testing

/// The gradient of the elements' sum.
private func slope(_ function: (Variable) -> Variable, at x: Tensor, seed: Tensor? = nil) -> [Double] {
  let tape = Tape()
  let variable = tape.variable(x)
  let y = function(variable)
  return y.gradients(seed: Variable(seed ?? Tensor(ones: y.shape, dtype: y.dtype)))[variable].scalars(as: Double.self)
}

private func expectClose(
  _ got: [Double], _ expected: [Double], _ dtype: DType, units: Double = 8, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let epsilon = dtype == .float32 ? 0x1p-23 : 0x1p-52
  for (g, e) in zip(got, expected) {
    #expect(
      g.isNaN && e.isNaN || g == e || abs(g - e) <= units * epsilon * max(abs(e), 1e-3), "\(what): \(g), not \(e)",
      sourceLocation: sourceLocation)
  }
  #expect(got.count == expected.count, sourceLocation: sourceLocation)
}

private func row(_ values: Double...) -> Tensor { Tensor(values, shape: [values.count]) }

private let points = [
  0.0, 0.25, -0.25, 0.875, -0.875, 1.5, -1.5, 3.25, -3.25, 20.5, -20.5, .infinity, -.infinity, .nan,
]

@Suite struct `Functions of elements` {
  static let functions:
    [(name: String, operation: @Sendable (Variable) -> Variable, reference: @Sendable (Double) -> Double)] = [
      ("expm1", { expm1($0) }, { expm1($0) }), ("log1p", { log1p($0) }, { log1p($0) }),
      ("log2", { log2($0) }, { log2($0) }),
      ("sin", { sin($0) }, { sin($0) }), ("cos", { cos($0) }, { cos($0) }), ("tan", { tan($0) }, { tan($0) }),
      ("asin", { asin($0) }, { asin($0) }), ("acos", { acos($0) }, { acos($0) }), ("atan", { atan($0) }, { atan($0) }),
      ("sinh", { sinh($0) }, { sinh($0) }), ("cosh", { cosh($0) }, { cosh($0) }),
      ("asinh", { asinh($0) }, { asinh($0) }),
      ("acosh", { acosh($0) }, { acosh($0) }), ("atanh", { atanh($0) }, { atanh($0) }),
      ("erf", { erf($0) }, { erf($0) }),
      ("rsqrt", { rsqrt($0) }, { 1 / $0.squareRoot() }), ("reciprocal", { reciprocal($0) }, { 1 / $0 }),
      ("floor", { floor($0) }, { floor($0) }), ("ceil", { ceil($0) }, { ceil($0) }),
      ("round", { round($0) }, { rint($0) }),
      ("sign", { sign($0) }, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }), ("cube", { pow($0, 3) }, { $0 * $0 * $0 }),
      ("power", { pow($0, -1.5) }, { pow($0, -1.5) }),
      ("clamp", { clamp($0, to: -1...2) }, { $0.isNaN ? $0 : min(max($0, -1), 2) }),
      ("softplus", { softplus($0) }, { max($0, 0) + ($0.isNaN ? $0 : log1p(exp(-abs($0)))) }),
      ("logSigmoid", { logSigmoid($0) }, { min($0, 0) - ($0.isNaN ? $0 : log1p(exp(-abs($0)))) }),
      ("softsign", { softsign($0) }, { $0.isInfinite ? ($0 > 0 ? 1 : -1) : $0 / (1 + abs($0)) }),
      ("elu", { elu($0, alpha: 0.5) }, { $0 > 0 ? $0 : 0.5 * expm1($0) }),
      ("selu", { selu($0) }, { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0)) }),
      ("celu", { celu($0, alpha: 2) }, { $0 > 0 ? $0 : 2 * expm1($0 / 2) }),
      ("leakyReLU", { leakyReLU($0, slope: 0.125) }, { $0 > 0 ? $0 : 0.125 * $0 }),
      ("hardtanh", { hardtanh($0) }, { $0.isNaN ? $0 : min(max($0, -1), 1) }),
      ("hardsigmoid", { hardsigmoid($0) }, { $0.isNaN ? $0 : min(max($0 + 3, 0), 6) / 6 }),
      ("gelu", { gelu($0) }, { $0 == -.infinity ? 0 : 0.5 * $0 * erfc(-$0 * 0.5.squareRoot()) }),
      ("silu", { silu($0) }, { $0 == -.infinity ? 0 : $0 / (1 + exp(-$0)) }),
      ("mish", { mish($0) }, { $0 == -.infinity ? 0 : $0 * tanh(max($0, 0) + log1p(exp(-abs($0)))) }),
    ]

  @Test(arguments: functions.indices, [DType.float32, .float64])
  func `values agree with the platform's library, singly and in arrays`(_ index: Int, _ dtype: DType) {
    let (name, operation, reference) = Self.functions[index]
    // The tails of gelu are exact relative to x.
    let units: Double = name == "gelu" ? 1000 : 8
    let expected = points.map(reference)
    let array = operation(Variable(Tensor(points, shape: [points.count], dtype: dtype)))
    expectClose(array.scalars(as: Double.self), expected, dtype, units: units, name)
    let single = points.map { operation(Variable(Tensor($0, dtype: dtype))).item() }
    expectClose(single, expected, dtype, units: units, "\(name) of a number")
  }

  @Test(arguments: [DType.float32, .float64]) func `an upstream gradient of 0 stops at an infinite slope`(
    _ dtype: DType
  ) {
    let functions: [(String, (Variable) -> Variable)] = [
      ("sqrt", { sqrt($0) }), ("rsqrt", { rsqrt($0) }), ("log", { log($0) }), ("log2", { log2($0) }),
      ("exp", { exp($0) }),
      ("log1p", { log1p($0) }), ("reciprocal", { reciprocal($0) }), ("divide", { 1 / $0 }), ("pow", { pow($0, 0.5) }),
      ("asin", { asin($0) }), ("acos", { acos($0) }), ("acosh", { acosh($0) }), ("atanh", { atanh($0) }),
      ("sinh", { sinh($0) }), ("cosh", { cosh($0) }), ("expm1", { expm1($0) }), ("sin", { sin($0) }),
      ("tan", { tan($0) }),
      ("atan2", { atan2($0, $0) }), ("powers", { pow($0, $0) }),
    ]
    let x = Tensor([0, -0.0, 1, -1, 1e5, -1e5, .infinity, -.infinity, .nan] as [Double], shape: [9], dtype: dtype)
    for (name, function) in functions {
      let gradient = slope(function, at: x, seed: Tensor(zeros: [9], dtype: dtype))
      #expect(gradient.allSatisfy { $0 == 0 }, "\(name): \(gradient)")
    }
  }

  @Test func `what is not selected passes no gradient, whatever its slope`() {
    let x: Tensor = [4, 0, -1]
    #expect(slope({ select(where: greater($0.value, 0), sqrt($0), else: $0) }, at: x) == [0.25, 1, 1])
    #expect(slope({ select(where: greater($0.value, 0), log($0), else: 0) }, at: x) == [0.25, 0, 0])
    let y = select(where: [1, 0, 1], Variable(row(1, .nan, .infinity)), else: Variable(row(.nan, 2, -.infinity)))
    #expect(y.scalars(as: Double.self) == [1, 2, .infinity])
    // The same to second order.
    let tape = Tape()
    let v = tape.variable(x)
    let first = select(where: greater(v.value, 0), sqrt(v), else: v).sum().gradients(recorded: true)[v]
    #expect(first.sum().gradients()[v].scalars(as: Double.self) == [-0.03125, 0, 0])
  }

  @Test func `kinks follow the table of conventions`() {
    #expect(slope({ clamp($0, to: -1...1) }, at: row(-2, -1, 0, 1, 2, .nan)) == [0, 0, 1, 0, 0, 0])
    #expect(slope({ clamp($0, to: 0 ... .infinity) }, at: [-1, 0, 2]) == slope({ relu($0) }, at: [-1, 0, 2]))
    #expect(slope({ hardtanh($0) }, at: [-1, 0.5, 1]) == [0, 1, 0])
    #expect(slope({ hardsigmoid($0) * 6 }, at: [-3, 0, 3]) == [0, 1, 0])
    #expect(slope({ leakyReLU($0, slope: 0.25) }, at: [-1, 0, 1]) == [0.25, 0.25, 1])
    #expect(slope({ prelu($0, slope: 0.25) }, at: [-1, 0, 1]) == [0.25, 0.25, 1])
    #expect(slope({ elu($0, alpha: 0.5) }, at: [0, 1]) == [0.5, 1])
    #expect(slope({ softsign($0) }, at: row(0, 1, .infinity)) == [1, 0.25, 0])
    let steps: [(Variable) -> Variable] = [{ sign($0) }, { floor($0) }, { ceil($0) }, { round($0) }]
    for function in steps {
      #expect(slope(function, at: [-1.5, -1, 0, 0.5, 2]) == [0, 0, 0, 0, 0])
    }
    #expect(slope({ atan2($0, 0 * $0) }, at: [0]) == [0])
    #expect(round(Variable([0.5, 1.5, 2.5, -0.5, -1.5])).scalars(as: Double.self) == [0, 2, 2, 0, -2])
  }

  @Test func `powers: 0⁰ is 1 with both gradients 0, and integers keep negative bases`() {
    let tape = Tape()
    let a = tape.variable([0, 0, 2, -2, 0] as Tensor), b = tape.variable([0, 2, 0, 3, 1] as Tensor)
    let y = pow(a, b)
    #expect(y.scalars(as: Double.self) == [1, 0, 1, -8, 0])
    let gradients = y.sum().gradients()
    #expect(gradients[a].scalars(as: Double.self) == [0, 0, 0, 12, 1])
    let exponents = gradients[b].scalars(as: Double.self)
    #expect([exponents[0], exponents[1], exponents[4]] == [0, 0, 0])
    #expect(abs(exponents[2] - log(2)) < 1e-6)
    #expect(exponents[3].isNaN)
    #expect(slope({ pow($0, 0) }, at: [0, 3, -1]) == [0, 0, 0])
    #expect(slope({ pow($0, 2) }, at: [0, 3, -1]) == [0, 6, -2])
    #expect(slope({ pow($0, 0.5) }, at: [0, 4]) == [Double.infinity, 0.25])
  }

  @Test func `derivatives 0 to 4 of x³ at 2 are exact`() {
    let tape = Tape()
    let x = tape.variable(Tensor(2, dtype: .float64))
    var y = pow(x, 3)
    var values = [y.item()]
    for _ in 1...4 {
      y = y.gradients(recorded: true)[x]
      values.append(y.item())
      if !y.isRecorded { break }
    }
    #expect(values.prefix(4) == [8, 12, 12, 6])
    #expect(values.dropFirst(4) == [0])
  }

  @Test func `remainders have the sign of the divisor`() {
    let a: Tensor = [7, -7, 7, -7, 6, -6, -1, 1], b = row(3, 3, -3, -3, 3, 3, .infinity, 0)
    let y = remainder(Variable(a), Variable(b)).scalars(as: Double.self)
    #expect(y.dropLast() == [1, 2, -2, -1, 0, 0, .infinity])
    #expect(y[7].isNaN)
    #expect(slope({ remainder(Variable([7, -7, 7]), $0) }, at: [3, 3, -3]) == [-2, 3, 3])
  }

  @Test(arguments: [DType.float32, .float64]) func `fused activations agree with their composed forms`(_ dtype: DType) {
    let x = Tensor((0..<400).map { Double($0) / 20 - 10 }, shape: [400], dtype: dtype)
    let composed: [(String, (Variable) -> Variable, (Variable) -> Variable)] = [
      ("gelu", { gelu($0) }, { 0.5 * $0 * (1 + erf($0 * 0.70710678118654752440)) }),
      ("silu", { silu($0) }, { $0 * sigmoid($0) }), ("softplus", { softplus($0) }, { log1p(exp($0)) }),
      ("logSigmoid", { logSigmoid($0) }, { -log1p(exp(-$0)) }),
      ("elu", { elu($0) }, { max($0, 0) + expm1(min($0, 0)) }),
      ("leakyReLU", { leakyReLU($0) }, { max($0, 0) + 0.01 * min($0, 0) }),
    ]
    for (name, fused, plain) in composed {
      expectClose(
        fused(Variable(x)).scalars(as: Double.self), plain(Variable(x)).scalars(as: Double.self), dtype, units: 4000,
        name)
      // At 0 itself the composed forms of those with a kink have another slope.
      let inner = Tensor(x.scalars(as: Double.self).filter { $0 != 0 }, shape: [399], dtype: dtype)
      expectClose(slope(fused, at: inner), slope(plain, at: inner), dtype, units: 4000, "\(name)′")
    }
  }

  @Test(arguments: [DType.float32, .float64]) func `activations are finite at huge and infinite numbers`(_ dtype: DType)
  {
    let huge = dtype == .float32 ? 1e38 : 1e300
    let x = Tensor([huge, -huge, 1e4, -1e4, 0, -0.0], shape: [6], dtype: dtype)
    let activations: [(String, (Variable) -> Variable)] = [
      ("gelu", { gelu($0) }), ("gelu tanh", { gelu($0, form: .tanh) }), ("silu", { silu($0) }), ("mish", { mish($0) }),
      ("softplus", { softplus($0) }), ("logSigmoid", { logSigmoid($0) }), ("elu", { elu($0) }), ("selu", { selu($0) }),
      ("celu", { celu($0, alpha: 2) }), ("softsign", { softsign($0) }), ("hardsigmoid", { hardsigmoid($0) }),
      ("leakyReLU", { leakyReLU($0) }),
    ]
    for (name, activation) in activations {
      let values = activation(Variable(x)).scalars(as: Double.self), gradient = slope(activation, at: x)
      #expect(values.allSatisfy { $0.isFinite }, "\(name): \(values)")
      #expect(gradient.allSatisfy { $0.isFinite }, "\(name)′: \(gradient)")
    }
  }
}
