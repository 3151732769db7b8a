import Adjoint

// Every framework that is compared computes the same numbers from the same recipe, so no files need to be shared:
//
//     bits(seed, i) = mix(seed + (i + 1) · 0x9E3779B97F4A7C15)     the i-th output of SplitMix64
//     unit(seed, i) = Float(bits >> 40) · 2⁻²⁴                     in [0, 1), exact in Float

/// The i-th output of SplitMix64.
///
/// - Parameters:
///   - seed: What tells one sequence from another.
///   - index: The position in the sequence, from 0.
/// - Returns: 64 random bits.
@inline(__always)
public func randomBits(_ seed: UInt64, _ index: Int) -> UInt64 {
  var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}

/// Numbers in [−1, 1), times a factor.
///
/// - Parameters:
///   - seed: What tells one sequence from another.
///   - shape: The extents of the axes.
///   - factor: What every number is multiplied by.
/// - Returns: A tensor filled in row-major order.
public func features(_ seed: UInt64, _ shape: Shape, times factor: Float = 1) -> Tensor {
  Tensor(
    (0..<shape.elementCount).map { index -> Float in
      let unit = Float(randomBits(seed, index) >> 40) * 0x1p-24
      return (unit * 2 - 1) * factor
    }, shape: shape)
}

/// Whole numbers in `0 ..< limit`.
///
/// - Parameters:
///   - seed: What tells one sequence from another.
///   - count: How many numbers.
///   - limit: The bound, not included.
/// - Returns: The numbers.
public func integers(_ seed: UInt64, _ count: Int, below limit: Int) -> [Int] {
  (0..<count).map { Int(((randomBits(seed, $0) >> 32) &* UInt64(limit)) >> 32) }
}

/// The initial value of a weight, which the recipe numbers as `[outputs][inputs]`, transposed.
///
/// - Parameters:
///   - number: The number of the parameter in its model, from 0.
///   - inputs: The layer's input width, also for a bias.
///   - outputs: The layer's output width.
/// - Returns: `[inputs, outputs]`.
public func weight(_ number: Int, _ inputs: Int, _ outputs: Int) -> Tensor {
  let stored = scaled(number, [outputs, inputs], inputs).scalars(as: Float.self)
  return Tensor(
    (0..<inputs * outputs).map { stored[$0 % outputs * inputs + $0 / outputs] }, shape: [inputs, outputs])
}

/// The initial value of a bias.
///
/// - Parameters:
///   - number: The number of the parameter in its model, from 0.
///   - inputs: The layer's input width.
///   - outputs: The layer's output width.
/// - Returns: `[outputs]`.
public func bias(_ number: Int, _ inputs: Int, _ outputs: Int) -> Tensor { scaled(number, [outputs], inputs) }

private func scaled(_ number: Int, _ shape: Shape, _ inputs: Int) -> Tensor {
  features(1000 + UInt64(number), shape, times: Float(1 / Double(inputs).squareRoot()))
}
