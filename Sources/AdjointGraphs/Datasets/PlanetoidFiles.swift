extension CitationGraph {
  /// Reads a citation graph from the original files of Planetoid: `ind.cora.x` and its seven companions.
  ///
  ///     let cora = try CitationGraph(planetoid: "data/planetoid-raw", name: "cora")
  ///
  /// Seven of the files are Python pickles. They are read by a machine that executes nothing and refuses whatever these data sets
  /// do not hold. The test nodes get their places, test nodes that the files leave out have no features and the label −1,
  /// self-loops and repeated citations are left out, and the split is the usual one: the training nodes first, then 500 for
  /// validation, and the test nodes of the file.
  ///
  /// - Parameters:
  ///   - folder: The path of the folder.
  ///   - name: The name of the set, as the files have it: `cora` or `citeseer`. Features have to be 0 or 1; those of `pubmed`, which
  ///     are fractions, are refused.
  /// - Throws: ``DatasetError`` for a file that cannot be read or does not follow the format, naming the line or the byte.
  public init(planetoid folder: String, name: String) throws(DatasetError) {
    try self.init { (part) throws(DatasetError) in
      let file = "\(folder)/ind.\(name).\(part)"
      return (file, try readBytes(file))
    }
  }

  package init(_ open: (String) throws(DatasetError) -> (file: String, bytes: [UInt8])) throws(DatasetError) {
    func matrix(_ part: String) throws(DatasetError) -> (file: String, matrix: PickledMatrix) {
      let (file, bytes) = try open(part)
      return (file, try PickledMatrix(file: file, bytes: bytes))
    }
    let (_, all) = try matrix("allx"), (testFile, test) = try matrix("tx")
    let (allLabelFile, allBytes) = try open("ally"), (testLabelFile, testBytes) = try open("ty")
    let allLabels = try classes(allLabelFile, allBytes), testLabels = try classes(testLabelFile, testBytes)
    let (trainFile, trainBytes) = try open("y")
    let trainCount = try classes(trainFile, trainBytes).labels.count
    let (graphFile, graphBytes) = try open("graph"), (indexFile, indexBytes) = try open("test.index")
    let graph = try citations(graphFile, graphBytes)
    let nodeCount = graph.nodeCount
    guard all.rowCount <= nodeCount else {
      throw .unexpected(
        file: graphFile, line: 1, found: "\(nodeCount) nodes", expected: "at least the \(all.rowCount) of allx")
    }
    let testNodes = try testIndex(indexFile, indexBytes, all.rowCount..<nodeCount)

    func fits(_ file: String, _ quantity: String, _ found: Int, _ expected: Int) throws(DatasetError) {
      if found != expected {
        throw .countsDiffer(file: file, line: 1, quantity: quantity, found: found, expected: expected)
      }
    }
    try fits(allLabelFile, "rows", allLabels.labels.count, all.rowCount)
    try fits(testLabelFile, "rows", testLabels.labels.count, test.rowCount)
    try fits(indexFile, "test nodes", testNodes.count, test.rowCount)
    try fits(testFile, "feature columns", test.columnCount, all.columnCount)
    try fits(testLabelFile, "classes", testLabels.count, allLabels.count)
    guard trainCount + 500 <= all.rowCount else {
      throw .unexpected(
        file: trainFile, line: 1, found: "\(trainCount) rows",
        expected: "at most \(Swift.max(0, all.rowCount - 500)) (500 of the \(all.rowCount) of allx are for validation)")
    }

    var testRow = [Int](repeating: -1, count: nodeCount)
    for (row, node) in testNodes.enumerated() { testRow[node] = row }
    var labels: [Int] = [], rows: [Int] = [], columns: [Int] = []
    for node in 0..<nodeCount {
      var features: [Int] = []
      if node < all.rowCount {
        features = all.row(node)
        labels.append(allLabels.labels[node])
      } else if testRow[node] >= 0 {
        features = test.row(testRow[node])
        labels.append(testLabels.labels[testRow[node]])
      } else {
        labels.append(-1)
      }
      rows += [Int](repeating: node, count: features.count)
      columns += features
    }
    let pattern = SparsePattern(
      knownRows: IndexArray(rows), columns: IndexArray(columns), origin: nil, rowCount: nodeCount,
      columnCount: all.columnCount)
    self.init(
      graph: graph, featurePattern: pattern, labels: IndexArray(labels), classCount: allLabels.count,
      train: IndexArray(0..<trainCount), validation: IndexArray(trainCount..<trainCount + 500),
      test: IndexArray(testNodes.sorted()))
  }
}

