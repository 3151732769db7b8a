/// The draws of a key, one after the other.
///
/// Like everything drawn from a ``RandomKey`` it is the same on every machine, which the standard library's `Int.random` does not
/// promise.
struct RandomSequence {
  private let key: RandomKey
  private var block: [UInt32] = []
  private var position = 0
  private var blockNumber = 0

  init(_ key: RandomKey) { self.key = key }

  /// The next 32 random bits.
  mutating func next() -> UInt32 {
    if position == block.count {
      // Blocks grow, so that a short sequence is cheap to begin.
      block = key.stream(blockNumber).bits(count: blockNumber == 0 ? 64 : 4096)
      blockNumber += 1
      position = 0
    }
    defer { position += 1 }
    return block[position]
  }

  /// A number in `0 ..< limit`, each as likely as the others up to 2⁻³².
  mutating func next(below limit: Int) -> Int {
    if limit <= 1 << 16 { return Int((UInt64(next()) * UInt64(limit)) >> 32) }
    let draw = UInt64(next()) << 32 | UInt64(next())
    return Int(draw.multipliedFullWidth(by: UInt64(limit)).high)
  }

  /// A number in `0 ..< 1`, a multiple of 2⁻⁵³.
  mutating func uniform() -> Double {
    Double((UInt64(next()) << 32 | UInt64(next())) >> 11) * 0x1p-53
  }

  /// `count` different numbers in `0 ..< limit`, in a random order.
  ///
  /// Floyd's algorithm where few are wanted, a shuffle's beginning where many are.
  mutating func sample(_ count: Int, below limit: Int) -> [Int] {
    if count * 8 > limit {
      var all = Array(0..<limit)
      for i in 0..<count { all.swapAt(i, i + next(below: limit - i)) }
      return Array(all.prefix(count))
    }
    var chosen: Set<Int> = [], order: [Int] = []
    for last in limit - count..<limit {
      let draw = next(below: last + 1)
      let number = chosen.contains(draw) ? last : draw
      chosen.insert(number)
      order.append(number)
    }
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, next(below: i + 1)) }
    return order
  }
}
