import AdjointGraphs
import Foundation
import Testing

@Suite struct `A citation graph is read from plain text` {
  @Test func `every part of a small one is as written`() throws {
    let dataset = try Dataset()
    let graph = try dataset.read()
    #expect(graph.graph.nodeCount == 4 && graph.graph.edgeCount == 6)
    #expect(graph.graph.sources == [1, 2, 0, 3, 0, 1] && graph.graph.targets == [0, 0, 1, 1, 2, 3])
    #expect(graph.features.dense().value == [[1, 0, 1], [0, 1, 0], [0, 0, 0], [0, 0, 1]])
    #expect(graph.labels == [0, 1, -1, 1])
    #expect(graph.classCount == 2)
    #expect(graph.train == [0] && graph.validation == [3] && graph.test == [1])
  }

  @Test func `rows of normalised features sum to 1, or stay empty`() throws {
    let graph = try Dataset().read()
    #expect(graph.features.rowNormalized().dense().value == [[0.5, 0, 0.5], [0, 1, 0], [0, 0, 0], [0, 0, 1]])
  }

  @Test func `a number of features can be given`() throws {
    #expect(try Dataset().read(featureCount: 5).features.shape == [4, 5])
  }

  @Test func `carriage returns, a missing last line end and spaces in the split are accepted`() throws {
    let plain = try Dataset().read()
    let dataset = try Dataset()
    for (file, text) in Dataset.files where file != "split.json" {
      try dataset.write(file, text.dropLast().replacingOccurrences(of: "\n", with: "\r\n"))
    }
    try dataset.write("split.json", "\n{ \"test\" : [ 1 ] ,\n\t\"val\":[3],\"train\": [0]}")
    let graph = try dataset.read()
    #expect(graph.graph.sources == plain.graph.sources && graph.labels == plain.labels && graph.train == plain.train)
    #expect(graph.featurePattern.columns == plain.featurePattern.columns)
  }

  @Test(arguments: [
    ("labels.csv", "label,node\n", "line 1: found \"label,node\" where \"node,label\" should be"),
    ("labels.csv", "node,label\n0,0\n2,1\n", "line 3: found node 2 where node 1 should be"),
    ("labels.csv", "node,label\n0,0\n1\n", "line 3: found the end of the line where \",\" should be"),
    ("labels.csv", "node,label\n0,-2\n", "line 2: label -2 is outside -1 ..< 2147483647"),
    (
      "labels.csv", "node,label\n0,\n", "line 2: found the end of the line where a label in -1 ..< 2147483647 should be"
    ),
    ("labels.csv", "node,label\n0,1;\n", "line 2: found \";\" where the end of the line should be"),
    ("features.txt", "0\t0 2\n1\t1\n2\t\n", "line 4: found the end of the file where node 3, the next of 4, should be"),
    ("features.txt", "0\t0\n1\t\n2\t\n3\t\n4\t\n", "line 5: node 4 is outside 0 ..< 4"),
    ("features.txt", "0\t0,2\n", "line 1: found \",2\" where \" \" should be"),
    ("features.txt", "0 0\n", "line 1: found \" 0\" where \"\\t\" should be"),
    ("features.txt", "0\t0\n1\t2 1\n", "line 2: found feature 1 where one above 2 should be"),
    ("features.txt", "0\t3\n", "line 1: feature 3 is outside 0 ..< 3"),
    (
      "features.txt", "0\t99999999999999999999999\n",
      "line 1: found \"99999999999999999999999\" where a feature in 0 ..< 3 should be"
    ),
    ("features.txt", "0\tx\n", "line 1: found \"x\" where a feature in 0 ..< 3 should be"),
    ("edges.csv", "source;target\n", "line 1: found \"source;target\" where \"source,target\" should be"),
    ("edges.csv", "source,target\n0,1\n0,4\n", "line 3: node 4 is outside 0 ..< 4"),
    ("edges.csv", "source,target\n-1,1\n", "line 2: node -1 is outside 0 ..< 4"),
    ("edges.csv", "source,target\n1,1\n", "line 2: found edge 1,1 where one with source < target should be"),
    ("edges.csv", "source,target\n0,2\n0,1\n", "line 3: found edge 0,1 where one after 0,2 should be"),
    ("edges.csv", "source,target\n0,2\n0,2\n", "line 3: found edge 0,2 where one after 0,2 should be"),
    ("edges.csv", "source,target\n0,1\n\n", "line 3: found the end of the line where a node in 0 ..< 4 should be"),
    ("split.json", "[0]", "line 1: found \"[0]\" where \"{\" should be"),
    (
      "split.json", "{\"train\": [0],\n\"train\"",
      "line 2: found \"\"train\"\" where the key \"val\" or \"test\" should be"
    ),
    ("split.json", "{\"train\": [0], \"val\": []}", "line 1: found \"}\" where a comma and the key \"test\" should be"),
    (
      "split.json", "{\"train\": [], \"val\": [], \"test\": [], \"x\"",
      "line 1: found \"\"x\"\" where \"}\" should be"
    ),
    ("split.json", "{\"train\" [0]", "line 1: found \"[0]\" where \":\" should be"),
    ("split.json", "{\"train\": 0", "line 1: found \"0\" where \"[\" should be"),
    ("split.json", "{\"train\": [], \"val\": [], \"test\": [] ]", "line 1: found \"]\" where \"}\" should be"),
    ("split.json", "{\"train\": [0 1]", "line 1: found \"1]\" where \",\" should be"),
    ("split.json", "{\"train\": [0,\n4]", "line 2: node 4 is outside 0 ..< 4"),
    ("split.json", "{\"train\": [0], \"val\": [0]", "line 1: node 0 is in \"val\" but was in \"train\" before"),
    ("split.json", "{\"train\": [2]", "line 1: node 2 is in \"train\" but has the label -1: its class is not known"),
    (
      "split.json", "{\"train\": [], \"val\": [], \"test\": []}\n{",
      "line 2: found \"{\" where the end of the file should be"
    ),
  ])
  func `a mistake is named with file, line, value and limit`(file: String, text: String, expected: String) throws {
    let dataset = try Dataset()
    try dataset.write(file, text)
    let error = #expect(throws: DatasetError.self) { try dataset.read(featureCount: 3) }
    #expect(error?.description == "\(dataset.folder)/\(file), \(expected)")
  }

