/// Which nodes, or rows of any kind, a model is trained on, chosen by and reported on.
public struct NodeSplit: Sendable, Equatable {
  /// To train on.
  public let train: IndexArray
  /// To choose a model by.
  public let validation: IndexArray
  /// To report on.
  public let test: IndexArray

  /// A split that is given. A node that is named twice stops the program.
  ///
  /// - Parameters:
  ///   - train: To train on.
  ///   - validation: To choose a model by.
  ///   - test: To report on.
  public init(train: IndexArray, validation: IndexArray, test: IndexArray) {
    var known: Set<Int> = []
    for node in IndexArray.joined([train, validation, test]) {
      require(known.insert(node).inserted, "NodeSplit: node \(node) is named twice")
    }
    (self.train, self.validation, self.test) = (train, validation, test)
  }

  /// A random split by fractions.
  ///
  /// - Parameters:
  ///   - count: The number of nodes, of which `0 ..< count` are split.
  ///   - validation: The fraction for validation.
  ///   - test: The fraction for the test; the rest is for training. Counts are rounded down.
  ///   - key: The place in the random sequence.
  public init(count: Int, validation: Double, test: Double, key: RandomKey) {
    require(
      validation >= 0 && test >= 0 && validation + test <= 1,
      "NodeSplit: fractions \(validation) and \(test); they must not be negative or exceed 1 together")
    let order = key.permutation(count)
    let (forValidation, forTest) = (count.part(validation), count.part(test))
    self.init(
      train: IndexArray(order.dropFirst(forValidation + forTest).sorted()),
      validation: IndexArray(order.prefix(forValidation).sorted()),
      test: IndexArray(order.dropFirst(forValidation).prefix(forTest).sorted()))
  }

  /// A random split in the manner of Planetoid: equally many training nodes of each class, then fixed numbers of others.
  ///
  /// A class with fewer nodes gives all it has, and later parts get what is left. Nodes with a negative label, which means unknown,
  /// belong to no part.
  ///
  /// Source: Yang, Cohen & Salakhutdinov, ICML 2016; random splits as in Shchur et al., *Pitfalls of Graph Neural Network
  /// Evaluation*, 2018.
  ///
  /// - Parameters:
  ///   - labels: The class of every node.
  ///   - perClass: The number of training nodes of each class.
  ///   - validation: The number of nodes for validation.
  ///   - test: The number of nodes for the test.
  ///   - key: The place in the random sequence.
  public init(labels: IndexArray, perClass: Int = 20, validation: Int = 500, test: Int = 1000, key: RandomKey) {
    var taken = [Int](repeating: 0, count: (labels.max() ?? -1) + 1)
    var train: [Int] = [], others: [Int] = []
    for node in key.permutation(labels.count) where labels[node] >= 0 {
      if taken[labels[node]] < perClass {
        taken[labels[node]] += 1
        train.append(node)
      } else {
        others.append(node)
      }
    }
    self.init(
      train: IndexArray(train.sorted()), validation: IndexArray(others.prefix(validation).sorted()),
      test: IndexArray(others.dropFirst(validation).prefix(test).sorted()))
  }

  /// For every node, whether it is among some.
  ///
  /// - Parameters:
  ///   - part: Nodes, such as ``train``.
  ///   - count: The number of nodes.
  /// - Returns: A mask, as losses take it.
  public static func mask(_ part: IndexArray, count: Int) -> [Bool] {
    part.check(within: count, operation: "mask", noun: "node")
    var mask = [Bool](repeating: false, count: count)
    for node in part { mask[node] = true }
    return mask
  }
}

extension CitationGraph {
  /// The usual split.
  public var split: NodeSplit { NodeSplit(train: train, validation: validation, test: test) }
}
