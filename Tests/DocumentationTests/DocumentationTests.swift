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
