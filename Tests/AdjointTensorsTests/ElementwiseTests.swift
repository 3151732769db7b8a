import AdjointTensors
import Foundation
import Testing

struct UnaryOperation: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let tensor: @Sendable (Tensor) -> Tensor
  let number: @Sendable (Double) -> Double
  /// The largest error allowed, in units of the last place; 0 for functions that have to be rounded correctly.
  let ulps: Double

  static let all = [
    UnaryOperation(testDescription: "exp", tensor: { exp($0) }, number: { Foundation.exp($0) }, ulps: 4),
    UnaryOperation(testDescription: "log", tensor: { log($0) }, number: { Foundation.log($0) }, ulps: 4),
    UnaryOperation(testDescription: "tanh", tensor: { tanh($0) }, number: { Foundation.tanh($0) }, ulps: 4),
    UnaryOperation(
      testDescription: "sigmoid", tensor: { sigmoid($0) },
      number: { $0 >= 0 ? 1 / (1 + Foundation.exp(-$0)) : Foundation.exp($0) / (1 + Foundation.exp($0)) }, ulps: 4),
    UnaryOperation(testDescription: "sqrt", tensor: { sqrt($0) }, number: { $0.squareRoot() }, ulps: 0),
    UnaryOperation(testDescription: "square", tensor: { square($0) }, number: { $0 * $0 }, ulps: 0),
    UnaryOperation(testDescription: "abs", tensor: { abs($0) }, number: { $0.magnitude }, ulps: 0),
    UnaryOperation(testDescription: "negate", tensor: { -$0 }, number: { -$0 }, ulps: 0),
    UnaryOperation(
      testDescription: "relu", tensor: { relu($0) }, number: { $0.isNaN ? .nan : Swift.max($0, 0) }, ulps: 0),
    UnaryOperation(
      testDescription: "sign", tensor: { sign($0) }, number: { $0.isNaN ? .nan : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
      ulps: 0),
    UnaryOperation(testDescription: "step", tensor: { step($0) }, number: { $0 > 0 ? 1 : 0 }, ulps: 0),
  ]
}

@Suite struct `Elementwise functions` {
  static func special(_ dtype: DType) -> [Double] {
    let (tiny, smallest, largest) =
      dtype == .float32
      ? (Double(Float.leastNonzeroMagnitude), Double(Float.leastNormalMagnitude), Double(Float.greatestFiniteMagnitude))
      : (Double.leastNonzeroMagnitude, Double.leastNormalMagnitude, Double.greatestFiniteMagnitude)
    let positive = [
      0, tiny, 7 * tiny, smallest - tiny, smallest, 3 * smallest, 1e-30, 1e-9, 1e-4, 0.01, 0.3, 0.5, 0.625, 0.999, 1,
      1.001, 1.5, 2, 2.718281828, 3, 8.5, 9.1, 17, 20, 37, 44.5, 87.3, 88, 88.7, 88.8, 89, 100, 103, 104, 120, 700, 708,
      709.7, 709.8, 710, 744, 746, 1e5, 1e30, largest, .infinity,
    ]
    return positive + positive.map { -$0 } + [.nan]
  }

  static func sweep() -> [Double] {
    let wide: [Double] = (0..<3000).map { -120 + 0.08 * Double($0) }
    let narrow: [Double] = (0..<3000).map { -1.5 + 0.001 * Double($0) }
    let powers: [Double] = (0..<600).map { Foundation.pow(10, Double($0) * 0.06 - 18) }
    return wide + narrow + powers
  }

  /// The distance between two numbers, in units of the last place of the second.
  static func ulps(_ value: Double, _ exact: Double, _ dtype: DType) -> Double {
    let rounded = dtype == .float32 ? Double(Float(exact)) : exact
    if value == rounded || value.isNaN && rounded.isNaN { return 0 }
    guard value.isFinite, rounded.isFinite else { return .infinity }
    let unit = dtype == .float32 ? Double(Float(exact).ulp) : exact.ulp
    return Swift.abs(value - exact) / unit
  }

  @Test(arguments: UnaryOperation.all, DType.allCases)
  func `agree with the C library at ordinary and special numbers`(_ function: UnaryOperation, _ dtype: DType) {
    let x = Tensor(Self.special(dtype) + Self.sweep(), dtype: dtype)
    let results = function.tensor(x).scalars(as: Double.self)
    var worst = (error: 0.0, at: 0.0, value: 0.0)
    for (input, value) in zip(x.scalars(as: Double.self), results) {
      let error = Self.ulps(value, function.number(input), dtype)
      if error > worst.error { worst = (error, input, value) }
    }
    #expect(
      worst.error <= function.ulps,
      "\(function.testDescription)(\(worst.at)) = \(worst.value), not \(function.number(worst.at))")
  }

  @Test(arguments: UnaryOperation.all, DType.allCases)
  func `treat a single number, and any length, as they treat an array`(_ function: UnaryOperation, _ dtype: DType) {
    let numbers = Self.special(dtype)
    let whole = function.tensor(Tensor(numbers, dtype: dtype))
    for (i, number) in numbers.enumerated() {
      let single = function.tensor(Tensor(number, dtype: dtype)).item()
      #expect(
        Self.ulps(single, function.number(dtype == .float32 ? Double(Float(number)) : number), dtype) <= function.ulps)
      #expect(Self.ulps(single, whole[i], dtype) <= function.ulps)
    }
    for length in 0...67 {
      let part = function.tensor(Tensor(Array(numbers.prefix(length)), dtype: dtype))
      #expect(part.isIdentical(to: whole.rows(0..<length)), "\(length) elements")
    }
  }

  @Test(arguments: DType.allCases) func `keep the sign of zero`(_ dtype: DType) {
    let zeros = Tensor([0.0, -0.0], dtype: dtype)
    for f in [{ tanh($0) }, { sqrt($0) }] as [(Tensor) -> Tensor] {
      #expect(f(zeros).isIdentical(to: zeros))
    }
    #expect((-zeros).isIdentical(to: Tensor([-0.0, 0.0], dtype: dtype)))
    #expect(abs(zeros).isIdentical(to: Tensor([0.0, 0.0], dtype: dtype)))
  }

  @Test(arguments: DType.allCases) func `tanh and sigmoid stay within their ranges and do not decrease`(_ dtype: DType)
  {
    let x = Tensor((0..<4000).map { -20 + 0.01 * Double($0) }, dtype: dtype)
    for (y, low) in [(tanh(x), -1.0), (sigmoid(x), 0.0)] as [(Tensor, Double)] {
      let values = y.scalars(as: Double.self)
      #expect(values.allSatisfy { $0 >= low && $0 <= 1 })
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 + 4 * dtype.ulpOfOne * $0.magnitude })
    }
    #expect(tanh(-x) == -tanh(x))
  }
}
