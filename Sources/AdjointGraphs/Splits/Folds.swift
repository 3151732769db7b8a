/// The folds of a cross-validation: each example is tested on once.
public struct Folds: Sendable {
  /// The fold of every example.
  public let foldOfExample: IndexArray
  /// The number of folds.
  public let count: Int

  /// Folds that are given.
  ///
  /// - Parameter foldOfExample: A number from 0 for every example.
  public init(_ foldOfExample: IndexArray) {
    require(foldOfExample.allSatisfy { $0 >= 0 }, "Folds: folds are numbered from 0, not \(foldOfExample.min() ?? 0)")
    (self.foldOfExample, count) = (foldOfExample, (foldOfExample.max() ?? -1) + 1)
  }

  /// Random folds with nearly equal parts of every class.
  ///
  /// The sizes of two folds differ by at most 1, and so do the numbers of examples of a class in two folds.
  ///
  /// - Parameters:
  ///   - labels: The class of every example.
  ///   - count: The number of folds, at least 1.
  ///   - key: The place in the random sequence.
  public init(stratifying labels: IndexArray, count: Int = 10, key: RandomKey) {
    require(count >= 1, "Folds: \(count) folds; there has to be at least 1")
    var folds = [Int](repeating: 0, count: labels.count)
    // Examples in a random order, sorted by class, are dealt like cards.
    let shuffled = key.permutation(labels.count).sorted { labels[$0] < labels[$1] }
    for (place, example) in shuffled.enumerated() { folds[example] = place % count }
    (foldOfExample, self.count) = (IndexArray(folds), count)
  }

  /// Random folds of nearly equal size.
  ///
  /// - Parameters:
  ///   - exampleCount: The number of examples.
  ///   - count: The number of folds, at least 1.
  ///   - key: The place in the random sequence.
  public init(exampleCount: Int, count: Int = 10, key: RandomKey) {
    self.init(stratifying: IndexArray([Int](repeating: 0, count: exampleCount)), count: count, key: key)
  }

  /// What is trained and tested on when one fold is held out.
  ///
  /// - Parameters:
  ///   - fold: The fold to test on.
  ///   - hasValidation: Whether the next fold is for choosing a model; otherwise none is.
  /// - Returns: Numbers of examples, ascending.
  public func split(testing fold: Int, hasValidation: Bool = false) -> NodeSplit {
    require(fold >= 0 && fold < count, "Folds: fold \(fold) is outside 0 ..< \(count)")
    require(!hasValidation || count >= 3, "Folds: \(count) folds leave none to train on; there have to be at least 3")
    let next = hasValidation ? (fold + 1) % count : -1
    func examples(_ isWanted: (Int) -> Bool) -> IndexArray {
      IndexArray(foldOfExample.indices.filter { isWanted(foldOfExample[$0]) })
    }
    return NodeSplit(
      train: examples { $0 != fold && $0 != next }, validation: examples { $0 == next }, test: examples { $0 == fold })
  }
}
