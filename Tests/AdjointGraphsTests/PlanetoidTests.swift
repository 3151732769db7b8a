import AdjointGraphs
import Foundation
import Testing

@Suite struct `Planetoid's pickles` {
  private let folder: TemporaryFolder

  /// 501 nodes in `allx`, of which one is for training; test nodes 503 and 501, of which 502 is left out.
  init() throws {
    folder = try TemporaryFolder()
    let row0 = Pickled.csr(rows: 501, columns: 3, entries: [[2, 0]] + [[Int]](repeating: [1], count: 500))
    let labels = [[1, 0]] + [[Int]](repeating: [0, 1], count: 500)
    try write("allx", row0)
    try write("tx", Pickled.csr(rows: 2, columns: 3, entries: [[0], [1, 2]]))
    try write("ally", Pickled.array(labels))
    try write("y", Pickled.array([[1, 0]]))
    try write("ty", Pickled.array([[0, 1], [1, 0]]))
    try write("graph", Pickled.graph((0..<504).map { $0 == 0 ? [1, 1, 0, 503] : $0 == 503 ? [0] : [] }))
    try folder.write("ind.x.test.index", "503\n501\n")
  }

  private func readBytes(_ file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(file)")))
  }
  private func write(_ part: String, _ bytes: [UInt8]) throws { try folder.write("ind.x.\(part)", bytes) }
  private func read() throws(DatasetError) -> CitationGraph {
    try CitationGraph(planetoid: folder.path, name: "x")
  }

  @Test func `are read: features, labels, citations and the split are where they belong`() throws {
    let graph = try read()
    #expect(graph.graph.nodeCount == 504 && pairs(graph.graph) == [[1, 0], [503, 0], [0, 1], [0, 503]])
    #expect(
      Array(graph.featurePattern.rows.prefix(3)) == [0, 0, 1]
        && Array(graph.featurePattern.columns.prefix(3)) == [0, 2, 1])
    #expect(
      Array(graph.featurePattern.rows.suffix(3)) == [501, 501, 503]
        && Array(graph.featurePattern.columns.suffix(3)) == [1, 2, 0])
    #expect(graph.labels[0] == 0 && graph.labels[500] == 1 && graph.labels[501] == 0)
    #expect(graph.labels[502] == -1 && graph.labels[503] == 1 && graph.classCount == 2)
    #expect(graph.train == [0] && graph.validation == IndexArray(1..<501) && graph.test == [501, 503])
  }

  @Test func `name nothing but what these data sets need, and nothing is ever called`() throws {
    let system: [UInt8] = [0x80, 2] + Array("cposix\nsystem\n".utf8) + Array("U\u{2}ls".utf8) + [0x85, 0x52, 0x2e]
    try write("graph", system)
    let error = #expect(throws: DatasetError.self) { try read() }
    #expect(
      error?.description
        == "\(folder.path)/ind.x.graph, byte 2: the name \"posix system\"; nothing is ever called but what these data sets need"
    )
  }

  @Test(
    arguments: [
      ([], "byte 0: the file ends within the program"),
      ([0x80, 4, 0x2e], "byte 0: protocol 4; only 0 to 2 are known"),
      ([0x2e], "byte 0: the end, with 0 values on the stack instead of one"),
      ([0x4e, 0x2e], "byte 0: something other than a dictionary"),
      ([0x58, 0, 0, 0, 0], "byte 0: instruction 88, which is not known"),
      ([0x7d, 0x68, 7], "byte 1: value 7, which was not kept"),
      ([0x74], "byte 1: values from a mark that was not set"),
      ([0x5d, 0x4b, 1, 0x73], "byte 4: an empty stack"),
      ([0x7d, 0x4b, 1, 0x61], "byte 4: elements for something that is no list"),
      ([0x54, 255, 255, 255, 127], "byte 5: a text of 2147483647 bytes, of which 0 are there"),
      ([0x54, 255, 255, 255, 255], "byte 5: a text of -1 bytes, of which 0 are there"),
      ([0x4e, 0x29, 0x52], "byte 2: a call of something that is no name"),
      ([0x4e, 0x29, 0x81], "byte 2: a new object other than a csr_matrix"),
      ([0x5d, 0x4e, 0x62], "byte 2: a state for something that has none, or has one already"),
      (
        [0x7d, 0x28, 0x4b, 5, 0x5d, 0x75, 0x2e],
        "byte 7: a graph of 1 nodes whose keys are not 0 ..< 1, each with a list"
      ),
      ([0x7d, 0x28, 0x4b, 0, 0x5d, 0x4b, 9, 0x61, 0x75, 0x2e], "byte 10: a neighbour of node 0 outside 0 ..< 1"),
    ] as [([UInt8], String)])
  func `that break off, or do what is not known, are refused`(_ bytes: [UInt8], _ sentence: String) throws {
    try write("graph", bytes)
    let error = #expect(throws: DatasetError.self) { try read() }
    #expect(error?.description == "\(folder.path)/ind.x.graph, \(sentence)")
  }

  @Test func `that contradict each other are refused`() throws {
    try write("ty", Pickled.array([[0, 1]]))
    #expect(throws: DatasetError.self) { try read() }
    try write("ty", Pickled.array([[0, 1], [1, 1]]))
    #expect(throws: DatasetError.self) { try read() }
    try write("ty", Pickled.array([[0, 1], [1, 0]]))
    _ = try read()
    func refuses(_ part: String, _ bytes: [UInt8], _ sentence: String) throws {
      let usual = try readBytes("ind.x.\(part)")
      try write(part, bytes)
      let error = #expect(throws: DatasetError.self) { try read() }
      #expect(error?.description.hasSuffix(sentence) ?? false, "\(error?.description ?? "")")
      try write(part, usual)
    }
    try refuses(
      "tx", Pickled.csr(rows: 2, columns: 4, entries: [[0], [1, 2]]),
      "ind.x.tx, line 1: found 4 feature columns where there should be 3")
    try refuses(
      "y", Pickled.array([[1, 0], [1, 0]]),
      "ind.x.y, line 1: found 2 rows where at most 1 (500 of the 501 of allx are for validation) should be")
    try refuses(
      "graph", Pickled.graph((0..<500).map { _ in [] }),
      "ind.x.graph, line 1: found 500 nodes where at least the 501 of allx should be")
    var fraction = Pickled.csr(rows: 2, columns: 3, entries: [[0], [1, 2]])
    fraction.replace([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], with: [1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0])
    try refuses("tx", fraction, "a sparse matrix with the entry 2, where words are 0 or 1")
    try folder.write("ind.x.test.index", "503\n503\n")
    #expect(throws: DatasetError.self) { try read() }
    try folder.write("ind.x.test.index", "503\n500\n")
    let error = #expect(throws: DatasetError.self) { try read() }
    #expect(error?.description == "\(folder.path)/ind.x.test.index, line 2: test node 500 is outside 501 ..< 504")
    try folder.write("ind.x.test.index", "503\n501\n")
    var broken = Pickled.csr(rows: 2, columns: 3, entries: [[0], [1, 2]])
    broken.replace([0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0], with: [0, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0])
    try write("tx", broken)
    #expect(throws: DatasetError.self) { try read() }
  }

  @Test(.enabled(if: publishedData != nil), arguments: ["cora", "citeseer"])
  func `of a published set give what the plain files give`(_ name: String) throws {
    let data = publishedData ?? ""
    let raw = try CitationGraph(planetoid: "\(data)/planetoid-raw", name: name)
    let plain = try CitationGraph(folder: "\(data)/\(name)", featureCount: raw.featurePattern.columnCount)
    #expect(raw.graph.sources == plain.graph.sources && raw.graph.targets == plain.graph.targets)
    #expect(raw.graph.edgeOrder == plain.graph.edgeOrder && raw.graph.nodeCount == plain.graph.nodeCount)
    #expect(raw.featurePattern.rows == plain.featurePattern.rows)
    #expect(raw.featurePattern.columns == plain.featurePattern.columns)
    #expect(raw.labels == plain.labels && raw.classCount == plain.classCount && raw.split == plain.split)
  }
}

