/// What a tape keeps for the reverse sweep: a line for each operation and for each parameter.
///
/// A block of memory is counted once, at the operation that saved it first, however many operations and views share it. Blocks
/// that hold a parameter's value stand apart: they are alive anyway. What pullbacks hold besides what they save, such as index
/// arrays, or which rows attain the extremes of their segments, is not counted.
public struct MemoryReport: CustomStringConvertible, Sendable {
  /// The share of an operation or a parameter.
  public struct Line: Sendable {
    /// The operation's name or the parameter's path.
    public let name: String
    /// The number of entries of that operation, or of those that save the parameter.
    public internal(set) var entries: Int
    /// The bytes saved.
    public internal(set) var bytes: Int
  }

  /// The operations, the largest first. Leaves are among them.
  public let operations: [Line]
  /// The parameters that some operation saved, the largest first.
  public let parameters: [Line]
  /// The bytes of the list itself.
  public let listBytes: Int

  /// The bytes that operations save, without parameters.
  public var savedBytes: Int { operations.reduce(0) { $0 + $1.bytes } }

  /// A table of operations and parameters, and the sums.
  public var description: String {
    func rows(_ title: String, _ lines: [Line]) -> [[String]] {
      lines.isEmpty
        ? [] : [[title, "entries", "saved"]] + lines.map { [$0.name, "\($0.entries)", formatBytes($0.bytes)] }
    }
    let parameterBytes = parameters.reduce(0) { $0 + $1.bytes }
    return table(
      rows("operation", operations) + rows("parameter", parameters) + [
        [
          "total", "\(operations.reduce(0) { $0 + $1.entries })",
          "\(formatBytes(savedBytes)), \(formatBytes(parameterBytes)) of parameters, \(formatBytes(listBytes)) of entries",
        ]
      ])
  }
}

extension Tape {
  /// What the tape keeps for the reverse sweep, by operation and by parameter.
  ///
  ///     let tape = Tape()
  ///     let loss = tape.recording { model(x).sum() }
  ///     print(tape.memory)
  ///
  /// - Complexity: One pass over the entries.
  public var memory: MemoryReport { state.pointee.memory }
}

extension TapeState {
  var memory: MemoryReport {
    var owners: [ObjectIdentifier: String] = [:]
    for (_, parameter, _) in parameters.values {
      if let block = parameter.value.storage?.block {
        owners[ObjectIdentifier(block)] = parameter.path.isEmpty ? "parameter" : parameter.path
      }
    }
    var seen: Set<ObjectIdentifier> = []
    var operations: [String: MemoryReport.Line] = [:], parameters = operations
    for index in 0..<Int32(count) {
      let entry = entry(index).pointee
      let name = entry.ruleName
      operations[name, default: .init(name: name, entries: 0, bytes: 0)].entries += 1
      for tensor in entry.savedTensors {
        guard let block = tensor.storage?.block else { continue }
        let isNew = seen.insert(ObjectIdentifier(block)).inserted
        let bytes = isNew ? block.shape.elementCount * tensor.dtype.byteCount : 0
        if let path = owners[ObjectIdentifier(block)] {
          parameters[path, default: .init(name: path, entries: 0, bytes: 0)].bytes += bytes
          parameters[path]?.entries += 1
        } else {
          operations[name]?.bytes += bytes
        }
      }
    }
    func sorted(_ lines: [String: MemoryReport.Line]) -> [MemoryReport.Line] {
      lines.values.sorted { ($1.bytes, $1.entries, $0.name) < ($0.bytes, $0.entries, $1.name) }
    }
    return MemoryReport(
      operations: sorted(operations), parameters: sorted(parameters), listBytes: count * MemoryLayout<Entry>.stride)
  }
}

extension Entry {
  /// Every tensor that the entry keeps.
  fileprivate var savedTensors: [Tensor] {
    let own = [saved0, saved1, output].filter(\.isPresent).map(\.tensor)
    guard let others else { return own }
    return own + others._withUnsafeGuaranteedRef { $0.saved.compactMap(\.self) }
  }
}

/// A number of bytes in a unit that suits it.
func formatBytes(_ count: Int) -> String {
  var value = Double(count), unit = 0
  let units = ["B", "KB", "MB", "GB", "TB"]
  while value >= 1000, unit < units.count - 1 {
    value /= 1000
    unit += 1
  }
  return unit == 0 ? "\(count) B" : "\(formatNumber(value, "%.3g")) \(units[unit])"
}
