/// How often each class was taken for each other one.
///
///     var matrix = ConfusionMatrix(classes: 3)
///     try matrix.add(predicted: model(x).value.argmax(along: 1), labels)
///     print(matrix, matrix.accuracy, matrix.f1(.macro))
///
/// A quotient whose divisor is 0, such as the precision of a class that was never predicted, counts as 0.
public struct ConfusionMatrix: Sendable, Equatable {
  /// How values of classes become one.
  public enum Average: Sendable {
    /// From the counts of all classes together. With one label for each example, that is the accuracy.
    case micro
    /// The mean over the classes that occur among labels or predictions.
    case macro
  }

  /// The number of examples of class i that were taken for class j, at `[i][j]`.
  public private(set) var counts: [[Int]]

  /// Creates an empty matrix.
  ///
  /// - Parameter classes: The number of classes, at least 1.
  public init(classes: Int) {
    require(classes >= 1, "ConfusionMatrix: there cannot be \(classes) classes")
    counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
  }

  /// Counts examples. If one is wrong, none is counted.
  ///
  /// - Parameters:
  ///   - predicted: The predicted classes.
  ///   - labels: As many true ones.
  /// - Throws: ``MetricError/label(metric:position:value:classes:)`` for one that is outside the classes.
  public mutating func add(predicted: IndexArray, _ labels: IndexArray) throws(MetricError) {
    require(
      predicted.count == labels.count,
      "ConfusionMatrix: \(predicted.count) predictions do not fit \(labels.count) labels")
    var counts = counts
    for i in 0..<labels.count {
      for value in [labels[i], predicted[i]] where value < 0 || value >= counts.count {
        throw .label(metric: "ConfusionMatrix", position: i, value: value, classes: counts.count)
      }
      counts[labels[i]][predicted[i]] += 1
    }
    self.counts = counts
  }

  /// The number of examples.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The part of examples that were taken for what they are.
  public var accuracy: Double { ratio(correct, total) }

  private var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// The number of examples of a class.
  private func labelled(_ c: Int) -> Int { counts[c].reduce(0, +) }

  /// The number of examples that were taken for a class.
  private func predicted(_ c: Int) -> Int { counts.reduce(0) { $0 + $1[c] } }

  private func ratio(_ a: Int, _ b: Int) -> Double { b == 0 ? 0 : Double(a) / Double(b) }

  /// Of the examples that were taken for a class, the part that belongs to it.
  public func precision(of c: Int) -> Double { ratio(counts[c][c], predicted(c)) }

  /// Of the examples of a class, the part that was taken for it.
  public func recall(of c: Int) -> Double { ratio(counts[c][c], labelled(c)) }

  /// The harmonic mean of precision and recall of a class.
  public func f1(of c: Int) -> Double { ratio(2 * counts[c][c], predicted(c) + labelled(c)) }

  /// The precision of all classes.
  public func precision(_ average: Average) -> Double { averaged(average) { precision(of: $0) } }

  /// The recall of all classes.
  public func recall(_ average: Average) -> Double { averaged(average) { recall(of: $0) } }

  /// The F1 of all classes.
  public func f1(_ average: Average) -> Double { averaged(average) { f1(of: $0) } }

  private func averaged(_ average: Average, _ value: (Int) -> Double) -> Double {
    // Each example is one prediction and one label: the sums of both over all classes are the total.
    if average == .micro { return accuracy }
    let present = counts.indices.filter { labelled($0) + predicted($0) > 0 }
    return present.isEmpty ? 0 : present.reduce(0) { $0 + value($1) } / Double(present.count)
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// A table: a row for each class, a column for what it was taken for.
  public var description: String {
    let width = counts.joined().map { String($0).count }.max() ?? 1
    return counts.map { row in
      row.map { count in
        let text = String(count)
        return String(repeating: " ", count: width - text.count) + text
      }.joined(separator: " ")
    }.joined(separator: "\n")
  }
}
