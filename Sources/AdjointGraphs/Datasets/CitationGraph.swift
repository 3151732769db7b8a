/// A citation network: papers that cite each other, the words each contains, its subject, and the usual split.
///
///     let cora = try CitationGraph(folder: "data/cora")
///     let logits = model(cora.features.rowNormalized(), on: cora.graph)
///
/// The folder holds four text files. Nodes, features and classes are numbered from 0.
///
/// | file | content |
/// | --- | --- |
/// | `labels.csv` | `node,label`, then a line for each node in order; −1 for a node of unknown class |
/// | `features.txt` | a line for each node in order: its number, a tab, the numbers of its features in ascending order |
/// | `edges.csv` | `source,target`, then a line for each undirected edge in ascending order, source < target |
/// | `split.json` | an object with the keys `train`, `val` and `test`: arrays of node numbers |
///
/// Source: Yang, Cohen & Salakhutdinov, *Revisiting Semi-Supervised Learning with Graph Embeddings*, ICML 2016 (the splits
/// of Cora and Citeseer).
public struct CitationGraph: Sendable {
  /// The citations, in both directions.
  public let graph: Graph
  /// Which features each node has.
  public let featurePattern: SparsePattern
  /// The class of every node; −1 where it is not known.
  public let labels: IndexArray
  /// The number of classes: one more than the largest label.
  public let classCount: Int
  /// The nodes to train on.
  public let train: IndexArray
  /// The nodes to choose a model by.
  public let validation: IndexArray
  /// The nodes to report on.
  public let test: IndexArray

  init(
    graph: Graph, featurePattern: SparsePattern, labels: IndexArray, classCount: Int, train: IndexArray,
    validation: IndexArray, test: IndexArray
  ) {
    (self.graph, self.featurePattern, self.labels, self.classCount) = (graph, featurePattern, labels, classCount)
    (self.train, self.validation, self.test) = (train, validation, test)
  }

  /// The features, `[nodes, features]`: 1 where a node has one.
  ///
  /// Papers usually train on `features.rowNormalized()`.
  public var features: SparseMatrix { SparseMatrix(featurePattern) }

  /// Reads a citation graph.
  ///
  /// - Parameters:
  ///   - folder: The path of the folder.
  ///   - featureCount: The number of features; one more than the largest in the file if left out.
  /// - Throws: ``DatasetError`` for a file that cannot be read or does not follow the format. Nothing is half read.
  /// - Complexity: Proportional to the size of the files.
  public init(folder: String, featureCount: Int? = nil) throws(DatasetError) {
    if let featureCount {
      require(
        featureCount >= 0 && featureCount <= largest,
        "CitationGraph: \(featureCount) is not a number of features; it lies in 0 ... \(largest)")
    }
    labels = try readLabels("\(folder)/labels.csv")
    classCount = (labels.max() ?? -1) + 1
    featurePattern = try readFeatures("\(folder)/features.txt", labels.count, featureCount)
    graph = try readEdges("\(folder)/edges.csv", labels.count)
    (train, validation, test) = try readSplit("\(folder)/split.json", labels)
  }
}

private let largest = Int(Int32.max)

private func readLabels(_ file: String) throws(DatasetError) -> IndexArray {
  var scanner = try TextScanner(file: file)
  var labels: [Int] = []
  try scanner.expect("node,label")
  try scanner.expectLineEnd()
  while !scanner.isAtEnd {
    try scanner.expectNode(labels.count, in: 0..<largest)
    try scanner.expect(",")
    labels.append(try scanner.number("label", in: -1..<largest))
    try scanner.expectLineEnd()
  }
  return IndexArray(labels)
}

private func readFeatures(
  _ file: String, _ nodeCount: Int, _ featureCount: Int?
) throws(DatasetError) -> SparsePattern {
  var scanner = try TextScanner(file: file)
  var rows: [Int] = []
  var columns: [Int] = []
  var node = 0
  while !scanner.isAtEnd {
    try scanner.expectNode(node, in: 0..<nodeCount)
    try scanner.expect("\t")
    var last: Int?
    while !scanner.isAtLineEnd {
      if last != nil { try scanner.expect(" ") }
      let feature = try scanner.number("feature", in: 0..<(featureCount ?? largest))
      if let last, feature <= last { throw scanner.unexpected("feature \(feature)", "one above \(last)") }
      rows.append(node)
      columns.append(feature)
      last = feature
    }
    try scanner.expectLineEnd()
    node += 1
  }
  if node < nodeCount { throw scanner.unexpected("node \(node), the next of \(nodeCount),") }
  return SparsePattern(
    knownRows: IndexArray(rows), columns: IndexArray(columns), origin: nil, rowCount: nodeCount,
    columnCount: featureCount ?? (columns.max() ?? -1) + 1)
}

