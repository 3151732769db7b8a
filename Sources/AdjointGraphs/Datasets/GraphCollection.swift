/// A collection of graphs with labels, in the text format of the TU Dortmund collection: MUTAG, ENZYMES, PROTEINS, NCI1 and others.
///
///     let mutag = try GraphCollection(folder: "data/mutag", name: "MUTAG")
///     let batch = GraphBatch(mutag.graphs)
///
/// | file | content |
/// | --- | --- |
/// | `NAME_A.txt` | a line for each directed edge: source, target; nodes are numbered from 1 through all graphs |
/// | `NAME_graph_indicator.txt` | a line for each node: the number of its graph, from 1, ascending |
/// | `NAME_graph_labels.txt` | a line for each graph: its class (optional) |
/// | `NAME_graph_attributes.txt` | a line for each graph: numbers (optional) |
/// | `NAME_node_labels.txt`, `NAME_node_attributes.txt` | a line for each node (optional) |
/// | `NAME_edge_labels.txt`, `NAME_edge_attributes.txt` | a line for each edge (optional) |
/// | `folds.csv` | `graph,fold`, then a line for each graph, numbered from 1 (optional, not part of the collection) |
///
/// Labels are numbered from 0 in ascending order of the file's. The columns of a graph are, as far as there are files:
/// nodes `x` (the attributes, then the labels as one-hot rows), `label`, `attributes`; edges `label`, `attributes`; global `y` (the
/// class), `attributes`.
///
/// Source: Morris et al., *TUDataset: A collection of benchmark datasets for learning with graphs*, GRL+ at ICML 2020.
public struct GraphCollection: Sendable {
  /// The graphs, in the order of the files.
  public let graphs: [AttributedGraph]
  /// The class of every graph, numbered from 0; empty if there is no file of labels.
  public let labels: IndexArray
  /// The file's own labels of classes, nodes and edges, in ascending order: what 0, 1, … stand for.
  public let classes: [Int], nodeLabels: [Int], edgeLabels: [Int]
  /// The fold of every graph for cross-validation, if the folder names them.
  public let folds: IndexArray?

  /// The number of classes.
  public var classCount: Int { classes.count }

  /// Reads a collection.
  ///
  /// - Parameters:
  ///   - folder: The path of the folder.
  ///   - name: What the names of the files begin with.
  ///   - dtype: The element type of the attributes and of `x`.
  /// - Throws: ``DatasetError`` for a file that cannot be read or does not follow the format, naming file and line.
  /// - Complexity: Proportional to the size of the files and of `x`.
  public init(folder: String, name: String, dtype: DType = .default) throws(DatasetError) {
    try self.init(dtype: dtype) { (part) throws(DatasetError) in
      let file = part == "folds.csv" ? "\(folder)/folds.csv" : "\(folder)/\(name)_\(part)"
      let isOptional = part != "A.txt" && part != "graph_indicator.txt"
      return isOptional && !fileExists(file) ? nil : (file, try readBytes(file))
    }
  }

  /// Reads a collection from texts: nil for a file that is not there.
  package init(
    dtype: DType, _ files: (String) throws(DatasetError) -> (file: String, bytes: [UInt8])?
  ) throws(DatasetError) {
    func open(_ part: String) throws(DatasetError) -> TextScanner? {
      guard let (file, bytes) = try files(part) else { return nil }
      return TextScanner(file: file, bytes: bytes)
    }
    guard let indicatorText = try open("graph_indicator.txt"), let edgeText = try open("A.txt") else {
      throw .unreadable(file: "A.txt or graph_indicator.txt", reason: "No such file or directory")
    }
    let graphLabels = try open("graph_labels.txt").map { (text) throws(DatasetError) in try column(text, "class") }
    let nodeGraph = try indicator(indicatorText, graphCount: graphLabels?.count)
    let nodeCount = nodeGraph.count, graphCount = graphLabels?.count ?? (nodeGraph.last.map { $0 + 1 } ?? 0)
    let graphOfNode = IndexArray(nodeGraph)
    let (sources, targets) = try edges(edgeText, nodeGraph)
    func labels(_ part: String, _ count: Int, kinds limit: Int = .max) throws(DatasetError) -> Numbered? {
      guard let text = try open(part) else { return nil }
      let labels = Numbered(try column(text, "label", count: count)), kinds = labels.values.count
      if kinds > limit {
        throw .unexpected(
          file: text.file, line: count, found: "\(kinds) different labels", expected: "at most \(limit)")
      }
      return labels
    }
    func attributes(_ part: String, _ count: Int) throws(DatasetError) -> Tensor? {
      guard let text = try open(part) else { return nil }
      return try table(text, count: count, dtype)
    }
    // Each label becomes a column of `x`.
    let nodeLabel = try labels("node_labels.txt", nodeCount, kinds: 4096)
    let edgeLabel = try labels("edge_labels.txt", sources.count)
    let nodeAttributes = try attributes("node_attributes.txt", nodeCount)
    let edgeAttributes = try attributes("edge_attributes.txt", sources.count)
    let graphAttributes = try attributes("graph_attributes.txt", graphCount)
    folds = try open("folds.csv").map { (text) throws(DatasetError) in try readFolds(text, graphCount) }

    // All graphs at once are one large graph; it comes apart into them.
    let classes = graphLabels.map { Numbered($0) }
    // Lines of the file by graph, so that the edges of each count from its first.
    let lines = RowGrouping(grouping: graphOfNode.gathered(targets), into: graphCount).columns
    func byGraph(_ array: IndexArray) -> IndexArray { lines.map { array.gathered($0) } ?? array }
    let union = Graph(nodeCount: nodeCount, sources: byGraph(sources), targets: byGraph(targets))
    let order = byGraph(IndexArray(0..<sources.count)).gathered(union.edgeOrder)
    var whole = AttributedGraph(union)
    if let nodeLabel { whole.nodes["label"] = .labels(nodeLabel.numbers) }
    if let nodeAttributes { whole.nodes["attributes"] = .values(nodeAttributes) }
    let oneHot = nodeLabel.map { Tensor.eye($0.values.count, dtype: dtype).gatherRows($0.numbers) }
    let parts = [nodeAttributes, oneHot].compactMap { $0 }
    if !parts.isEmpty { whole.nodes["x"] = .values(concatenate(parts, along: 1)) }
    if let edgeLabel { whole.edges["label"] = .labels(edgeLabel.numbers.gathered(order)) }
    if let edgeAttributes { whole.edges["attributes"] = .values(edgeAttributes.gatherRows(order)) }
    if let classes { whole.global["y"] = .labels(classes.numbers) }
    if let graphAttributes { whole.global["attributes"] = .values(graphAttributes) }
    graphs = GraphBatch(union: whole, graphOfNode: graphOfNode, count: graphCount).unbatched()
    self.labels = classes?.numbers ?? []
    self.classes = classes?.values ?? []
    nodeLabels = nodeLabel?.values ?? []
    edgeLabels = edgeLabel?.values ?? []
  }
}

