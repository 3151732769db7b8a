/// A graph read from a list of edges: a line for each, its source, its target and what else is known of it.
///
///     source,target,weight
///     0,1,0.5
///     1,2,1
///
/// Fields are separated by commas, semicolons, tabs or spaces. Lines that are empty or begin with `#` or `%` are left out. A
/// field may stand in double quotes, a doubled one inside meaning one.
public struct EdgeList: Sendable {
  /// How a file names the nodes.
  public enum Naming: Sendable {
    /// By numbers from 0. The number of nodes is one more than the largest if it is not given; without it, numbers beyond 64 times
    /// the file's size in bytes, and beyond a million, are an error.
    case numbers(count: Int? = nil)
    /// By any text; nodes are numbered in the order in which they first appear.
    case text
  }

  /// The graph; the third field and those after it are its edge columns.
  public let graph: AttributedGraph
  /// The names of the nodes; empty if they are numbers.
  public let names: [String]

  /// Reads a list of edges.
  ///
  /// - Parameters:
  ///   - file: The path.
  ///   - nodes: How the file names the nodes.
  ///   - hasHeader: Whether the first line names the columns. Otherwise a third one is `weight`, further ones `column4` and so on.
  ///   - isUndirected: Whether every line stands for both directions. A self-loop counts once.
  /// - Throws: ``DatasetError`` for a file that cannot be read or does not follow the format, naming the line.
  /// - Complexity: Proportional to the size of the file.
  public init(
    file: String, nodes: Naming = .numbers(), hasHeader: Bool = true, isUndirected: Bool = false
  ) throws(DatasetError) {
    try self.init(
      TextScanner(file: file), nodes: nodes, hasHeader: hasHeader, isUndirected: isUndirected)
  }

  package init(
    bytes: [UInt8], named file: String, nodes: Naming = .numbers(), hasHeader: Bool = true, isUndirected: Bool = false
  ) throws(DatasetError) {
    try self.init(
      TextScanner(file: file, bytes: bytes), nodes: nodes, hasHeader: hasHeader, isUndirected: isUndirected)
  }

  private init(
    _ text: TextScanner, nodes: Naming, hasHeader: Bool, isUndirected: Bool
  ) throws(DatasetError) {
    if case .numbers(let count?) = nodes {
      require(
        count >= 0 && count <= Int(Int32.max),
        "EdgeList: \(count) is not a number of nodes; it lies in 0 ... \(Int32.max)")
    }
    var scanner = text
    var header: [String]?, headerLine = 1
    var ends: (sources: [Int], targets: [Int]) = ([], [])
    var columns: [[Double]] = []
    var numbers: [String: Int] = [:], names: [String] = []
    let guessed = Swift.min(Int(Int32.max), Swift.max(1_000_000, 64 * scanner.byteCount))

    func node(_ scanner: inout TextScanner) throws(DatasetError) -> Int {
      switch nodes {
      case .numbers(let count): return try scanner.number("node", in: 0..<(count ?? guessed))
      case .text:
        let name = try scanner.field()
        if name.isEmpty { throw scanner.unexpected("the name of a node") }
        if let known = numbers[name] { return known }
        numbers[name] = names.count
        names.append(name)
        return names.count - 1
      }
    }

    while scanner.skipToContent() {
      if hasHeader, header == nil {
        var fields = [try scanner.field()]
        while scanner.takeSeparator() { fields.append(try scanner.field()) }
        guard fields.count >= 2 else { throw scanner.unexpected("the name of another column") }
        (header, headerLine) = (fields, scanner.line)
        columns = Array(repeating: [], count: fields.count - 2)
        try scanner.expectLineEnd()
        continue
      }
      ends.sources.append(try node(&scanner))
      guard scanner.takeSeparator() else { throw scanner.unexpected("a separator and a target") }
      ends.targets.append(try node(&scanner))
      let isFirst = ends.sources.count == 1 && header == nil
      var column = 0
      while scanner.takeSeparator() {
        if isFirst { columns.append([]) }
        guard column < columns.count else { throw scanner.unexpected("the end of the line") }
        columns[column].append(try scanner.decimal("value", .default))
        column += 1
      }
      if column < columns.count { throw scanner.unexpected("a separator and value \(column + 1) of \(columns.count)") }
      try scanner.expectLineEnd()
    }
    if hasHeader, header == nil { throw scanner.unexpected("the names of the columns") }

    let largest = Swift.max(ends.sources.max() ?? -1, ends.targets.max() ?? -1)
    var nodeCount = names.count
    if case .numbers(let count) = nodes { nodeCount = count ?? largest + 1 }
    let back = isUndirected ? ends.sources.indices.filter { ends.sources[$0] != ends.targets[$0] } : []
    let lines = IndexArray(Array(ends.sources.indices) + back)
    let structure = Graph(
      nodeCount: nodeCount, sources: IndexArray(ends.sources + back.map { ends.targets[$0] }),
      targets: IndexArray(ends.targets + back.map { ends.sources[$0] }))
    var graph = AttributedGraph(structure)
    for (number, values) in columns.enumerated() {
      let name = header?[number + 2] ?? (number == 0 ? "weight" : "column\(number + 3)")
      guard graph.edges[name] == nil else {
        throw .unexpected(file: scanner.file, line: headerLine, found: "column \(name) twice", expected: "another name")
      }
      graph.edges[name] = .values(Tensor(values).gatherRows(lines.gathered(structure.edgeOrder)))
    }
    (self.graph, self.names) = (graph, names)
  }
}

private func isSeparator(_ byte: UInt8) -> Bool { ",; \t".utf8.contains(byte) }

extension TextScanner {
  /// Skips empty lines and comments.
  ///
  /// - Returns: Whether anything is left.
  fileprivate mutating func skipToContent() -> Bool {
    while true {
      skipBlanks()
      guard let byte = next else { return false }
      if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "%") { _ = text { _ in false } }
      guard isAtLineEnd else { return true }
      skipByte()
    }
  }

  /// Takes a comma, a semicolon, a tab or spaces, if one comes next and something follows on the line.
  fileprivate mutating func takeSeparator() -> Bool {
    let before = self
    skipBlanks()
    if take(",") || take(";") {
      skipBlanks()
      return true
    }
    if isAtLineEnd { return false }
    if let byte = next, !isSeparator(byte), before.next.map(isSeparator) ?? false { return true }
    self = before
    return false
  }

  /// Takes a field, which may stand in quotes.
  fileprivate mutating func field() throws(DatasetError) -> String {
    guard take("\"") else { return try name(Array(text(until: isSeparator))) }
    var bytes: [UInt8] = []
    while true {
      bytes += text { $0 == UInt8(ascii: "\"") }
      guard take("\"") else { throw unexpected("a closing quote") }
      guard take("\"") else { return try name(bytes) }
      bytes.append(UInt8(ascii: "\""))
    }
  }

  /// Bytes as text, which has to be UTF-8: repaired bytes could make one name of two.
  private func name(_ bytes: [UInt8]) throws(DatasetError) -> String {
    let name = String(decoding: bytes, as: UTF8.self)
    guard name.utf8.elementsEqual(bytes) else {
      throw .unexpected(file: file, line: line, found: "\(name.debugDescription)", expected: "text in UTF-8")
    }
    return name
  }
}
