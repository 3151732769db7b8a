import AdjointTensors
import Foundation
import Testing

/// Philox4x32-10 as published, one block at a time.
func philox(counter: [UInt32], key: [UInt32]) -> [UInt32] {
  var c = counter, k = key
  for _ in 0..<10 {
    let a = UInt64(c[0]) * 0xD251_1F53, b = UInt64(c[2]) * 0xCD9E_8D57
    c = [
      UInt32(b >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: b), UInt32(a >> 32) ^ c[3] ^ k[1],
      UInt32(truncatingIfNeeded: a),
    ]
    k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
  }
  return c
}

@Suite struct `Random bits` {
  // The vectors of Random123, examples/kat_vectors.
  @Test func `of the reference are the published ones`() {
    #expect(
      philox(counter: [0, 0, 0, 0], key: [0, 0]) == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    let ones = UInt32.max
    #expect(
      philox(counter: [ones, ones, ones, ones], key: [ones, ones])
        == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
    #expect(
      philox(counter: [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], key: [0xA409_3822, 0x299F_31D0])
        == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
  }

  @Test func `of seed 0 begin with the published vector`() {
    #expect(RandomKey(seed: 0).bits(count: 4) == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
  }

  @Test(arguments: [0, 1, 0x299F_31D0_A409_3822, UInt64.max], [0, 7, 0x0370_7344_1319_8A2E, UInt64.max])
  func `are Philox of (block, stream) under the seed, low words first`(_ seed: UInt64, _ stream: UInt64) {
    func words(_ x: UInt64) -> [UInt32] { [UInt32(truncatingIfNeeded: x), UInt32(x >> 32)] }
    let expected = (0..<300).flatMap { philox(counter: words(UInt64($0)) + words(stream), key: words(seed)) }
    let key = RandomKey(seed: seed, stream: stream)
    #expect(key.bits(count: 1200) == expected)
    for count in [0, 1, 2, 3, 5, 63, 64, 65, 257] { #expect(key.bits(count: count) == Array(expected.prefix(count))) }
  }

  @Test func `of nested streams do not collide`() {
    let root = RandomKey(seed: 3)
    let keys = (0..<60).flatMap { i in (0..<60).map { root.stream(i).stream($0) } } + (0..<3600).map { root.stream($0) }
    #expect(Set(keys).count == keys.count && !keys.contains(root))
    #expect(keys.allSatisfy { $0.seed == 3 })
    #expect(root.stream(5) == root.stream(5))
  }

  @Test func `of two streams, or two seeds, agree in half their digits`() {
    let count = 4096
    let keys = [RandomKey(seed: 1), RandomKey(seed: 2), RandomKey(seed: 1).stream(0), RandomKey(seed: 1, stream: 1)]
    for (i, a) in keys.enumerated() {
      for b in keys.dropFirst(i + 1) {
        let equal = zip(a.bits(count: count), b.bits(count: count)).reduce(0) { $0 + (~($1.0 ^ $1.1)).nonzeroBitCount }
        let digits = Double(count * 32)
        #expect(Swift.abs(Double(equal) - digits / 2) < 5 * (digits / 4).squareRoot())
      }
    }
  }
}

@Suite struct `Random tensors` {
  static let count = 40_000

  /// The means of x, x², x³ and x⁴.
  static func moments(_ x: [Double]) -> [Double] {
    (1...4).map { power in x.reduce(0) { $0 + Foundation.pow($1, Double(power)) } / Double(x.count) }
  }

  @Test(arguments: DType.allCases) func `of uniform numbers fill their range evenly`(_ dtype: DType) {
    let x = Tensor(uniform: [Self.count], key: RandomKey(seed: 11), dtype: dtype).scalars(as: Double.self)
    #expect(x.allSatisfy { $0 >= 0 && $0 < 1 })
    for (power, moment) in Self.moments(x).enumerated() {
      let n = Double(power + 1), variance = 1 / (2 * n + 1) - 1 / ((n + 1) * (n + 1))
      #expect(Swift.abs(moment - 1 / (n + 1)) < 5 * (variance / Double(Self.count)).squareRoot())
    }
    let y = Tensor(uniform: [1000], low: -3, high: -1, key: RandomKey(seed: 1), dtype: dtype)
    #expect(y.min().item() >= -3 && y.max().item() < -1 && y.max().item() > -1.1 && y.min().item() < -2.9)
  }

