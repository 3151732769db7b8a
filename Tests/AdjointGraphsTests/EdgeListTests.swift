import AdjointGraphs
import Foundation
import Testing

@Suite struct `An edge list` {
  private func read(
    _ text: String, nodes: EdgeList.Naming = .numbers(), hasHeader: Bool = true, isUndirected: Bool = false
  ) throws -> EdgeList {
    let folder = try TemporaryFolder()
    try folder.write("edges.csv", text)
    do {
      return try EdgeList(
        file: "\(folder.path)/edges.csv", nodes: nodes, hasHeader: hasHeader, isUndirected: isUndirected)
    } catch {
      throw Named(text: error.description.replacingOccurrences(of: folder.path + "/", with: ""))
    }
  }

  private struct Named: Error { let text: String }

  @Test func `is read with its columns, in the graph's stored order`() throws {
    let list = try read("source,target,weight,year\n2,0,0.5,1999\n0,1,-1e2,2001\n1,0,3,7\n")
    #expect(pairs(list.graph.graph) == [[2, 0], [1, 0], [0, 1]] && list.names.isEmpty)
    #expect(list.graph.edges.values("weight") == [0.5, 3, -100])
    #expect(list.graph.edges.values("year") == [1999, 7, 2001])
  }

  @Test(arguments: ["0,1,2\n1,2,3", "0;1;2\n1;2;3\n", "0\t1\t2\r\n1\t2\t3\r\n", "# c\n\n% d\n 0 1  2 \n1 2 3\n\n"])
  func `may use other separators, comments and line ends`(_ text: String) throws {
    let list = try read(text, hasHeader: false)
    #expect(pairs(list.graph.graph) == [[0, 1], [1, 2]] && list.graph.edges.values("weight") == [2, 3])
  }

  @Test func `that is undirected holds both directions with the same values, a self-loop once`() throws {
    let list = try read("a,b,w\n0,1,5\n1,1,6\n", nodes: .numbers(count: 4), isUndirected: true)
    #expect(pairs(list.graph.graph) == [[1, 0], [0, 1], [1, 1]] && list.graph.graph.nodeCount == 4)
    #expect(list.graph.edges.values("w") == [5, 5, 6])
  }

  @Test func `may name its nodes, in quotes too`() throws {
    let list = try read("from,to\nBern,\"Zürich, HB\"\n\"Zürich, HB\",\"say \"\"x\"\"\"\n", nodes: .text)
    #expect(list.names == ["Bern", "Zürich, HB", "say \"x\""] && pairs(list.graph.graph) == [[0, 1], [1, 2]])
  }

  @Test func `may hold no edges`() throws {
    #expect(try read("source,target\n").graph.graph.nodeCount == 0)
    #expect(try read("", hasHeader: false).graph.graph.nodeCount == 0)
    #expect(try read("a,b", nodes: .numbers(count: 3)).graph.graph.nodeCount == 3)
  }

  @Test(arguments: [
    ("", "line 1: found the end of the file where the names of the columns should be"),
    ("source\n", "line 1: found the end of the line where the name of another column should be"),
    ("s,t\n0,x\n", "line 2: found \"x\" where a node in 0 ..< 1000000 should be"),
    ("s,t\n0,1\n0,-1\n", "line 3: node -1 is outside 0 ..< 1000000"),
    ("s,t\n0,2000000\n", "line 2: node 2000000 is outside 0 ..< 1000000"),
    ("s,t\n0\n", "line 2: found the end of the line where a separator and a target should be"),
    ("s,t\n0,1,5\n", "line 2: found \"5\" where the end of the line should be"),
    ("s,t,w\n0,1\n", "line 2: found the end of the line where a separator and value 1 of 1 should be"),
    ("s,t,w\n0,1,inf\n", "line 2: found \"inf\" where a value should be"),
    ("s,t,w\n0,1,1e999\n", "line 2: found \"1e999\" where a value should be"),
    ("s,t,w\n0,1,1e39\n", "line 2: found \"1e39\" where a value should be"),
    ("s,t,w,w\n0,1,1,1\n", "line 1: found column w twice where another name should be"),
    ("# two columns\ns,t,w,w\n0,1,1,1\n", "line 2: found column w twice where another name should be"),
  ])
  func `with a mistake is refused, naming file and line`(_ text: String, _ sentence: String) {
    let error = #expect(throws: Named.self) { try read(text) }
    #expect(error?.text == "edges.csv, " + sentence)
  }

  @Test(arguments: [
    ("s,t\n,B\n", "line 2: found \",B\" where the name of a node should be"),
    ("s,t\nA,\"B\n", "line 2: found the end of the line where a closing quote should be"),
  ])
  func `with a name that is none is refused`(_ text: String, _ sentence: String) {
    let error = #expect(throws: Named.self) { try read(text, nodes: .text) }
    #expect(error?.text == "edges.csv, " + sentence)
  }

  @Test func `with names that are not UTF-8 is refused, since repaired ones could be the same`() throws {
    let folder = try TemporaryFolder()
    try folder.write("edges.csv", Array("s,t\nA,B".utf8) + [0xE9, 0x0A])
    let error = #expect(throws: DatasetError.self) { try EdgeList(file: "\(folder.path)/edges.csv", nodes: .text) }
    #expect(
      error?.description == "\(folder.path)/edges.csv, line 2: found \"B\u{FFFD}\" where text in UTF-8 should be")
  }

  @Test func `that is not there is named`() {
    #expect(throws: DatasetError.unreadable(file: "/nowhere/x.csv", reason: "No such file or directory")) {
      try EdgeList(file: "/nowhere/x.csv")
    }
  }
}

/// A folder that goes with its last reference.
final class TemporaryFolder {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("graphs-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ file: String, _ text: String) throws {
    try text.write(toFile: "\(path)/\(file)", atomically: false, encoding: .utf8)
  }

  func write(_ file: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: "\(path)/\(file)")) }
}

/// Where the published data lie; nil if they are not there.
let publishedData: String? = {
  let folder = ProcessInfo.processInfo.environment["ADJOINT_DATA"] ?? "../shared/data"
  return FileManager.default.fileExists(atPath: "\(folder)/mutag/MUTAG_A.txt") ? folder : nil
}()
