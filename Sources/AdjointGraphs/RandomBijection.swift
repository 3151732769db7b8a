/// A random order of `0 ..< count` of which any element can be asked for without making the others.
///
/// A Feistel network permutes the numbers of an even number of bits; numbers beyond the end are sent through again until they
/// fall within, which they do because the walk is on a cycle that began within. Four times as many numbers as wanted are permuted
/// at most, so that few steps are needed on average.
struct RandomBijection {
  let count: Int
  private let halfBits: UInt64
  private let keys: [UInt64]

  init(count: Int, key: RandomKey) {
    self.count = count
    var halfBits: UInt64 = 1
    while 1 << (2 * halfBits) < count { halfBits += 1 }
    self.halfBits = halfBits
    let draws = key.bits(count: 16)
    keys = (0..<8).map { UInt64(draws[2 * $0]) << 32 | UInt64(draws[2 * $0 + 1]) }
  }

  /// The element at a position.
  subscript(position: Int) -> Int {
    var number = UInt64(position)
    repeat { number = permuted(number) } while number >= UInt64(count)
    return Int(number)
  }

  private func permuted(_ number: UInt64) -> UInt64 {
    let mask = (1 as UInt64) << halfBits - 1
    var left = number >> halfBits, right = number & mask
    for key in keys {
      var z = (right ^ key) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 31)) &* 0x94D0_49BB_1331_11EB
      (left, right) = (right, left ^ ((z ^ (z >> 29)) & mask))
    }
    return left << halfBits | right
  }
}
