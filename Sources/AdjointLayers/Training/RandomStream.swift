/// Random keys one after another, for a training loop that draws a varying number of them.
///
///     var keys = RandomStream(RandomKey(seed: 7))
///     let (loss, gradients) = valueWithGradients { loss(model(x, key: keys.next())) }
///
/// The key number i is `key.stream(i)`, so the stream is no more than a key and a position, and goes on where it was when
/// restored.
public struct RandomStream: Resumable, Hashable, Sendable {
  /// The key that all keys are made from.
  public private(set) var key: RandomKey
  /// How many keys have been drawn.
  public private(set) var position = 0

  /// Creates a stream.
  ///
  /// - Parameter key: The key that all keys are made from.
  public init(_ key: RandomKey) { self.key = key }

  /// Draws a key.
  ///
  /// - Returns: A key that the stream has not given before.
  public mutating func next() -> RandomKey {
    defer { position += 1 }
    return key.stream(position)
  }

  /// The key, as bit patterns, and the position.
  public var state: TrainingState {
    TrainingState(counters: [
      "seed": Int(bitPattern: UInt(key.seed)), "stream": Int(bitPattern: UInt(key.stream)), "position": position,
    ])
  }

  /// Goes back to a saved key and position.
  public mutating func restore(_ state: TrainingState) throws(TrainingStateError) {
    var state = state
    let seed = try state.takeCounter("seed"), stream = try state.takeCounter("stream")
    let position = try state.takeCounter("position", in: 0...Int.max)
    try state.requireEmpty()
    key = RandomKey(seed: UInt64(UInt(bitPattern: seed)), stream: UInt64(UInt(bitPattern: stream)))
    self.position = position
  }
}
