import Adjoint
import Foundation

/// A text as numbers: each byte as its rank among the different bytes that occur.
struct Corpus {
  let alphabet: [UInt8]
  /// The first nine tenths of the text, and the rest.
  let training, validation: [Int]
  private let ranks: [UInt8: Int]

  init(file: String?) throws {
    let path = file ?? Corpus.defaultPath
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CorpusError.missing(path)
    }
    let alphabet = Set(data).sorted()
    guard data.count >= 20_000 else { throw CorpusError.short(path, data.count) }
    let ranks = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, $0) })
    let codes = data.compactMap { ranks[$0] }
    (self.alphabet, self.ranks) = (alphabet, ranks)
    (training, validation) = (Array(codes.prefix(codes.count * 9 / 10)), Array(codes.dropFirst(codes.count * 9 / 10)))
  }

  /// What a sample begins with: the end of a line, where there are lines.
  var start: Int { ranks[UInt8(ascii: "\n")] ?? 0 }

  func text(_ codes: [Int]) -> String { String(decoding: codes.map { alphabet[$0] }, as: UTF8.self) }

  private static var defaultPath: String {
    let given = ProcessInfo.processInfo.environment["ADJOINT_DATA"]
    let folders = given.map { [$0] } ?? ["../shared/data", "../../shared/data"]
    let paths = folders.map { "\($0)/tinyshakespeare/input.txt" }
    return paths.first { FileManager.default.fileExists(atPath: $0) } ?? paths[0]
  }
}

enum CorpusError: Error, CustomStringConvertible {
  case missing(String)
  case short(String, Int)

  var description: String {
    switch self {
    case .missing(let path):
      "There is no text at \(path). Give one with --text, or name the folder of tinyshakespeare/ in ADJOINT_DATA."
    case .short(let path, let count): "\(path) has \(count) bytes; at least 20000 are needed."
    }
  }
}
