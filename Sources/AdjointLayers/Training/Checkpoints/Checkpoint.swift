#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that holds all that training needs to go on as if it had never stopped.
///
///     var epoch = 0
///     var keys = RandomStream(RandomKey(seed: 1))
///     let checkpoint = Checkpoint("run.safetensors") { parts in
///       parts.include(model)
///       parts.include(optimizer, of: model)
///       parts.include("keys", &keys)
///       parts.include("epoch", &epoch)
///     }
///     if checkpoint.exists { try checkpoint.load() }
///     while epoch < 100 {
///       …
///       epoch += 1
///       try checkpoint.save()
///     }
///
/// One closure names the parts for both directions, so that none can be forgotten in one of them. Training that goes on from a
/// checkpoint gives the same bits as training that never stopped.
///
/// Saving puts the file in place as a whole: when the process is killed or the power fails while it saves, the checkpoint before is
/// still there. Loading changes all parts or, if an error is thrown, none.
///
/// The file is a safetensors file that any reader of the format opens. Tensors are named `part.name`; whole numbers are texts in
/// the metadata, as are the version of the layout and a checksum (CRC-64/XZ) of all bytes.
public struct Checkpoint {
  /// The path of the file.
  public let file: String
  private let parts: (inout CheckpointParts) -> Void

  private static let format = "adjoint-checkpoint", version = "1"

  /// Names the parts of a checkpoint; nothing is read or written.
  ///
  /// - Parameters:
  ///   - file: The path of the file.
  ///   - parts: Includes every part. Saving calls it once, loading twice: to check all parts and to change them.
  public init(_ file: String, parts: @escaping (inout CheckpointParts) -> Void) {
    (self.file, self.parts) = (file, parts)
  }

  /// Whether there is such a file.
  public var exists: Bool { access(file, F_OK) == 0 }

  /// Writes the present state of all parts.
  ///
  /// - Throws: ``FileError/unwritable(file:reason:)`` if the file cannot be written; the one before is still there then.
  public func save() throws(FileError) {
    var visit = CheckpointParts(.save)
    parts(&visit)
    var content = Safetensors(metadata: ["format": Self.format, "version": Self.version])
    for (part, state) in visit.states {
      for (name, tensor) in state.tensors { content.tensors["\(part).\(name)"] = tensor }
      for (name, counter) in state.counters { content.metadata["\(part).\(name)"] = String(counter) }
    }
    try content.writeChecksummed(to: file)
  }

  /// Puts all parts back to their saved state.
  ///
  /// - Parameter strict: False to leave as it is what the file does not mention, and to ignore what it holds besides.
  /// - Returns: What was missing or unexpected and has been ignored.
  /// - Throws: ``CheckpointError``; no part has changed then.
  @discardableResult
  public func load(strict: Bool = true) throws(CheckpointError) -> [TrainingStateError] {
    let states = try read()
    var check = CheckpointParts(.check, states, strict: strict)
    parts(&check)
    let rest = check.unused()
    let problems = check.problems + (strict ? rest : [])
    if !problems.isEmpty { throw .mismatch(file: file, StateMismatch(problems: problems)) }
    var change = CheckpointParts(.load, states, strict: strict)
    parts(&change)
    return check.ignored + rest
  }

  /// The saved states by the name of the part.
  private func read() throws(CheckpointError) -> [String: TrainingState] {
    let content: Safetensors
    do throws(FileError) {
      content = try Safetensors(checksummed: file)
    } catch {
      throw .file(error)
    }
    var metadata = content.metadata
    let format = metadata.removeValue(forKey: "format"), version = metadata.removeValue(forKey: "version")
    guard format == Self.format, version == Self.version else {
      throw .version(file: file, found: "\(format ?? "no format") \(version ?? "without a version")")
    }
    var states: [String: TrainingState] = [:]
    for (name, tensor) in content.tensors {
      let (part, rest) = partAndName(name)
      states[part, default: TrainingState()].tensors[rest] = tensor
    }
    for (name, text) in metadata {
      let (part, rest) = partAndName(name)
      guard let counter = Int(text) else {
        throw .mismatch(
          file: file,
          StateMismatch(problems: [.mismatch(name: name, found: jsonText(text), expected: "a whole number")]))
      }
      states[part, default: TrainingState()].counters[rest] = counter
    }
    return states
  }

  private func partAndName(_ name: String) -> (String, String) {
    guard let dot = name.firstIndex(of: ".") else { return (name, "") }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}

/// Why a checkpoint cannot be loaded.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read, is damaged or does not follow the format.
  case file(FileError)
  /// The file is no checkpoint, or has a layout that this version does not know.
  case version(file: String, found: String)
  /// The content does not fit the parts.
  case mismatch(file: String, StateMismatch)

  /// A sentence that names the file and what is wrong.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .version(let file, let found): "\(file): found \(found) where adjoint-checkpoint 1 should be"
    case .mismatch(let file, let mismatch): "\(file): \(mismatch)"
    }
  }
}
