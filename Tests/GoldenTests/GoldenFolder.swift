import Foundation
import Testing

/// A file with a case, or what is wrong with it.
struct GoldenFile: Sendable, CustomTestStringConvertible {
  /// The path within the folder.
  let path: String
  let content: Result<GoldenCase, CaseError>

  /// A file that could not be read.
  init(path: String, _ error: CaseError) { (self.path, content) = (path, .failure(error)) }

  /// A file with the given bytes; nil for one that is no case.
  init?(path: String, _ data: Data) {
    self.path = path
    do throws(CaseError) {
      guard let golden = try GoldenCase(data) else { return nil }
      content = .success(golden)
    } catch {
      content = .failure(error)
    }
  }

  /// The case's name, or the path of a file that could not be read.
  var name: String { (try? content.get().name) ?? path }
  var testDescription: String { name }
}

/// The folder with the golden files: the bundled one, or the one that ADJOINT_GOLDEN names.
enum GoldenFolder {
  static let url: URL = {
    if let named = ProcessInfo.processInfo.environment["ADJOINT_GOLDEN"], !named.isEmpty {
      return URL(filePath: named, directoryHint: .isDirectory)
    }
    return URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden", directoryHint: .isDirectory)
  }()

  /// Whether the cases are those that come with the tests, all of which a row computes.
  static var isBundled: Bool { ProcessInfo.processInfo.environment["ADJOINT_GOLDEN"] ?? "" == "" }

  /// Every case below the folder, in the order of the paths.
  ///
  /// What is no case is left out.
  static let files: [GoldenFile] = read(url)

  static func read(_ folder: URL) -> [GoldenFile] {
    let folder = folder.resolvingSymlinksInPath()
    let paths = FileManager.default.enumerator(atPath: folder.path(percentEncoded: false))?.compactMap { $0 as? String }
    let ignored: Set = ["index.json", "seeds.json"]
    return (paths ?? []).sorted().compactMap { path -> GoldenFile? in
      guard path.hasSuffix(".json"), !ignored.contains(path.split(separator: "/").last.map(String.init) ?? "") else {
        return nil
      }
      guard let data = try? Data(contentsOf: folder.appending(path: path)) else {
        return GoldenFile(path: path, .malformed("this file cannot be read"))
      }
      return GoldenFile(path: path, data)
    }
  }
}
