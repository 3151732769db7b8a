#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Reads numbers and fixed text from a file, byte by byte, and knows the line it is at.
struct TextScanner {
  /// The path, as errors name it.
  let file: String
  private let bytes: [UInt8]
  private var position = 0
  /// The current line, counted from 1.
  private(set) var line = 1

  /// Reads a whole file.
  init(file: String) throws(DatasetError) { self.init(file: file, bytes: try readBytes(file)) }

  /// Scans bytes that have been read.
  init(file: String, bytes: [UInt8]) { (self.file, self.bytes) = (file, bytes) }

  /// The number of bytes of the whole file.
  var byteCount: Int { bytes.count }

  /// The next byte; nil at the end of the file.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Whether nothing is left.
  var isAtEnd: Bool { position == bytes.count }

  /// Whether nothing is left on this line.
  var isAtLineEnd: Bool { next.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? true }

  /// Takes the given text if it comes next.
  mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
    position += count
    return true
  }

  /// Takes the given text; anything else is an error.
  mutating func expect(_ text: StaticString) throws(DatasetError) {
    guard take(text) else { throw unexpected(String(reflecting: "\(text)")) }
  }

  /// Takes the end of a line: a line feed, maybe after a carriage return, or the end of the file.
  mutating func expectLineEnd() throws(DatasetError) {
    _ = take("\r")
    if isAtEnd { return }
    guard take("\n") else { throw unexpected("the end of the line") }
    line += 1
  }

  /// Takes spaces and tabs.
  mutating func skipBlanks() {
    while let byte = next, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
  }

  /// Takes what comes before the next byte that ends it, or before the end of the line.
  mutating func text(until isEnd: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = position
    while !isAtLineEnd, let byte = next, !isEnd(byte) { position += 1 }
    return bytes[start..<position]
  }

  /// Takes one byte.
  mutating func skipByte() {
    if next == UInt8(ascii: "\n") { line += 1 }
    if position < bytes.count { position += 1 }
  }

  /// Takes a number that may have a fraction and an exponent. It is finite, also as a number of the given type.
  mutating func decimal(_ quantity: String, _ dtype: DType) throws(DatasetError) -> Double {
    let start = position
    let text = text { !(48...57).contains($0) && !"+-.eE".utf8.contains($0) }
    guard text.count < 64, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite,
      dtype == .float64 || Float(value).isFinite
    else {
      position = start
      throw unexpected("a \(quantity)")
    }
    return value
  }

  /// Takes spaces, tabs and line ends.
  mutating func skipSpace() {
    while let byte = next, byte == UInt8(ascii: " ") || (9...13).contains(byte) {
      if byte == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
  }

  /// Takes a whole number that lies within limits.
  mutating func number(_ quantity: String, in limits: Range<Int>) throws(DatasetError) -> Int {
    let start = position
    let isNegative = take("-")
    let firstDigit = position
    var value = 0
    while let byte = next, byte &- 48 < 10, position < firstDigit + 18 {
      value = value * 10 + Int(byte &- 48)
      position += 1
    }
    if position == firstDigit || next.map({ $0 &- 48 < 10 }) ?? false {
      position = start
      throw unexpected("a \(quantity) in \(limits.lowerBound) ..< \(limits.upperBound)")
    }
    if isNegative { value = -value }
    guard limits.contains(value) else {
      throw .outside(file: file, line: line, quantity: quantity, value: value, limits: limits)
    }
    return value
  }

  /// The error for what comes next, where something else should be.
  func unexpected(_ expected: String) -> DatasetError {
    let rest = bytes[position...].prefix(24).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let found =
      isAtEnd
      ? "the end of the file" : isAtLineEnd ? "the end of the line" : "\"\(String(decoding: rest, as: UTF8.self))\""
    return unexpected(found, expected)
  }

  /// The error for something that was taken, where something else should be.
  func unexpected(_ found: String, _ expected: String) -> DatasetError {
    .unexpected(file: file, line: line, found: found, expected: expected)
  }
}

/// All bytes of a file.
func readBytes(_ file: String) throws(DatasetError) -> [UInt8] {
  func failure() -> DatasetError { .unreadable(file: file, reason: String(cString: strerror(errno))) }
  guard let handle = fopen(file, "rb") else { throw failure() }
  defer { fclose(handle) }
  var bytes: [UInt8] = []
  let blockSize = 1 << 18
  var block: [UInt8]
  repeat {
    block = [UInt8](unsafeUninitializedCapacity: blockSize) { $1 = fread($0.baseAddress, 1, blockSize, handle) }
    bytes += block
  } while block.count == blockSize
  if ferror(handle) != 0 { throw failure() }
  return bytes
}

/// Whether there is something of this name.
func fileExists(_ file: String) -> Bool { access(file, F_OK) == 0 }
