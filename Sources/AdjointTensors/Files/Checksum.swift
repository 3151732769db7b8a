import AdjointKernels

/// The text of a checksum: 16 hexadecimal digits.
private func digits(_ checksum: UInt64) -> String {
  let text = String(checksum, radix: 16)
  return String(repeating: "0", count: 16 - text.count) + text
}

/// What stands before the checksum in a header.
private let mark = Array("\"checksum\":\"".utf8)

extension Safetensors {
  /// Writes a file whose metadata hold a `checksum` of all its bytes, taken with zeros in its own place.
  ///
  /// - Parameter file: The path.
  /// - Throws: ``FileError/unwritable(file:reason:)``.
  package func writeChecksummed(to file: String) throws(FileError) {
    var content = self
    content.metadata["checksum"] = digits(0)
    var header = content.header()
    var checksum = header.withUnsafeBytes { adjoint_checksum(0, $0.baseAddress, $0.count) }
    for (_, tensor) in ordered {
      checksum = tensor.withPointer { adjoint_checksum(checksum, $0, tensor.count * tensor.dtype.byteCount) }
    }
    let place = place(in: header) ?? 0..<0
    header.replaceSubrange(place, with: digits(checksum).utf8)
    try content.write(to: file, header: header)
  }

  /// Reads a file that ``writeChecksummed(to:)`` wrote.
  ///
  /// - Parameter file: The path.
  /// - Throws: ``FileError``, for other bytes than those that were written, too.
  package init(checksummed file: String) throws(FileError) {
    let source = try ByteSource(file: file)
    let header = try SafetensorsHeader(source)
    // A file without a checksum is as good as one without its right one.
    let stored = header.metadata["checksum"] ?? "none"
    let head = try source.bytes(0..<header.dataStart), place = place(in: head) ?? 0..<0
    var checksum: UInt64 = 0
    for start in stride(from: 0, to: source.count, by: 1 << 20) {
      var bytes = try source.bytes(start..<Swift.min(start + 1 << 20, source.count))
      for position in place.clamped(to: start..<start + bytes.count) { bytes[position - start] = UInt8(ascii: "0") }
      checksum = bytes.withUnsafeBytes { adjoint_checksum(checksum, $0.baseAddress, $0.count) }
    }
    guard stored == digits(checksum) else {
      throw .damaged(file: file, stored: stored, computed: digits(checksum))
    }
    try self.init(source, header)
    metadata["checksum"] = nil
  }
}

/// Where the digits of the checksum stand. Quotation marks within texts have backslashes, so there is one such place.
private func place(in header: [UInt8]) -> Range<Int>? {
  guard header.count >= mark.count + 16 else { return nil }
  return (0...header.count - mark.count - 16).first { header[$0...].starts(with: mark) }
    .map { $0 + mark.count..<$0 + mark.count + 16 }
}
