import Adjoint
import Foundation

/// The folder of data sets: the one that ADJOINT_DATA names, or else ../shared/data beside the checkout.
let dataFolder: URL = {
  if let named = ProcessInfo.processInfo.environment["ADJOINT_DATA"], !named.isEmpty {
    return URL(filePath: named, directoryHint: .isDirectory)
  }
  let checkout = URL(filePath: #filePath).appending(path: "../../../..").standardized
  return checkout.appending(path: "../shared/data").standardized
}()

/// The Cora citations, from the folder that ADJOINT_DATA names, or else from ../shared/data beside the checkout.
struct Cora {
  let graph: Graph
  let labels: IndexArray
  let train, validation, test: [Int]
  private let pattern: SparsePattern

  static func load() -> Result<Cora, CaseError> { loaded }

  private static let loaded: Result<Cora, CaseError> = Result { () throws(CaseError) in
    let folder = Cora.folder
    guard FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) else {
      throw .unsupported("there is no \(folder.path(percentEncoded: false)); ADJOINT_DATA names the folder above it")
    }
    do {
      return try Cora(folder)
    } catch let error as CaseError {
      throw error
    } catch {
      throw .malformed("\(folder.path(percentEncoded: false)): \(error)")
    }
  }

  private static var folder: URL { dataFolder.appending(path: "cora") }

  private init(_ folder: URL) throws {
    func file(_ name: String) -> URL { folder.appending(path: name) }
    func wrong(_ name: String, _ line: Substring) -> CaseError {
      .malformed("\(file(name).path(percentEncoded: false)): cannot read the line \(line)")
    }
    func pairs(_ name: String) throws -> [(Int, Int)] {
      try String(contentsOf: file(name), encoding: .utf8).split(separator: "\n").dropFirst().map { line in
        let numbers = line.split(separator: ",").compactMap { Int($0) }
        guard numbers.count == 2 else { throw wrong(name, line) }
        return (numbers[0], numbers[1])
      }
    }
    let labels = try pairs("labels.csv").map(\.1)
    self.labels = IndexArray(labels)
    graph = try Graph(nodeCount: labels.count, undirected: pairs("edges.csv"))

    var (rows, columns) = ([Int](), [Int]())
    for line in try String(contentsOf: file("features.txt"), encoding: .utf8).split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 2, let node = Int(fields[0]) else { throw wrong("features.txt", line) }
      for word in fields[1].split(separator: " ") {
        guard let column = Int(word) else { throw wrong("features.txt", line) }
        rows.append(node)
        columns.append(column)
      }
    }
    let meta = try JSONDecoder().decode(JSON.self, from: Data(contentsOf: file("meta.json")))
    let width = meta.object?["features"]?.integer
    pattern = try SparsePattern(
      rows: IndexArray(rows), columns: IndexArray(columns), rowCount: labels.count, columnCount: width ?? 0)

    let split = try JSONDecoder().decode([String: [Int]].self, from: Data(contentsOf: file("split.json")))
    (train, validation, test) = (split["train"] ?? [], split["val"] ?? [], split["test"] ?? [])
  }

  /// The words of every paper, each row divided by its sum.
  func features(dtype: DType) -> SparseMatrix {
    let counts = pattern.entriesPerRow
    return SparseMatrix(pattern, values: Variable(Tensor(pattern.rows.map { 1 / Double(counts[$0]) }, dtype: dtype)))
  }
}
