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
      ([0x71, 0], "byte 2: an empty stack"),
      (
        [0x5d, 0x4b, 1, 0x4b, 2, 0x73],
        "byte 6: entries for something that is no dictionary, or a key without a value"
      ),
      (
        [0x7d, 0x28, 0x4b, 1, 0x75], "byte 5: entries for something that is no dictionary, or a key without a value"
      ),
      (Array("cnumpy".utf8), "byte 0: a name without an end"),
      (
        Array("cnumpy\ndtype\nU\u{2}u1K\u{0}K\u{1}".utf8) + [0x87, 0x52],
        "byte 22: an array of elements other than i4, i8, f4 and f8"
      ),
      (
        Array("cnumpy\nndarray\n)R".utf8), "byte 16: a call of \"numpy ndarray\" with arguments that it never has"
      ),
      ([0x4e, 0x4e, 0x62], "byte 2: a state for something that has none"),
      (
        Array("cnumpy\ndtype\nU\u{2}i4K\u{0}K\u{1}".utf8) + [0x87, 0x52] + Array("K\u{3}U\u{1}>".utf8) + [0x86, 0x62],
        "byte 29: an element type that is not little-endian"
      ),
      (
        Array("cscipy.sparse.csr\ncsr_matrix\n)".utf8) + [0x81, 0x4e, 0x62], "byte 32: a sparse matrix without fields"
      ),
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
      // Four nodes share a list of thirty neighbours.
      (
        Array("}(K\u{0}](\(String(repeating: "K\u{3}", count: 30))eq\u{0}K\u{1}h\u{0}K\u{2}h\u{0}K\u{3}h\u{0}u.".utf8),
        "byte 83: more citations than the file has bytes"
      ),
    ] as [([UInt8], String)])
  func `that break off, or do what is not known, are refused`(_ bytes: [UInt8], _ sentence: String) throws {
    try write("graph", bytes)
    let error = #expect(throws: DatasetError.self) { try read() }
    #expect(error?.description == "\(folder.path)/ind.x.graph, \(sentence)")
  }

  @Test func `that contradict each other are refused`() throws {
    try refuses("ty", Pickled.array([[0, 1]]), "line 1: found 1 rows where there should be 2")
    try refuses("ally", Pickled.array([[0, 1]]), "line 1: found 1 rows where there should be 501")
    try refuses("ty", Pickled.array([[0, 1, 0], [1, 0, 0]]), "line 1: found 3 classes where there should be 2")
    _ = try read()
    try refuses(
      "tx", Pickled.csr(rows: 2, columns: 4, entries: [[0], [1, 2]]),
      "line 1: found 4 feature columns where there should be 3")
    try refuses(
      "y", Pickled.array([[1, 0], [1, 0]]),
      "line 1: found 2 rows where at most 1 (500 of the 501 of allx are for validation) should be")
    try refuses(
      "graph", Pickled.graph((0..<500).map { _ in [] }),
      "line 1: found 500 nodes where at least the 501 of allx should be")
    try refuses("test.index", Array("503\n".utf8), "line 1: found 1 test nodes where there should be 2")
    try refuses("test.index", Array("503\n503\n".utf8), "line 2: found test node 503 twice where another one should be")
    try refuses("test.index", Array("503\n500\n".utf8), "line 2: test node 500 is outside 501 ..< 504")
  }

  @Test func `whose labels are no one-hot rows are refused`() throws {
    let usual = try readBytes("ind.x.ty")
    try refuses("ty", [0x4e, 0x2e], "byte 0: something other than an array with two axes")
    try refuses("ty", Pickled.array([[0, 1], [1, 1]]), "byte 162: row 1 is not one-hot")
    try refuses("ty", Pickled.array([[0, 1], [0, 2]]), "byte 162: row 1 is not one-hot")
    try refuses("ty", Pickled.array([[], []]), "byte 146: labels of no classes")
    // The version, one of the extents, and the number of bytes.
    for (bytes, other, sentence) in [
      (
        [0x28, 0x4a, 1, 0, 0, 0], [0x28, 0x4a, 2, 0, 0, 0],
        "an array whose state is not as numpy writes it, row by row"
      ),
      ([0x4a, 2, 0, 0, 0, 0x86], [0x4a, 254, 255, 255, 255, 0x86], "a negative extent"),
      ([0x4a, 2, 0, 0, 0, 0x86], [0x4a, 3, 0, 0, 0, 0x86], "an array of shape [2, 3] in 16 bytes"),
    ] as [([UInt8], [UInt8], String)] {
      var changed = usual
      changed.replace(bytes, with: other, maxReplacements: 1)
      try refuses("ty", changed, "byte 162: \(sentence)")
    }
    // The bits of 1 as those of a float.
    var fraction = usual
    fraction.replace(Array("i4".utf8), with: Array("f4".utf8))
    try refuses("ty", fraction, "byte 149: a number that is not whole, or exceeds 31 bits")
  }

  @Test func `whose features are no rows of words are refused`() throws {
    let usual = try readBytes("ind.x.tx")
    try refuses("tx", [0x4e, 0x2e], "byte 0: something other than a csr_matrix")
    for (bytes, other, sentence) in [
      (Array("indptr".utf8), Array("indpts".utf8), "a sparse matrix without indptr"),
      (Array("_shape".utf8), Array("_shade".utf8), "a sparse matrix without _shape"),
      ([0x4a, 2, 0, 0, 0], [0x4a, 254, 255, 255, 255], "a sparse matrix without a shape"),
      (
        [0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0], [0, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0],
        "a sparse matrix of shape [2, 3] whose rows do not fit its entries"
      ),
      (
        [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], [1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0],
        "a sparse matrix with the entry 2, where words are 0 or 1"
      ),
    ] as [([UInt8], [UInt8], String)] {
      var changed = usual
      changed.replace(bytes, with: other, maxReplacements: 1)
      try refuses("tx", changed, "byte \(usual.count): \(sentence)")
    }
    let none = Array("cscipy.sparse.csr\ncsr_matrix\n)".utf8) + [0x81] + Array("}(".utf8)
    let fields = Array("U\u{6}_shapeK\u{1}K\u{1}".utf8) + [0x86] + Array("U\u{6}indptrNub.".utf8)
    try refuses("tx", none + fields, "byte 58: a sparse matrix whose indptr is no array")
  }

  private func refuses(_ part: String, _ bytes: [UInt8], _ sentence: String) throws {
    let usual = try readBytes("ind.x.\(part)")
    try write(part, bytes)
    let error = #expect(throws: DatasetError.self) { try read() }
    #expect(error?.description == "\(folder.path)/ind.x.\(part), \(sentence)")
    try write(part, usual)
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