  @Test(arguments: DType.allCases) func `never reach the upper bound, however narrow the range`(_ dtype: DType) {
    for low in [1.0, -1, 1024, 0.1] {
      let start = Tensor(low, dtype: dtype).item()
      let next = dtype == .float32 ? Double(Float(start).nextUp) : start.nextUp
      let x = Tensor(uniform: [500], low: start, high: next, key: RandomKey(seed: 2), dtype: dtype)
      #expect(x.scalars(as: Double.self).allSatisfy { $0 == start })
    }
  }

  @Test(arguments: DType.allCases) func `of normal numbers have a normal's moments and tails`(_ dtype: DType) {
    let x = Tensor(normal: [Self.count], key: RandomKey(seed: 12), dtype: dtype).scalars(as: Double.self)
    // Mean and variance of x, x², x³, x⁴ for a standard normal.
    for (moment, (mean, variance)) in zip(Self.moments(x), [(0.0, 1.0), (1, 2), (0, 15), (3, 96)]) {
      #expect(Swift.abs(moment - mean) < 5 * (variance / Double(Self.count)).squareRoot())
    }
    for (bound, within) in [(1.0, 0.682_689_5), (2.0, 0.954_499_7), (3.0, 0.997_300_2)] {
      let share = Double(x.count { $0.magnitude < bound }) / Double(Self.count)
      #expect(Swift.abs(share - within) < 5 * (within * (1 - within) / Double(Self.count)).squareRoot())
    }
    #expect(x.allSatisfy { $0.isFinite })
    let pairs = zip(x, x.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(Self.count)
    #expect(Swift.abs(pairs) < 5 / Double(Self.count).squareRoot())
  }

  @Test(arguments: DType.allCases) func `scale and shift, and begin alike whatever their length`(_ dtype: DType) {
    let key = RandomKey(seed: 5).stream(3)
    let z = Tensor(normal: [1000], key: key, dtype: dtype)
    let x = Tensor(normal: [1000], mean: 2, standardDeviation: 3, key: key, dtype: dtype)
    let gap = abs(x - (z * 3 + 2)).max().item()
    #expect(gap <= 16 * dtype.ulpOfOne)
    for count in [0, 1, 2, 3, 17, 31, 64, 999] {
      #expect(Tensor(normal: [count], key: key, dtype: dtype).isIdentical(to: z.rows(0..<count)))
      let whole = Tensor(uniform: [1000], key: key, dtype: dtype)
      #expect(Tensor(uniform: [count], key: key, dtype: dtype).isIdentical(to: whole.rows(0..<count)))
    }
    #expect(Tensor(normal: [10, 100], key: key, dtype: dtype).reshaped(to: [-1]).isIdentical(to: z))
  }

  @Test(arguments: [0, 1, 2, 3, 10, 1000]) func `a permutation holds every number once`(_ count: Int) {
    for seed in 0..<5 as Range<UInt64> {
      #expect(RandomKey(seed: seed).permutation(count).sorted() == Array(0..<count))
    }
    if count == 1000 {
      #expect(RandomKey(seed: 1).permutation(count) != Array(0..<count))
      #expect(RandomKey(seed: 1).permutation(count) != RandomKey(seed: 2).permutation(count))
    }
  }

  @Test func `every permutation of three is equally likely`() {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<3000 as Range<UInt64> { counts[RandomKey(seed: seed).permutation(3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { Swift.abs(Double($0) - 500) < 5 * (3000 * 5 / 36.0).squareRoot() })
  }
}
