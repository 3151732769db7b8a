import Foundation
import Testing

/// A file with a case, or what is wrong with it.
struct GoldenFile: Sendable, CustomTestStringConvertible {
  /// The path within the folder.
  let path: String
  let content: Result<GoldenCase, CaseError>

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

  /// Every case below the folder, in the order of the paths. What is no case is left out.
  static let files: [GoldenFile] = read(url)

  static func read(_ folder: URL) -> [GoldenFile] {
    let paths = FileManager.default.enumerator(atPath: folder.path(percentEncoded: false))?.compactMap { $0 as? String }
    let ignored: Set = ["index.json", "seeds.json"]
    return (paths ?? []).sorted().compactMap { path -> GoldenFile? in
      guard path.hasSuffix(".json"), !ignored.contains(path.split(separator: "/").last.map(String.init) ?? "") else {
        return nil
      }
      guard let data = try? Data(contentsOf: folder.appending(path: path)) else {
        return GoldenFile(path: path, content: .failure(.malformed("this file cannot be read")))
      }
      do throws(CaseError) {
        return try GoldenCase(data).map { GoldenFile(path: path, content: .success($0)) }
      } catch {
        return GoldenFile(path: path, content: .failure(error))
      }
    }
  }
}
