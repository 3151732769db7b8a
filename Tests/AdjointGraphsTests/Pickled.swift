/// Pickles as Python 2 writes them.
enum Pickled {
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
