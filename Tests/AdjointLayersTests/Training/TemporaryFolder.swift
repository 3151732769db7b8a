import Foundation

/// A folder of its own for a test, which goes with it.
final class TemporaryFolder {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("adjoint-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The names of the files in it, in order.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}
