/// For the nodes of a part of a graph, how many edges reach them in the whole one, which normalisations count with.
struct DegreesInWhole: Sendable {
  /// The degree of every node.
  let degrees: IndexArray
  /// 1 for a node whose degree counts a self-loop, be it in the part or not; else 0.
  let loops: IndexArray

  /// The degrees once every one of some nodes has a self-loop.
  func addingLoops(at nodes: IndexArray) -> DegreesInWhole {
    let without = IndexArray(nodes.filter { loops[$0] == 0 })
    return DegreesInWhole(degrees: degrees.adding(1, at: without), loops: loops.adding(1, at: without))
  }

  /// Those of several graphs, one after the other.
  static func joined(_ parts: [DegreesInWhole]) -> DegreesInWhole {
    DegreesInWhole(degrees: .joined(parts.map(\.degrees)), loops: .joined(parts.map(\.loops)))
  }

  /// Those of some nodes in a row.
  func part(_ range: Range<Int>) -> DegreesInWhole {
    DegreesInWhole(degrees: degrees.part(range), loops: loops.part(range))
  }
}
