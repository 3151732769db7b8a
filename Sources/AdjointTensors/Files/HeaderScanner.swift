/// Reads the text at the beginning of a file, byte by byte, and knows the offset it is at.
struct HeaderScanner {
  /// The file, as errors name it.
  let file: String
  private let bytes: [UInt8]
  private var position = 0
  // Where in the file the text begins.
  private let start: Int

  init(_ bytes: [UInt8], file: String, start: Int) {
    (self.bytes, self.file, self.start) = (bytes, file, start)
  }

  /// The offset of the next byte in the file.
  var offset: Int { start + position }

  /// The next byte; nil at the end of the text.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Takes a byte if it comes next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Takes spaces, tabs and line ends.
  mutating func skipSpace() {
    while let byte = next, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
  }

  /// Takes a byte, maybe after space, if it comes next.
  mutating func takeToken(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return take(character)
  }

  /// Takes a byte, maybe after space; anything else is an error.
  mutating func expectToken(_ character: Unicode.Scalar) throws(FileError) {
    guard takeToken(character) else { throw unexpected("\"\(character)\"") }
  }

  /// Takes what may fill up a text at its end, and makes sure that nothing follows.
  mutating func expectEnd() throws(FileError) {
    skipSpace()
    if next != nil { throw unexpected("the end of the header") }
  }

  /// Takes a word of letters.
  mutating func word() -> String {
    let first = position
    while let byte = next, (65...90).contains(byte) || (97...122).contains(byte) { position += 1 }
    return String(decoding: bytes[first..<position], as: UTF8.self)
  }

  /// Takes a whole number, maybe after space: digits without a sign.
  mutating func number(_ quantity: String, through limit: Int) throws(FileError) -> Int {
    skipSpace()
    let first = position
    var value = 0
    while let byte = next, byte &- 48 < 10 {
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(Int(byte &- 48))
      position += 1
      value = isTooLarge || overflows ? Int.max : sum
      if isTooLarge || overflows || sum > limit { break }
    }
    if position == first || bytes[first] == 48 && position > first + 1 || value > limit {
      position = first
      throw unexpected("\(quantity) in 0 ... \(limit)")
    }
    return value
  }

  /// Takes a string of JSON, maybe after space.
  mutating func jsonString(_ quantity: String) throws(FileError) -> String {
    skipSpace()
    let first = position
    guard take("\"") else { throw unexpected("\(quantity) in quotation marks") }
    var text: [UInt8] = []
    while !take("\"") {
      guard let byte = next, byte >= 32 else { throw unexpected("the rest of \(quantity)") }
      position += 1
      byte == UInt8(ascii: "\\") ? text += Array(try escape().utf8) : text.append(byte)
    }
    guard let result = String(validating: text, as: UTF8.self) else {
      position = first
      throw .unexpected(file: file, offset: offset, found: "bytes that are not UTF-8", expected: quantity)
    }
    return result
  }

  /// Takes what follows a backslash in a string of JSON.
  private mutating func escape() throws(FileError) -> String {
    let simple: [UInt8: String] = [
      34: "\"", 92: "\\", 47: "/", 98: "\u{8}", 102: "\u{C}", 110: "\n", 114: "\r", 116: "\t",
    ]
    if let byte = next, let character = simple[byte] {
      position += 1
      return character
    }
    guard take("u") else { throw unexpected("an escape of JSON") }
    let unit = try hexadecimal()
    if let scalar = Unicode.Scalar(unit) { return String(Character(scalar)) }
    // The first half of a pair of surrogates.
    guard unit < 0xDC00, take("\\"), take("u") else { throw unexpected("the second half of a surrogate pair") }
    let low = try hexadecimal()
    guard (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + low - 0xDC00)
    else { throw unexpected("a character after a surrogate pair") }
    return String(Character(scalar))
  }

  private mutating func hexadecimal() throws(FileError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 128 }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw unexpected("four hexadecimal digits") }
    position += 4
    return value
  }

  /// Takes a string of Python without escapes, maybe after space.
  mutating func pythonString(_ quantity: String) throws(FileError) -> String {
    skipSpace()
    let quote: Unicode.Scalar = next == 34 ? "\"" : "'"
    guard take(quote) else { throw unexpected("\(quantity) in quotation marks") }
    let first = position
    while let byte = next, byte >= 32, byte < 127, byte != 92, byte != UInt8(ascii: quote) { position += 1 }
    let text = String(decoding: bytes[first..<position], as: UTF8.self)
    guard take(quote) else { throw unexpected("the rest of \(quantity)") }
    return text
  }

  /// The error for what comes next, where something else should be.
  func unexpected(_ expected: String) -> FileError {
    let rest = bytes[position...].prefix(24).map { (32..<127).contains($0) ? Character(Unicode.Scalar($0)) : "·" }
    let found = rest.isEmpty ? "the end of the header" : "\"\(String(rest))\""
    return .unexpected(file: file, offset: offset, found: found, expected: expected)
  }
}
