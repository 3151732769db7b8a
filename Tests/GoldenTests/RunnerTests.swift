import Adjoint
import Foundation
import Testing

@Suite struct `The golden runner` {
  @Test func `passes a correct case, however deep its name`() throws {
    let verdict = try verdict()
    guard case .passed = verdict else {
      Issue.record("\(verdict)")
      return
    }
  }

  @Test func `fails a case with a wrong value or gradient in both element types and names the file`() throws {
    for change in [("[9, 16]", "[9, 16.1]"), ("[6, 16]", "[6, 16.1]")] {
      let problems = try problems(of: verdict(change))
      #expect(problems.count == 2)
      #expect(problems.allSatisfy { $0.contains("deep/square.json") && $0.contains("16.1") })
    }
  }

  @Test(arguments: [
    ("\"x\": {\"shape\": [2], \"dtype\": \"float64\", \"data\": [3, 4]}", ""), ("[3, 4]", "[3]"),
    ("[3, 4]", "[3, true]"), ("\"outputs\"", "\"results\""), ("float32", "float16"),
    ("\"inputs\": {\"x\"", "\"inputs\": {\"z\""), ("}", "]"),
  ])
  func `fails a malformed file and names it`(_ change: (String, String)) throws {
    let problems = try problems(of: verdict(change))
    #expect(problems.count == 1)
    #expect(problems.allSatisfy { $0.hasPrefix("deep/square.json: ") })
  }

  @Test(arguments: [
    ("a/b/square", "a/b/squire"), ("\"attributes\": {}", "\"attributes\": {\"axis\": 1}"),
    ("a/b/square", "a/b/square_of_something"),
  ])
  func `counts what the table does not know as unsupported`(_ change: (String, String)) throws {
    let verdict = try verdict(change)
    guard case .unsupported = verdict else {
      Issue.record("\(verdict)")
      return
    }
  }

  @Test func `looks a name up without the words that describe the layout`() {
    func names(_ name: String) -> [String] { CaseTable.row(named: name)?.names ?? [] }
    #expect(names("div_rank3") == ["div"])
    #expect(names("mean_axis1_keep") == ["mean"])
    #expect(names("log_softmax_rank3_axis1") == ["log_softmax"])
    #expect(names("no_such_layer2d").isEmpty)
    #expect(names("sum_of_squares").isEmpty)
    #expect(names("keep").isEmpty)
  }

  @Test func `reads folders at any depth and leaves out what is no case`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "golden-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let deep = folder.appending(path: "one/two/three")
    try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
    for (name, text) in [
      ("a.json", Self.square), ("index.json", "[]"), ("seeds.json", "{\"inputs\": 1}"), ("other.json", "{\"a\": 1}"),
      ("list.json", "[1]"), ("generate.py", "import torch"), ("broken.json", "{"),
    ] {
      try Data(text.utf8).write(to: deep.appending(path: name))
    }
    let files = GoldenFolder.read(folder)
    #expect(files.map(\.path) == ["one/two/three/a.json", "one/two/three/broken.json"])
    #expect(files.map(\.name) == ["a/b/square", "one/two/three/broken.json"])
  }

  private static let square = """
    {"name": "a/b/square", "description": "", "dtype": "float64",
     "inputs": {"x": {"shape": [2], "dtype": "float64", "data": [3, 4]}}, "parameters": {}, "attributes": {},
     "outputs": {"y": {"shape": [2], "dtype": "float64", "data": [9, 16]}},
     "gradients": {"cotangents": {"y": {"shape": [2], "dtype": "float64", "data": [1, 2]}},
                   "inputs": {"x": {"shape": [2], "dtype": "float64", "data": [6, 16]}}, "parameters": {}},
     "tolerance": {"float64": {"rtol": 1e-9, "atol": 0}, "float32": {"rtol": 1e-5, "atol": 0}}}
    """

  /// The verdict on a correct case in which one text is replaced, at its first place, by another.
  private func verdict(_ change: (String, String) = ("", "")) throws -> Verdict {
    var text = Self.square
    if let range = text.range(of: change.0) { text.replaceSubrange(range, with: change.1) }
    return Verdict(of: try #require(GoldenFile(path: "deep/square.json", Data(text.utf8))))
  }

  private func problems(of verdict: Verdict) throws -> [String] {
    guard case .failed(let problems) = verdict else {
      Issue.record("\(verdict)")
      return []
    }
    return problems
  }
}
