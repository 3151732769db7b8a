// What libFuzzer calls: the first byte chooses a reader of graph data, the others are its files, separated by a byte 255 where
// there are several. A reader may refuse with a typed error; what it accepts must hang together.

import AdjointGraphs

/// Reads the bytes as one of the kinds of files.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDatasets(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 0 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
  let files = bytes.split(separator: 255, omittingEmptySubsequences: false).map(Array.init)
  switch start[0] % 5 {
  case 0: readEdges(bytes, .numbers(), hasHeader: start[0] % 2 == 0)
  case 1: readEdges(bytes, .text, hasHeader: start[0] % 2 == 0)
  case 2: readCollection(files)
  case 3: readPickle(bytes)
  default: readTable(bytes)
  }
  return 0
}

private func readEdges(_ bytes: [UInt8], _ nodes: EdgeList.Naming, hasHeader: Bool) {
  for isUndirected in [false, true] {
    guard
      let list = try? EdgeList(
        bytes: bytes, named: "edges", nodes: nodes, hasHeader: hasHeader, isUndirected: isUndirected)
    else { continue }
    check(list.graph)
    require(list.names.isEmpty || list.names.count == list.graph.graph.nodeCount, "names do not fit the nodes")
  }
}

private func readCollection(_ files: [[UInt8]]) {
  let names = [
    "A.txt", "graph_indicator.txt", "graph_labels.txt", "node_labels.txt", "edge_labels.txt", "node_attributes.txt",
    "edge_attributes.txt", "graph_attributes.txt", "folds.csv",
  ]
  func open(_ name: String) -> (file: String, bytes: [UInt8])? {
    guard let place = names.firstIndex(of: name), place < files.count else { return nil }
    // Optional files that are empty are not there.
    return place > 1 && files[place].isEmpty ? nil : (name, files[place])
  }
  guard let collection = try? GraphCollection(dtype: .float32, open) else { return }
  require(collection.labels.isEmpty || collection.labels.count == collection.graphs.count, "labels do not fit")
  for graph in collection.graphs { check(graph) }
  let batch = GraphBatch(collection.graphs)
  check(batch.joined)
}

/// A pickle takes the place of each of Planetoid's seven in turn, and of a sparse matrix, an array and a dictionary at once.
private func readPickle(_ bytes: [UInt8]) {
  let files = bytes.split(separator: 255, maxSplits: 7, omittingEmptySubsequences: false).map(Array.init)
  let names = ["allx", "tx", "ally", "ty", "y", "graph", "test.index"]
  for shift in 0..<names.count {
    func open(_ name: String) -> (file: String, bytes: [UInt8]) {
      let place = ((names.firstIndex(of: name) ?? 0) + shift) % names.count
      return (name, place < files.count ? files[place] : bytes)
    }
    if let graph = try? CitationGraph(open) {
      require(graph.labels.count == graph.graph.nodeCount, "labels do not fit the nodes")
    }
  }
}

private func readTable(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  guard let (graph, names) = try? Graph.adjacencyTable(text) else { return }
  require(names.count == graph.nodeCount && graph.isUndirected, "the table is read wrongly")
  guard let again = try? Graph.adjacencyTable(graph.adjacencyTable(names)) else {
    stop("what was printed cannot be read: \(names)")
  }
  require(again.names == names && again.graph.sources == graph.sources, "the table has changed")
}

private func check(_ graph: AttributedGraph) {
  let structure = graph.graph
  require(structure.sources.allSatisfy { $0 >= 0 && $0 < structure.sourceCount }, "a source lies outside")
  require(structure.targets.allSatisfy { $0 >= 0 && $0 < structure.nodeCount }, "a target lies outside")
  _ = (graph.description, structure.summary())
}
