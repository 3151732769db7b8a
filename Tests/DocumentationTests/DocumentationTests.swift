import Foundation
import Testing

/// The Markdown files of the package.
enum Documents {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

  static var names: [String] {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Docs").path())) ?? []
    return ["README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "Docs/\($0)" }
  }

  /// The fenced blocks of a language, each ending in a newline.
  static func blocks(in name: String, language: String) -> [String] {
    guard let text = try? String(contentsOf: root.appending(path: name), encoding: .utf8) else { return [] }
    var blocks: [String] = []
    var current: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let block = current {
        if line == "```" {
          blocks.append(block)
          current = nil
        } else {
          current = block + line + "\n"
        }
      } else if line == "```\(language)" {
        current = ""
      }
    }
    return blocks
  }
}

@Suite struct `Documentation` {
  /// The lines of a text without indentation and empty lines.
  private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
  }

  @Test(arguments: Documents.names)
  func `every Swift block is compiled by these tests`(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let compiled = try lines(String(contentsOf: folder.appending(path: "Snippets.swift"), encoding: .utf8))
    for block in Documents.blocks(in: name, language: "swift") {
      let wanted = lines(block)
      let found = compiled.indices.contains { compiled[$0...].starts(with: wanted) }
      #expect(found, "\(name): this block is not in Snippets.swift:\n\(block)")
    }
  }

  @Test func `there are documents to check`() {
    #expect(Documents.names.count >= 8)
    #expect(Documents.blocks(in: "README.md", language: "swift").count >= 3)
  }

  // 001-06, 004-01
  @Test func `every task and field has an example that can be run, and every example is named`() throws {
    let examples = Documents.root.appending(path: "Examples")
    let manifest = try String(contentsOf: examples.appending(path: "Package.swift"), encoding: .utf8)
    let targets = Set(manifest.matches(of: /executableTarget\(name: "([^"]+)"/).map { String($0.1) })
    for target in targets {
      let folder = examples.appending(path: "Sources/\(target)").path()
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      let isMain = try files.contains {
        try String(contentsOfFile: folder + "/" + $0, encoding: .utf8).contains("@main")
      }
      #expect(isMain, "\(target) has no @main")
    }
    let text = try String(contentsOf: Documents.root.appending(path: "Docs/Examples.md"), encoding: .utf8)
    // The programs in each row of a table, by the row's first cell; a row without one goes on with the last.
    var programs: [String: [String]] = [:], last = ""
    for line in text.split(separator: "\n") where line.hasPrefix("| ") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      if let first = cells.first, !first.isEmpty { last = first }
      programs[last, default: []] +=
        cells.dropFirst().first.map { $0.matches(of: /`([a-z-]+)`/).map { String($0.1) } } ?? []
    }
    for task in ["classify nodes", "predict links", "find communities", "compare networks", "classify graphs"] {
      #expect(programs[task]?.isEmpty == false, "no program for the task: \(task)")
    }
    let fields = ["people, papers, recommendations", "network science", "biology and chemistry", "places and devices"]
    for field in fields { #expect(programs[field]?.isEmpty == false, "no program for the field: \(field)") }
    let named = Set(programs.values.joined())
    #expect(named.isSubset(of: targets), "there are no examples \(named.subtracting(targets).sorted())")
    #expect(targets.subtracting(named) == ["benchmarks"])
  }

  @Test(arguments: Documents.names)
  func `every link to a file leads somewhere`(_ name: String) throws {
    let file = Documents.root.appending(path: name)
    let text = try String(contentsOf: file, encoding: .utf8)
    for match in text.matches(of: /\]\(([^)#:]+)\)/) {
      let target = file.deletingLastPathComponent().appending(path: String(match.1)).standardized
      #expect(FileManager.default.fileExists(atPath: target.path()), "\(name) links to \(match.1)")
    }
  }
}
