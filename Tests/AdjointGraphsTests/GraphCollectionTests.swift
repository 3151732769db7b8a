import AdjointGraphs
import Testing

@Suite struct `A collection of graphs` {
  /// Three graphs: an edge, a single node, a triangle with one edge directed. Lines of A are not in the order of the graphs.
  private static let files = [
    "A.txt": "4, 5\n1, 2\n5, 4\n2, 1\n6, 4\n", "graph_indicator.txt": "1\n1\n2\n3\n3\n3\n",
    "graph_labels.txt": "-1\n1\n-1\n", "node_labels.txt": "7\n3\n3\n3\n9\n7\n", "edge_labels.txt": "1\n0\n2\n0\n1\n",
    "node_attributes.txt": " 1.5, 2\n 3, -4e1\n5,6\n7,8\n9,10\n11,12\n",
  ]

  private func folder(_ changes: [String: String?] = [:], folds: String? = nil) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, text) in Self.files {
      if let text = changes[name, default: text] { try folder.write("X_\(name)", text) }
    }
    if let folds { try folder.write("folds.csv", folds) }
    return folder
  }

  @Test func `is read graph by graph, with every column where it belongs`() throws {
    let folder = try folder(folds: "graph,fold\n1,1\n2,0\n3,1\n")
    let collection = try GraphCollection(folder: folder.path, name: "X")
    #expect(
      collection.graphs.map(\.graph.nodeCount) == [2, 1, 3] && collection.graphs.map(\.graph.edgeCount) == [2, 0, 3])
    #expect(pairs(collection.graphs[0].graph) == [[1, 0], [0, 1]])
    #expect(pairs(collection.graphs[2].graph) == [[1, 0], [2, 0], [0, 1]])
    #expect(collection.graphs[2].edges.indices("label") == [2, 1, 1])
    #expect(collection.graphs[2].graph.edgeOrder == [1, 2, 0])
    #expect(collection.labels == [0, 1, 0] && collection.classes == [-1, 1] && collection.classCount == 2)
    #expect(collection.nodeLabels == [3, 7, 9] && collection.edgeLabels == [0, 1, 2])
    #expect(collection.graphs[1].nodes.values("x") == [[5, 6, 1, 0, 0]])
    #expect(collection.graphs[0].nodes.values("x") == [[1.5, 2, 0, 1, 0], [3, -40, 1, 0, 0]])
    #expect(collection.graphs[0].nodes.indices("label") == [1, 0])
    #expect(collection.graphs.map { $0.global.indices("y")[0] } == [0, 1, 0] && collection.folds == [1, 0, 1])
  }

  @Test func `needs no more than edges and the graph of each node`() throws {
    let names = ["graph_labels.txt", "node_labels.txt", "edge_labels.txt", "node_attributes.txt"]
    let folder = try folder(Dictionary(uniqueKeysWithValues: names.map { ($0, nil) }))
    let collection = try GraphCollection(folder: folder.path, name: "X")
    #expect(collection.graphs.count == 3 && collection.labels.isEmpty && collection.folds == nil)
    #expect(collection.graphs[0].nodes.isEmpty && collection.graphs[0].edges.isEmpty)
  }

  @Test(arguments: [
    ("A.txt", "1, 2\n1, 7\n", "line 2: node 7 is outside 1 ..< 7"),
    (
      "A.txt", "1, 2\n2, 3\n", "line 2: found edge 2,3 from graph 1 to graph 2 where an edge within one graph should be"
    ),
    ("A.txt", "1 2\n", "line 1: found \"2\" where \",\" should be"),
    ("A.txt", "1, 2\n", "line 1: found 5 lines where there should be 1"),
    ("graph_indicator.txt", "1\n2\n1\n", "line 3: found graph 1 where 2 or above should be"),
    ("graph_indicator.txt", "1\n4\n", "line 2: graph 4 is outside 1 ..< 4"),
    ("graph_labels.txt", "0\nx\n", "line 2: found \"x\" where a class in -2147483647 ..< 2147483647 should be"),
    ("node_labels.txt", "1\n1\n", "line 2: found 2 lines where there should be 6"),
    ("node_attributes.txt", "1,2\n3\n", "line 2: found 1 numbers where there should be 2"),
    ("node_attributes.txt", "1,2\n3,\n", "line 2: found the end of the line where a number should be"),
  ])
  func `with a mistake is refused, naming file and line`(_ file: String, _ text: String, _ sentence: String) throws {
    let folder = try folder([file: text])
    let error = #expect(throws: DatasetError.self) { try GraphCollection(folder: folder.path, name: "X") }
    // Too few edges are noticed in the file of their labels.
    let named = sentence.hasPrefix("line 1: found 5") ? "edge_labels.txt" : file
    let expected = named == file ? sentence : "line 5: found 5 lines where there should be 1"
    #expect(error?.description == "\(folder.path)/X_\(named), \(expected)")
  }

  @Test(arguments: [
    ("1,1\n", "line 1: found \"1,1\" where \"graph,fold\" should be"),
    ("graph,fold\n2,0\n", "line 2: found graph 2 where graph 1 should be"),
    ("graph,fold\n4,0\n", "line 2: graph 4 is outside 1 ..< 4"),
    ("graph,fold\n1,3\n", "line 2: fold 3 is outside 0 ..< 3"),
    ("graph,fold\n1,0\n2,0\n", "line 3: found 2 lines where there should be 3"),
  ])
  func `with a mistake in its folds is refused`(_ text: String, _ sentence: String) throws {
    let folder = try folder(folds: text)
    let error = #expect(throws: DatasetError.self) { try GraphCollection(folder: folder.path, name: "X") }
    #expect(error?.description == "\(folder.path)/folds.csv, \(sentence)")
  }

  @Test func `with more kinds of nodes than rows can tell apart is refused`() throws {
    let folder = try TemporaryFolder()
    try folder.write("X_A.txt", "")
    try folder.write("X_graph_indicator.txt", String(repeating: "1\n", count: 4097))
    try folder.write("X_node_labels.txt", (0..<4097).map { "\($0)\n" }.joined())
    let error = #expect(throws: DatasetError.self) { try GraphCollection(folder: folder.path, name: "X") }
    #expect(
      error?.description
        == "\(folder.path)/X_node_labels.txt, line 4097: found 4097 different labels where at most 4096 should be")
  }

  @Test func `that is not there is named`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: DatasetError.self) { try GraphCollection(folder: folder.path, name: "X") }
    #expect(error?.description == "\(folder.path)/X_graph_indicator.txt: No such file or directory")
    try folder.write("X_graph_indicator.txt", "1\n")
    let edges = #expect(throws: DatasetError.self) { try GraphCollection(folder: folder.path, name: "X") }
    #expect(edges?.description == "\(folder.path)/X_A.txt: No such file or directory")
  }

  @Test(.enabled(if: publishedData != nil)) func `such as MUTAG has the counts that are published`() throws {
    let mutag = try GraphCollection(folder: "\(publishedData ?? "")/mutag", name: "MUTAG")
    #expect(mutag.graphs.count == 188 && mutag.graphs.reduce(0) { $0 + $1.graph.nodeCount } == 3371)
    #expect(mutag.graphs.reduce(0) { $0 + $1.graph.edgeCount } == 7442)
    #expect(mutag.labels.count { $0 == 0 } == 63 && mutag.classes == [-1, 1])
    #expect(mutag.nodeLabels == Array(0...6) && mutag.edgeLabels == Array(0...3))
    #expect(mutag.graphs[0].nodes.values("x").shape == [17, 7] && mutag.folds?.count == 188)
    #expect(mutag.graphs.prefix(10).allSatisfy { $0.graph.isUndirected && $0.graph.componentCount == 1 })
  }
}