private func readEdges(_ file: String, _ nodeCount: Int) throws(DatasetError) -> Graph {
  var scanner = try TextScanner(file: file)
  var sources: [Int] = []
  var targets: [Int] = []
  var last = (-1, -1)
  try scanner.expect("source,target")
  try scanner.expectLineEnd()
  while !scanner.isAtEnd {
    let source = try scanner.number("node", in: 0..<nodeCount)
    try scanner.expect(",")
    let target = try scanner.number("node", in: 0..<nodeCount)
    if source >= target { throw scanner.unexpected("edge \(source),\(target)", "one with source < target") }
    if (source, target) <= last {
      throw scanner.unexpected("edge \(source),\(target)", "one after \(last.0),\(last.1)")
    }
    try scanner.expectLineEnd()
    sources.append(source)
    targets.append(target)
    last = (source, target)
  }
  return Graph(nodeCount: nodeCount, sources: IndexArray(sources + targets), targets: IndexArray(targets + sources))
}

private func readSplit(
  _ file: String, _ labels: IndexArray
) throws(DatasetError) -> (train: IndexArray, validation: IndexArray, test: IndexArray) {
  var scanner = try TextScanner(file: file)
  var parts: [String: IndexArray] = [:]
  var partOfNode: [Int: String] = [:]
  try scanner.expectToken("{")
  repeat {
    let part = try scanner.splitKey(missingIn: parts)
    try scanner.expectToken(":")
    try scanner.expectToken("[")
    var nodes: [Int] = []
    while !scanner.takeToken("]") {
      if !nodes.isEmpty { try scanner.expectToken(",") }
      scanner.skipSpace()
      let node = try scanner.number("node", in: 0..<labels.count)
      if let firstPart = partOfNode.updateValue(part, forKey: node) {
        throw .repeated(file: file, line: scanner.line, node: node, part: part, firstPart: firstPart)
      }
      if labels[node] < 0 { throw .unlabelled(file: file, line: scanner.line, node: node, part: part) }
      nodes.append(node)
    }
    parts[part] = IndexArray(nodes)
  } while scanner.takeToken(",")
  guard let train = parts["train"], let validation = parts["val"], let test = parts["test"] else {
    throw scanner.unexpected("a comma and \(missingKeys(parts))")
  }
  try scanner.expectToken("}")
  scanner.skipSpace()
  if !scanner.isAtEnd { throw scanner.unexpected("the end of the file") }
  return (train, validation, test)
}

private func missingKeys(_ parts: [String: IndexArray]) -> String {
  "the key " + ["train", "val", "test"].filter { parts[$0] == nil }.map { "\"\($0)\"" }.joined(separator: " or ")
}

extension TextScanner {
  /// Takes the number of the node that this line is for.
  fileprivate mutating func expectNode(_ node: Int, in limits: Range<Int>) throws(DatasetError) {
    let found = try number("node", in: limits)
    if found != node { throw unexpected("node \(found)", "node \(node)") }
  }

  /// Takes the given text, maybe after spaces and line ends, if it comes next.
  fileprivate mutating func takeToken(_ text: StaticString) -> Bool {
    skipSpace()
    return take(text)
  }

  /// Takes the given text, maybe after spaces and line ends.
  fileprivate mutating func expectToken(_ text: StaticString) throws(DatasetError) {
    skipSpace()
    try expect(text)
  }

  /// Takes the name of a part of the split that has not been read.
  fileprivate mutating func splitKey(missingIn parts: [String: IndexArray]) throws(DatasetError) -> String {
    skipSpace()
    if parts["train"] == nil, take("\"train\"") { return "train" }
    if parts["val"] == nil, take("\"val\"") { return "val" }
    if parts["test"] == nil, take("\"test\"") { return "test" }
    throw unexpected(parts.count == 3 ? "\"}\"" : missingKeys(parts))
  }
}
