import AdjointKernels

/// A place in a random sequence that is a pure function of its seed and stream.
///
/// Draws come from Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011): draw i depends on (seed, stream, i) alone, so tensors are filled in parallel with the same
/// bits for any number of threads, and any draw can be made again.
///
///     let key = RandomKey(seed: 42)
///     let weights = Tensor(normal: [3, 4], key: key.stream(0))
///     let mask = Tensor(uniform: [3, 4], key: key.stream(1))
public struct RandomKey: Hashable, Sendable {
  /// What tells one experiment from another.
  public var seed: UInt64
  /// What tells one use within an experiment from another.
  public var stream: UInt64

  /// Creates a key.
  ///
  /// - Parameters:
  ///   - seed: What tells one experiment from another.
  ///   - stream: What tells one use within an experiment from another.
  public init(seed: UInt64, stream: UInt64 = 0) { (self.seed, self.stream) = (seed, stream) }

  /// A key for a numbered use of this one; different numbers give independent sequences.
  ///
  /// - Parameter number: The number of the use, from 0.
  /// - Returns: The key.
  public func stream(_ number: Int) -> RandomKey {
    require(number >= 0, "RandomKey: a stream has a number from 0, not \(number)")
    // SplitMix64's finaliser spreads (stream, number) so that nested uses do not collide.
    var z = stream &+ (UInt64(bitPattern: Int64(number)) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return RandomKey(seed: seed, stream: z ^ (z >> 31))
  }

  package var kernel: adjoint_random_key { adjoint_random_key(seed: seed, stream: stream) }

  /// The 32-bit draws number `0 ..< count`.
  ///
  /// - Parameter count: How many draws.
  /// - Returns: The draws.
  public func bits(count: Int) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { adjoint_random_bits(kernel, 0, base, count) }
      initialized = count
    }
  }

  /// The numbers `0 ..< count` in a random order (Fisher and Yates' shuffle).
  ///
  /// - Parameter count: How many numbers.
  /// - Returns: A permutation.
  public func permutation(_ count: Int) -> [Int] {
    var result = Array(0..<count)
    let draws = bits(count: Swift.max(0, count - 1) * 2)
    for i in stride(from: count - 1, to: 0, by: -1) {
      let draw = UInt64(draws[2 * i - 1]) << 32 | UInt64(draws[2 * i - 2])
      result.swapAt(i, Int(draw.multipliedFullWidth(by: UInt64(i + 1)).high))
    }
    return result
  }
}

extension Tensor {
  /// A tensor of uniform random numbers in `[low, high)`.
  ///
  /// - Parameters:
  ///   - shape: The extents of the axes.
  ///   - low: The lower bound, included.
  ///   - high: The upper bound, not included.
  ///   - key: The place in the random sequence.
  ///   - dtype: The element type.
  public init(uniform shape: Shape, low: Double = 0, high: Double = 1, key: RandomKey, dtype: DType = .default) {
    self.init(shape: shape, dtype: dtype) {
      adjoint_random_uniform(dtype.kernel, $0, shape.elementCount, key.kernel, shape.firstDrawn, low, high)
    }
  }

  /// A tensor of normal random numbers.
  ///
  /// - Parameters:
  ///   - shape: The extents of the axes.
  ///   - mean: The mean.
  ///   - standardDeviation: The standard deviation.
  ///   - key: The place in the random sequence.
  ///   - dtype: The element type.
  public init(
    normal shape: Shape, mean: Double = 0, standardDeviation: Double = 1, key: RandomKey, dtype: DType = .default
  ) {
    self.init(shape: shape, dtype: dtype) {
      adjoint_random_normal(dtype.kernel, $0, shape.elementCount, key.kernel, shape.firstDrawn, mean, standardDeviation)
    }
  }
}

/// Runs `body` with random tensors of `rows.count` rows, and dropout of so many, being the rows `rows` of longer ones: a part
/// of an array then gets the numbers that the whole would.
///
/// - Parameters:
///   - rows: The rows.
///   - body: The code to run, on this thread.
/// - Returns: What `body` returns.
package func withDrawnRows<Result>(_ rows: Range<Int>, _ body: () throws -> Result) rethrows -> Result {
  let previous = adjoint_set_drawn_rows(adjoint_row_range(first: rows.lowerBound, count: rows.count))
  defer { _ = adjoint_set_drawn_rows(previous) }
  return try body()
}

/// The rows that random tensors of this thread are, as ``withDrawnRows(_:_:)`` says; none outside of it.
package var drawnRows: Range<Int> {
  let rows = adjoint_drawn_rows()
  return rows.first..<rows.first + rows.count
}

extension Shape {
  /// The number of the first element that a random tensor of this shape draws.
  package var firstDrawn: UInt64 {
    let rows = adjoint_drawn_rows()
    guard rows.first > 0, rank > 0, self[0] == rows.count else { return 0 }
    return UInt64(rows.first * dropFirst().reduce(1, *))
  }
}