  @Test(arguments: ["labels.csv", "features.txt", "edges.csv", "split.json"])
  func `a missing file is named`(file: String) throws {
    let dataset = try Dataset()
    try FileManager.default.removeItem(atPath: "\(dataset.folder)/\(file)")
    #expect(
      throws: DatasetError.unreadable(file: "\(dataset.folder)/\(file)", reason: "No such file or directory")
    ) {
      try dataset.read()
    }
  }

  @Test func `a folder in place of a file cannot be read`() throws {
    let dataset = try Dataset()
    try FileManager.default.removeItem(atPath: "\(dataset.folder)/edges.csv")
    try FileManager.default.createDirectory(atPath: "\(dataset.folder)/edges.csv", withIntermediateDirectories: false)
    #expect(throws: DatasetError.unreadable(file: "\(dataset.folder)/edges.csv", reason: "Is a directory")) {
      try dataset.read()
    }
  }

  @Test(
    .enabled(if: published != nil, "set ADJOINT_DATA to the folder with cora/ and citeseer/"),
    arguments: [
      Published(name: "cora", nodes: 2708, edges: 10556, features: 1433, stored: 49216, classes: 7, train: 140),
      Published(name: "citeseer", nodes: 3327, edges: 9104, features: 3703, stored: 105_165, classes: 6, train: 120),
    ])
  func `published data sets have their published sizes`(expected: Published) throws {
    let graph = try CitationGraph(folder: "\(#require(published))/\(expected.name)")
    #expect(graph.graph.nodeCount == expected.nodes && graph.graph.edgeCount == expected.edges)
    #expect(
      graph.features.shape == [expected.nodes, expected.features] && graph.featurePattern.count == expected.stored)
    #expect(graph.classCount == expected.classes)
    #expect(graph.train.count == expected.train && graph.validation.count == 500 && graph.test.count == 1000)
  }
}

struct Published: Sendable {
  let name: String
  let nodes, edges, features, stored, classes, train: Int
}

/// The folder with the published data sets, if it is there.
private let published: String? = {
  let folder = ProcessInfo.processInfo.environment["ADJOINT_DATA"] ?? "../shared/data"
  return FileManager.default.fileExists(atPath: "\(folder)/cora/edges.csv") ? folder : nil
}()

/// A tiny data set in a temporary folder of its own, which goes with it.
private final class Dataset {
  static let files = [
    "labels.csv": "node,label\n0,0\n1,1\n2,-1\n3,1\n", "features.txt": "0\t0 2\n1\t1\n2\t\n3\t2\n",
    "edges.csv": "source,target\n0,1\n0,2\n1,3\n", "split.json": "{\"train\": [0], \"val\": [3], \"test\": [1]}\n",
  ]

  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("citation-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (file, text) in Self.files { try write(file, text) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ file: String, _ text: some StringProtocol) throws {
    try text.write(toFile: "\(folder)/\(file)", atomically: false, encoding: .utf8)
  }

  func read(featureCount: Int? = nil) throws(DatasetError) -> CitationGraph {
    try CitationGraph(folder: folder, featureCount: featureCount)
  }
}
