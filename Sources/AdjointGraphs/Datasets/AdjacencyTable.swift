extension Graph {
  /// Reads an undirected graph from the table of its adjacency matrix.
  ///
  ///       A B C
  ///     A . 1 1
  ///     B . . 0
  ///     C . . .
  ///
  /// The first line names the nodes, each further line begins with the name of its row. 1 is an edge; 0, `.` and `-` are none.
  /// Either the upper triangle is filled or the whole symmetric matrix. A row with fewer entries than there are nodes has those at
  /// the right, so that the triangle can be written without what stands to the left of it.
  ///
  /// - Parameter table: The text; fields are separated by spaces, tabs, commas or `|`.
  /// - Returns: The graph and the names of its nodes.
  /// - Throws: ``DatasetError`` that names the line.
  public static func adjacencyTable(_ table: String) throws(DatasetError) -> (graph: Graph, names: [String]) {
    let lines = table.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split { " \t,|\r".contains($0) }.map(String.init)
    }
    func error(_ line: Int, _ found: String, _ expected: String) -> DatasetError {
      .unexpected(file: "adjacency table", line: line + 1, found: found, expected: expected)
    }
    guard let first = lines.firstIndex(where: { !$0.isEmpty }) else {
      throw error(0, "the end of the table", "the names of the nodes")
    }
    let names = lines[first]
    guard Set(names).count == names.count else { throw error(first, "a name twice", "another one") }
    var edges: Set<[Int]> = [], row = 0
    for (number, fields) in lines.enumerated() where number > first && !fields.isEmpty {
      guard row < names.count else { throw error(number, "row \(row)", "the end of the table") }
      guard fields[0] == names[row] else { throw error(number, "\"\(fields[0])\"", "\"\(names[row])\"") }
      guard fields.count <= names.count + 1 else {
        throw error(number, "\(fields.count - 1) entries", "at most \(names.count)")
      }
      let missing = names.count + 1 - fields.count
      for (place, entry) in fields.dropFirst().enumerated() {
        guard ["0", "1", ".", "-"].contains(entry) else { throw error(number, "\"\(entry)\"", "0, 1, \".\" or \"-\"") }
        let column = missing + place
        if entry == "1" { edges.insert([row, column]) }
        if entry == "0", column < row, edges.contains([column, row]) {
          throw error(number, "0 for \(names[row]), \(names[column])", "1, as in the row of \(names[column])")
        }
        if entry == "1", column < row, !edges.contains([column, row]) {
          throw error(number, "1 for \(names[row]), \(names[column])", "none, as in the row of \(names[column])")
        }
      }
      row += 1
    }
    guard row == names.count else { throw error(lines.count - 1, "the end of the table", "the row of \(names[row])") }
    let upper = edges.filter { $0[0] <= $0[1] }.sorted { $0.lexicographicallyPrecedes($1) }
    let loops = upper.filter { $0[0] == $0[1] }, others = upper.filter { $0[0] != $0[1] }
    return (
      Graph(
        nodeCount: names.count, sources: IndexArray((others + loops).map { $0[0] } + others.map { $0[1] }),
        targets: IndexArray((others + loops).map { $0[1] } + others.map { $0[0] })), names
    )
  }

  /// The upper triangle of the adjacency matrix as a table, which can be read again.
  ///
  /// - Parameter names: A name for every node; numbers if nil. Names must not hold spaces, tabs, commas or `|`.
  /// - Returns: A line of names, then a line for each row.
  public func adjacencyTable(_ names: [String]? = nil) -> String {
    requireOneKind("adjacencyTable")
    let names = names ?? (0..<nodeCount).map(String.init)
    require(names.count == nodeCount, "adjacencyTable: \(names.count) names for \(nodeCount) nodes")
    let width = names.reduce(1) { Swift.max($0, $1.count) }
    func padded(_ text: String) -> String { text + String(repeating: " ", count: width - text.count) }
    var joined = Set<[Int]>()
    for edge in 0..<edgeCount { joined.insert([sources[edge], targets[edge]].sorted()) }
    var lines = [([padded("")] + names.map(padded)).joined(separator: " ")]
    for row in 0..<nodeCount {
      let entries = (0..<nodeCount).map {
        joined.contains([row, $0].sorted()) && $0 >= row ? "1" : $0 <= row ? "." : "0"
      }
      lines.append(([padded(names[row])] + entries.map(padded)).joined(separator: " "))
    }
    return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n") + "\n"
  }
}