/// Pickles as Python 2 writes them.
private enum Pickled {
  static func csr(rows: Int, columns: Int, entries: [[Int]]) -> [UInt8] {
    let offsets = entries.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    var bytes: [UInt8] = [0x80, 2] + Array("cscipy.sparse.csr\ncsr_matrix\n)".utf8) + [0x81] + Array("}(".utf8)
    bytes += text("_shape") + int(rows) + int(columns) + [0x86]
    bytes += text("indptr") + numbers(offsets, shape: [offsets.count])
    bytes += text("indices") + numbers(entries.flatMap { $0 }, shape: [offsets[offsets.count - 1]])
    bytes += text("data") + numbers(entries.flatMap { $0.map { _ in 1 } }, shape: [offsets[offsets.count - 1]])
    return bytes + Array("ub.".utf8)
  }

  static func array(_ rows: [[Int]]) -> [UInt8] {
    [0x80, 2] + numbers(rows.flatMap { $0 }, shape: [rows.count, rows[0].count]) + Array(".".utf8)
  }

  static func graph(_ neighbours: [[Int]]) -> [UInt8] {
    var bytes: [UInt8] =
      [0x80, 2] + Array("ccollections\ndefaultdict\nc__builtin__\nlist\n".utf8) + [0x85] + Array("R(".utf8)
    for (node, list) in neighbours.enumerated() {
      bytes += int(node) + Array("](".utf8) + list.flatMap(int) + Array("e".utf8)
    }
    return bytes + Array("u.".utf8)
  }

  private static func int(_ value: Int) -> [UInt8] { [0x4a] + little(value) }
  private static func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  private static func text(_ text: String) -> [UInt8] { [0x55, UInt8(text.utf8.count)] + Array(text.utf8) }

  private static func numbers(_ values: [Int], shape: [Int]) -> [UInt8] {
    var bytes =
      Array("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n".utf8) + int(0) + [0x85] + text("b") + [
        0x87, 0x52,
      ]
    bytes += Array("(".utf8) + int(1) + shape.flatMap(int) + [shape.count == 1 ? 0x85 : 0x86]
    bytes += Array("cnumpy\ndtype\n".utf8) + text("i4") + int(0) + int(1) + [0x87, 0x52] + Array("(".utf8) + int(3)
    bytes += text("<") + Array("NNN".utf8) + int(-1) + int(-1) + int(0) + Array("tb".utf8) + [0x89]
    return bytes + [0x54] + little(values.count * 4) + values.flatMap(little) + Array("tb".utf8)
  }
}
