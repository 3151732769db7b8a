/// What the header of a safetensors file says, checked against the size of the file before anything is allocated.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let type: StoredType
    let shape: Shape
    /// Where the numbers are, counted from the end of the header.
    let range: Range<Int>
  }

  /// The entries in the order of their numbers.
  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]
  /// The offset of the first number.
  let dataStart: Int

  /// The longest header that is read, the same limit as in the reference implementation.
  private static let limit = 100_000_000

  init(_ source: borrowing ByteSource) throws(FileError) {
    func unexpected(_ offset: Int, _ found: String, _ expected: String) -> FileError {
      .unexpected(file: source.name, offset: offset, found: found, expected: expected)
    }
    guard source.count >= 8 else { throw unexpected(source.count, "the end of the file", "the length of the header") }
    let length = try source.bytes(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let available = Swift.min(source.count - 8, Self.limit)
    guard length <= UInt64(available) else {
      throw unexpected(0, "a header of \(length) bytes", "a length in 2 ... \(available)")
    }
    dataStart = 8 + Int(length)
    var scanner = HeaderScanner(try source.bytes(8..<dataStart), file: source.name, start: 8)
    var offsets: [Int] = []
    try read(&scanner, dataCount: source.count - dataStart, &offsets)

    // The numbers must fill the rest of the file without gaps.
    let order = entries.indices.sorted {
      (entries[$0].range.lowerBound, entries[$0].range.upperBound, $0)
        < (entries[$1].range.lowerBound, entries[$1].range.upperBound, $1)
    }
    var end = 0
    for index in order {
      let entry = entries[index]
      guard entry.range.lowerBound == end else {
        throw unexpected(
          offsets[index], "\(jsonText(entry.name)) at \(entry.range.lowerBound)",
          "one that begins at \(end), where the one before ends")
      }
      end = entry.range.upperBound
    }
    guard dataStart + end == source.count else {
      throw unexpected(dataStart + end, "\(source.count - dataStart - end) bytes of no tensor", "the end of the file")
    }
    entries = order.map { entries[$0] }
  }

  /// Reads the object that the header is.
  private mutating func read(
    _ scanner: inout HeaderScanner, dataCount: Int, _ offsets: inout [Int]
  ) throws(FileError) {
    guard scanner.take("{") else { throw scanner.unexpected("\"{\"") }
    var names: Set<String> = []
    if scanner.takeToken("}") { return try scanner.expectEnd() }
    repeat {
      scanner.skipSpace()
      let offset = scanner.offset
      let name = try scanner.jsonString("a name")
      try scanner.requireNew(name, in: &names, offset)
      try scanner.expectToken(":")
      if name == "__metadata__" {
        metadata = try scanner.texts()
      } else {
        entries.append(try scanner.entry(name, dataCount: dataCount))
        offsets.append(offset)
      }
    } while scanner.takeToken(",")
    try scanner.expectToken("}")
    try scanner.expectEnd()
  }
}

extension HeaderScanner {
  /// Makes sure that a name has not been used before.
  fileprivate func requireNew(_ name: String, in names: inout Set<String>, _ offset: Int) throws(FileError) {
    if !names.insert(name).inserted {
      throw .unexpected(file: file, offset: offset, found: "\(jsonText(name)) again", expected: "another name")
    }
  }

  /// Takes an object that maps texts to texts.
  fileprivate mutating func texts() throws(FileError) -> [String: String] {
    var (texts, names): ([String: String], Set<String>) = ([:], [])
    try expectToken("{")
    if takeToken("}") { return texts }
    repeat {
      skipSpace()
      let offset = offset
      let name = try jsonString("a name")
      try requireNew(name, in: &names, offset)
      try expectToken(":")
      texts[name] = try jsonString("a text")
    } while takeToken(",")
    try expectToken("}")
    return texts
  }

  /// Takes the object that describes a tensor.
  fileprivate mutating func entry(_ name: String, dataCount: Int) throws(FileError) -> SafetensorsHeader.Entry {
    var type: StoredType?, shape: (Shape, offset: Int)?, range: (Range<Int>, offset: Int)?
    var names: Set<String> = []
    try expectToken("{")
    repeat {
      skipSpace()
      let offset = offset
      let key = try jsonString("dtype, shape or data_offsets")
      try requireNew(key, in: &names, offset)
      try expectToken(":")
      skipSpace()
      let valueOffset = self.offset
      switch key {
      case "dtype": type = try storedType()
      case "shape": shape = (try self.shape(), valueOffset)
      case "data_offsets": range = (try self.range(through: dataCount), valueOffset)
      default:
        throw .unexpected(
          file: file, offset: offset, found: jsonText(key), expected: "dtype, shape or data_offsets")
      }
    } while takeToken(",")
    guard let type, let shape, let range else {
      throw unexpected("a comma and the rest of dtype, shape and data_offsets")
    }
    try expectToken("}")
    let size = shape.0.byteCount(elementSize: type.byteCount)
    guard size == range.0.count else {
      throw .unexpected(
        file: file, offset: range.offset, found: "\(range.0.count) bytes",
        expected: size.map { "the \($0) bytes of shape \(shape.0)" } ?? "the bytes of shape \(shape.0), more than 2⁶³,")
    }
    return SafetensorsHeader.Entry(name: name, type: type, shape: shape.0, range: range.0)
  }

  private mutating func storedType() throws(FileError) -> StoredType {
    let types: [String: StoredType] = [
      "BOOL": .boolean, "I8": .signed(byteCount: 1), "I16": .signed(byteCount: 2), "I32": .signed(byteCount: 4),
      "I64": .signed(byteCount: 8), "U8": .unsigned(byteCount: 1), "U16": .unsigned(byteCount: 2),
      "U32": .unsigned(byteCount: 4), "U64": .unsigned(byteCount: 8), "F16": .float16, "BF16": .bfloat16,
      "F32": .float32, "F64": .float64,
    ]
    let offset = offset
    let text = try jsonString("a type")
    guard let type = types[text] else { throw .unsupported(file: file, offset: offset, type: text) }
    return type
  }

  private mutating func shape() throws(FileError) -> Shape {
    var shape = Shape()
    try expectToken("[")
    if takeToken("]") { return shape }
    repeat {
      guard shape.rank < Shape.maximumRank else { throw unexpected("the end of at most \(Shape.maximumRank) extents") }
      shape.append(try number("an extent", through: Int(Int32.max)))
    } while takeToken(",")
    try expectToken("]")
    return shape
  }

  private mutating func range(through limit: Int) throws(FileError) -> Range<Int> {
    try expectToken("[")
    let start = try number("an offset", through: limit)
    try expectToken(",")
    skipSpace()
    let endOffset = offset
    let end = try number("an offset", through: limit)
    guard start <= end else {
      throw .unexpected(file: file, offset: endOffset, found: "\(end)", expected: "an offset from \(start) on")
    }
    try expectToken("]")
    return start..<end
  }
}

extension Shape {
  /// The bytes that elements of a size fill; nil if that is more than an `Int`.
  func byteCount(elementSize: Int) -> Int? {
    if contains(0) { return 0 }
    var size = elementSize
    for extent in self {
      let (product, overflows) = size.multipliedReportingOverflow(by: extent)
      if overflows { return nil }
      size = product
    }
    return size
  }
}
