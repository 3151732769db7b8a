/// Batches of examples, in a new random order every epoch.
///
///     let loader = DataLoader(features, labels, batchSize: 32, key: RandomKey(seed: 1))
///     for epoch in 0..<10 {
///       for (x, y) in loader {
///         …
///       }
///     }
///
/// Going through the loader once is one epoch: ⌈count / batchSize⌉ batches. The order of an epoch depends on the key and the number
/// of the epoch alone. A loop that is left in the middle of an epoch goes on there when it is entered again, as does a loader that
/// is restored from a saved state.
public final class DataLoader<Batch>: Sequence, IteratorProtocol, Resumable {
  private let count, batchSize, end: Int
  private let key: RandomKey?
  private let batch: (IndexArray) -> Batch
  private var order: (epoch: Int, indices: [Int])?
  /// The epoch that the next batch belongs to, from 0.
  public private(set) var epoch = 0
  /// How many examples of this epoch have been given.
  public private(set) var position = 0

  /// Creates a loader that makes batches in its own way.
  ///
  /// - Parameters:
  ///   - count: The number of examples.
  ///   - batchSize: The number of examples in a batch, at least 1; the last one of an epoch may be smaller.
  ///   - dropLast: Whether a smaller last batch is left out.
  ///   - key: The place in the random sequence, or nil for the examples in their own order.
  ///   - batch: Makes a batch of the examples with the given indices.
  public init(
    count: Int, batchSize: Int, dropLast: Bool = false, key: RandomKey? = nil, batch: @escaping (IndexArray) -> Batch
  ) {
    require(count >= 0, "DataLoader: there cannot be \(count) examples")
    require(batchSize >= 1, "DataLoader: the batch size \(batchSize) is not at least 1")
    (self.count, self.batchSize, self.key, self.batch) = (count, batchSize, key, batch)
    end = dropLast ? count / batchSize * batchSize : count
  }

  /// Creates a loader of examples.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - batchSize: The number of examples in a batch, at least 1; the last one of an epoch may be smaller.
  ///   - dropLast: Whether a smaller last batch is left out.
  ///   - key: The place in the random sequence, or nil for the examples in their own order.
  public convenience init(_ examples: Batch, batchSize: Int, dropLast: Bool = false, key: RandomKey? = nil)
  where Batch: Batchable {
    self.init(count: examples.exampleCount, batchSize: batchSize, dropLast: dropLast, key: key) {
      examples.examples($0)
    }
  }

  /// Creates a loader of examples with what belongs to each of them, such as labels.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - targets: As many labels or targets.
  ///   - batchSize: The number of examples in a batch, at least 1; the last one of an epoch may be smaller.
  ///   - dropLast: Whether a smaller last batch is left out.
  ///   - key: The place in the random sequence, or nil for the examples in their own order.
  public convenience init<Examples: Batchable, Targets: Batchable>(
    _ examples: Examples, _ targets: Targets, batchSize: Int, dropLast: Bool = false, key: RandomKey? = nil
  ) where Batch == (Examples, Targets) {
    require(
      examples.exampleCount == targets.exampleCount,
      "DataLoader: \(examples.exampleCount) examples have \(targets.exampleCount) targets")
    self.init(count: examples.exampleCount, batchSize: batchSize, dropLast: dropLast, key: key) {
      (examples.examples($0), targets.examples($0))
    }
  }

  /// The number of batches in an epoch.
  public var batchesPerEpoch: Int { (end + batchSize - 1) / batchSize }

  /// The next batch of the epoch; nil at its end, and then the first one of the next epoch.
  ///
  /// - Returns: A batch, or nil.
  public func next() -> Batch? {
    guard position < end else {
      (epoch, position) = (epoch + 1, 0)
      return nil
    }
    let range = position..<Swift.min(position + batchSize, end)
    position = range.upperBound
    guard let key else { return batch(IndexArray(range)) }
    if order?.epoch != epoch { order = (epoch, key.stream(epoch).permutation(count)) }
    return batch(IndexArray(order?.indices[range] ?? []))
  }

  /// The epoch and the position in it.
  public var state: TrainingState { TrainingState(counters: ["epoch": epoch, "position": position]) }

  /// Goes back to a saved epoch and position.
  public func restore(_ state: TrainingState) throws(TrainingStateError) {
    var state = state
    let epoch = try state.takeCounter("epoch", in: 0...Int.max)
    let position = try state.takeCounter("position", in: 0...end)
    try state.requireEmpty()
    (self.epoch, self.position) = (epoch, position)
  }
}