/// Labels numbered from 0 in ascending order.
private struct Numbered {
  let values: [Int]
  let numbers: IndexArray

  init(_ labels: [Int]) {
    let values = Set(labels).sorted()
    let place = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
    self.values = values
    numbers = IndexArray(labels.map { place[$0] ?? 0 })
  }
}

/// One whole number on each line.
private func column(_ text: TextScanner, _ quantity: String, count: Int? = nil) throws(DatasetError) -> [Int] {
  var scanner = text, values: [Int] = []
  while !scanner.isAtEnd {
    scanner.skipBlanks()
    values.append(try scanner.number(quantity, in: -Int(Int32.max)..<Int(Int32.max)))
    scanner.skipBlanks()
    try scanner.expectLineEnd()
  }
  try scanner.expectCount(values.count, count)
  return values
}

/// The graph of every node, from 0.
private func indicator(_ text: TextScanner, graphCount: Int?) throws(DatasetError) -> [Int] {
  var scanner = text, graphs: [Int] = []
  while !scanner.isAtEnd {
    scanner.skipBlanks()
    let limit = graphCount ?? Swift.max(graphs.last ?? 0, graphs.count) + 1
    let graph = try scanner.number("graph", in: 1..<limit + 1) - 1
    if let last = graphs.last, graph < last { throw scanner.unexpected("graph \(graph + 1)", "\(last + 1) or above") }
    scanner.skipBlanks()
    try scanner.expectLineEnd()
    graphs.append(graph)
  }
  return graphs
}

/// The ends of every edge, nodes numbered from 0.
private func edges(_ text: TextScanner, _ graphs: [Int]) throws(DatasetError) -> (IndexArray, IndexArray) {
  var scanner = text, sources: [Int] = [], targets: [Int] = []
  while !scanner.isAtEnd {
    scanner.skipBlanks()
    let source = try scanner.number("node", in: 1..<graphs.count + 1) - 1
    scanner.skipBlanks()
    try scanner.expect(",")
    scanner.skipBlanks()
    let target = try scanner.number("node", in: 1..<graphs.count + 1) - 1
    if graphs[source] != graphs[target] {
      throw scanner.unexpected(
        "edge \(source + 1),\(target + 1) from graph \(graphs[source] + 1) to graph \(graphs[target] + 1)",
        "an edge within one graph")
    }
    scanner.skipBlanks()
    try scanner.expectLineEnd()
    sources.append(source)
    targets.append(target)
  }
  return (IndexArray(sources), IndexArray(targets))
}

/// Numbers with commas between them, equally many on each line.
private func table(_ text: TextScanner, count: Int, _ dtype: DType) throws(DatasetError) -> Tensor {
  var scanner = text, values: [Double] = [], rows = 0, width: Int?
  while !scanner.isAtEnd {
    var found = 0
    repeat {
      scanner.skipBlanks()
      values.append(try scanner.decimal("number", dtype))
      found += 1
      scanner.skipBlanks()
    } while scanner.take(",")
    if let width, found != width {
      throw .countsDiffer(file: scanner.file, line: scanner.line, quantity: "numbers", found: found, expected: width)
    }
    width = found
    try scanner.expectLineEnd()
    rows += 1
  }
  try scanner.expectCount(rows, count)
  return Tensor(values, shape: [rows, width ?? 0], dtype: dtype)
}

private func readFolds(_ text: TextScanner, _ graphCount: Int) throws(DatasetError) -> IndexArray {
  var scanner = text, folds: [Int] = []
  try scanner.expect("graph,fold")
  try scanner.expectLineEnd()
  while !scanner.isAtEnd {
    let graph = try scanner.number("graph", in: 1..<graphCount + 1)
    if graph != folds.count + 1 { throw scanner.unexpected("graph \(graph)", "graph \(folds.count + 1)") }
    try scanner.expect(",")
    folds.append(try scanner.number("fold", in: 0..<graphCount))
    try scanner.expectLineEnd()
  }
  try scanner.expectCount(folds.count, graphCount)
  return IndexArray(folds)
}

extension TextScanner {
  fileprivate func expectCount(_ found: Int, _ expected: Int?) throws(DatasetError) {
    guard let expected, found != expected else { return }
    throw .countsDiffer(
      file: file, line: Swift.max(1, line - 1), quantity: "lines", found: found, expected: expected)
  }
}
