#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that grows by a line for every epoch or step.
///
///     let log = try MetricLog("run.csv", format: .csv)
///     try log.append(["epoch": 1, "loss": .number(loss), "note": "warm-up"])
///
/// A line is handed to the system as a whole at once, so a killed process leaves whole lines. An existing file goes on at its end.
/// Numbers are written with as many digits as give the same `Double` again.
public final class MetricLog {
  /// What a line looks like.
  public enum Format: Sendable {
    /// Comma-separated values after a line with the names, as RFC 4180 says but with line feeds alone; NaN and the infinities
    /// are `nan`, `inf` and `-inf`.
    case csv
    /// An object of JSON; NaN and the infinities, which JSON does not have, are `null`.
    case jsonLines
  }

  /// What a line may hold.
  public enum Value: Sendable, Equatable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral
  {
    /// A whole number.
    case integer(Int)
    /// A number.
    case number(Double)
    /// A text.
    case text(String)

    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
  }

  /// The path of the file.
  public let file: String
  private let format: Format
  private let descriptor: Int32
  private var columns: [String]?

  /// Opens a file, or makes a new one.
  ///
  /// - Parameters:
  ///   - file: The path.
  ///   - format: What a line looks like.
  /// - Throws: ``MetricLogError/file(_:)`` if the file cannot be opened or read.
  public init(_ file: String, format: Format) throws(MetricLogError) {
    (self.file, self.format) = (file, format)
    descriptor = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .file(.unwritable(file: file, reason: lastReason())) }
    let size = lseek(descriptor, 0, SEEK_END)
    // Whatever wrote the file before may have left its last line without an end.
    if size > 0, byte(at: size - 1) != UInt8(ascii: "\n") { try write("\n") }
    if format == .csv && size > 0 { columns = firstRecord() }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Adds a line.
  ///
  /// - Parameter values: The names and values. In a CSV file, all lines have the names of the first one, in the same order.
  /// - Throws: ``MetricLogError``; the file has not changed then.
  public func append(_ values: KeyValuePairs<String, Value>) throws(MetricLogError) {
    switch format {
    case .jsonLines:
      try write("{" + values.map { "\(jsonText($0.key)):\($0.value.json)" }.joined(separator: ",") + "}\n")
    case .csv:
      let names = values.map(\.key)
      guard columns == nil || columns == names else {
        throw .columns(file: file, found: names, expected: columns ?? [])
      }
      let head = columns == nil ? names.map(csvField).joined(separator: ",") + "\n" : ""
      try write(head + values.map { $0.value.csv }.joined(separator: ",") + "\n")
      columns = names
    }
  }

  /// Writes all of a text, or nothing.
  private func write(_ text: String) throws(MetricLogError) {
    let size = lseek(descriptor, 0, SEEK_END)
    var text = text
    let failure = text.withUTF8 { bytes -> FileError? in
      do throws(FileError) {
        try writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, file: file)
        return nil
      } catch {
        return error
      }
    }
    if let failure {
      if size >= 0 { _ = ftruncate(descriptor, size) }
      throw .file(failure)
    }
  }

  private func byte(at offset: off_t) -> UInt8? {
    var byte: UInt8 = 0
    return pread(descriptor, &byte, 1, offset) == 1 ? byte : nil
  }

  /// The fields of the first line of a CSV file, which may hold line ends in quotation marks.
  private func firstRecord() -> [String] {
    var fields: [String] = [], field: [UInt8] = []
    var isQuoted = false
    var offset: off_t = 0
    while let next = byte(at: offset) {
      offset += 1
      switch next {
      case UInt8(ascii: "\""):
        // Two marks within a quoted field are one of its own.
        if isQuoted && byte(at: offset) == next {
          field.append(next)
          offset += 1
        } else {
          isQuoted.toggle()
        }
      case UInt8(ascii: ",") where !isQuoted:
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
      case UInt8(ascii: "\r") where !isQuoted: continue
      case UInt8(ascii: "\n") where !isQuoted: return fields + [String(decoding: field, as: UTF8.self)]
      default: field.append(next)
      }
    }
    return fields + [String(decoding: field, as: UTF8.self)]
  }
}

/// Why a line cannot be added to a log.
public enum MetricLogError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be written.
  case file(FileError)
  /// A line of a CSV file has other names than the first one.
  case columns(file: String, found: [String], expected: [String])

  /// A sentence that names the file and what is wrong.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .columns(let file, let found, let expected):
      "\(file): a line with the names \(found.joined(separator: ", ")) where the first one has "
        + expected.joined(separator: ", ")
    }
  }
}

extension MetricLog.Value {
  fileprivate var json: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? value.description : "null"
    case .text(let value): jsonText(value)
    }
  }

  fileprivate var csv: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): value.description
    case .text(let value): csvField(value)
    }
  }
}

/// A field of a CSV file, in quotation marks where it would be misread without.
private func csvField(_ text: String) -> String {
  let needsQuotes =
    text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) } || text.first == " " || text.last == " "
  return needsQuotes ? "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\"" : text
}
