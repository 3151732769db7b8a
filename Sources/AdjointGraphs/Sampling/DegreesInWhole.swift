/// For the nodes of a part of a graph, how many edges reach and leave them in the whole one, which normalisations count with.
struct DegreesInWhole: Sendable {
  /// The in-degree of every node.
  let degrees: IndexArray
  /// The out-degree of every node.
  let outDegrees: IndexArray
  /// How many self-loops of every node both degrees count, be they in the part or not.
  let loops: IndexArray

  /// Those of a graph that is itself the whole.
  static func own(_ graph: Graph) -> DegreesInWhole {
    DegreesInWhole(
      degrees: IndexArray(graph.inDegrees), outDegrees: IndexArray(graph.outDegrees),
      loops: IndexArray(graph.selfLoopCounts))
  }

  /// The degrees once every one of some nodes has a self-loop.
  func addingLoops(at nodes: IndexArray) -> DegreesInWhole {
    let without = IndexArray(nodes.filter { loops[$0] == 0 })
    return DegreesInWhole(
      degrees: degrees.adding(1, at: without), outDegrees: outDegrees.adding(1, at: without),
      loops: loops.adding(1, at: without))
  }

  /// The degrees without self-loops.
  func removingLoops() -> DegreesInWhole {
    func without(_ degrees: IndexArray) -> IndexArray { IndexArray(zip(degrees, loops).map { $0 - $1 }) }
    return DegreesInWhole(
      degrees: without(degrees), outDegrees: without(outDegrees), loops: IndexArray(loops.map { _ in 0 }))
  }

  /// Those of several graphs, one after the other.
  static func joined(_ parts: [DegreesInWhole]) -> DegreesInWhole {
    DegreesInWhole(
      degrees: .joined(parts.map(\.degrees)), outDegrees: .joined(parts.map(\.outDegrees)),
      loops: .joined(parts.map(\.loops)))
  }

  /// Those of some nodes in a row.
  func part(_ range: Range<Int>) -> DegreesInWhole {
    DegreesInWhole(degrees: degrees.part(range), outDegrees: outDegrees.part(range), loops: loops.part(range))
  }

  /// Those of some nodes in any order.
  func gathered(_ nodes: IndexArray) -> DegreesInWhole {
    DegreesInWhole(
      degrees: degrees.gathered(nodes), outDegrees: outDegrees.gathered(nodes), loops: loops.gathered(nodes))
  }
}