/// The class of every row of a one-hot array; −1 for a row of zeros.
private func classes(_ file: String, _ bytes: [UInt8]) throws(DatasetError) -> (labels: [Int], count: Int) {
  var pickle = Unpickler(file: file, bytes: bytes)
  let whole = try pickle.load()
  guard case .array(let array?)? = pickle.object(whole), array.shape.count == 2 else {
    throw pickle.malformed(0, "something other than an array with two axes")
  }
  let values = try array.integers(pickle), (rows, count) = (array.shape[0], array.shape[1])
  if count == 0, rows > 0 { throw pickle.malformed(array.position, "labels of no classes") }
  var labels: [Int] = []
  for row in 0..<rows {
    let ones = (0..<count).filter { values[row * count + $0] != 0 }
    guard ones.count <= 1, ones.allSatisfy({ values[row * count + $0] == 1 }) else {
      throw pickle.malformed(array.position, "row \(row) is not one-hot")
    }
    labels.append(ones.first ?? -1)
  }
  return (labels, count)
}

/// The citations of a dictionary from nodes to lists of nodes, both ways, each once, without self-loops.
private func citations(_ file: String, _ bytes: [UInt8]) throws(DatasetError) -> Graph {
  var pickle = Unpickler(file: file, bytes: bytes)
  let whole = try pickle.load()
  guard case .dictionary(let entries)? = pickle.object(whole) else {
    throw pickle.malformed(0, "something other than a dictionary")
  }
  var isKnown = [Bool](repeating: false, count: entries.count)
  var sources: [Int] = [], targets: [Int] = []
  for (key, value) in entries {
    guard case .int(let node) = key, node >= 0, node < entries.count, !isKnown[node],
      case .list(let neighbours)? = pickle.object(value)
    else {
      throw pickle.malformed(
        pickle.position, "a graph of \(entries.count) nodes whose keys are not 0 ..< \(entries.count), each with a list"
      )
    }
    isKnown[node] = true
    // A list can stand for many nodes; what a file of its size never holds is refused.
    guard sources.count + neighbours.count <= bytes.count else {
      throw pickle.malformed(pickle.position, "more citations than the file has bytes")
    }
    for neighbour in neighbours {
      guard case .int(let other) = neighbour, other >= 0, other < entries.count else {
        throw pickle.malformed(pickle.position, "a neighbour of node \(node) outside 0 ..< \(entries.count)")
      }
      if other != node {
        sources.append(node)
        targets.append(other)
      }
    }
  }
  let both = Graph(nodeCount: entries.count, sources: IndexArray(sources), targets: IndexArray(targets)).undirected()
  // Each citation once, in ascending order, then each the other way round: the order of the plain files.
  let ascending = both.reversed()
  let kept = IndexArray((0..<both.edgeCount).filter { ascending.targets[$0] < ascending.sources[$0] })
  let (low, high) = (ascending.targets.gathered(kept), ascending.sources.gathered(kept))
  return Graph(nodeCount: entries.count, sources: .joined([low, high]), targets: .joined([high, low]))
}

/// The test nodes, one on each line.
private func testIndex(_ file: String, _ bytes: [UInt8], _ limits: Range<Int>) throws(DatasetError) -> [Int] {
  var scanner = TextScanner(file: file, bytes: bytes), nodes: [Int] = [], known: Set<Int> = []
  while !scanner.isAtEnd {
    let node = try scanner.number("test node", in: limits)
    guard known.insert(node).inserted else { throw scanner.unexpected("test node \(node) twice", "another one") }
    try scanner.expectLineEnd()
    nodes.append(node)
  }
  return nodes
}
