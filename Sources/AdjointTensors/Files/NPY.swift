/// NumPy's file format for one array: `numpy.save` and `numpy.load`.
///
/// Versions 1 to 3 are read, in both byte orders, row by row (C) or column by column (Fortran). Types are converted as
/// ``Safetensors`` says. Written files have version 1, the processor's byte order and rows.
///
/// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
extension Tensor {
  /// Reads an array from a `.npy` file.
  ///
  /// - Parameter file: The path.
  /// - Throws: ``FileError`` for a file that cannot be read, does not follow the format, or has bytes after the array.
  public init(npy file: String) throws(FileError) { try self.init(npy: ByteSource(file: file)) }

  /// Reads an array from the bytes of a `.npy` file.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of the file.
  ///   - name: What errors call it.
  /// - Throws: ``FileError`` as for a file.
  public init(npy bytes: [UInt8], name: String = "npy") throws(FileError) {
    try self.init(npy: ByteSource(bytes, name: name))
  }

  private init(npy source: consuming ByteSource) throws(FileError) {
    let header = try NPYHeader(source)
    let isFortran = header.isFortran && header.shape.rank > 1
    let shape = isFortran ? Shape(header.shape.reversed()) : header.shape
    let stored = try source.tensor(shape, header.type, isSwapped: header.isSwapped, at: header.dataStart)
    // Read as rows, an array that is stored by columns has its axes in reverse.
    self = isFortran ? stored.strided(shape: header.shape, strides: shape.strides.reversed()) : stored
  }

  /// Writes a `.npy` file, as a whole or not at all.
  ///
  /// - Parameter file: The path.
  /// - Throws: ``FileError/unwritable(file:reason:)``.
  public func write(npy file: String) throws(FileError) {
    let bytes = withPointer { Array(UnsafeRawBufferPointer(start: $0, count: count * dtype.byteCount)) }
    try writeNPY(npyHeader(dtype == .float32 ? "f4" : "f8", shape), bytes, to: file)
  }
}

extension IndexArray {
  /// Reads indices from a `.npy` file with one axis of integers.
  ///
  /// - Parameter file: The path.
  /// - Throws: ``FileError`` for a file that cannot be read, does not follow the format, has other numbers than integers, more
  ///   or fewer axes than one, or a number beyond 32 bits.
  public init(npy file: String) throws(FileError) {
    let source = try ByteSource(file: file)
    let header = try NPYHeader(source)
    func unexpected(_ offset: Int, _ found: String, _ expected: String) -> FileError {
      .unexpected(file: file, offset: offset, found: found, expected: expected)
    }
    switch header.type {
    case .signed, .unsigned: break
    default: throw unexpected(header.offset, "\(header.type) numbers", "integers")
    }
    guard header.shape.rank == 1 else { throw unexpected(header.offset, "shape \(header.shape)", "one axis") }
    var values: [Int] = []
    var failure: FileError?
    try source.numbers(header.shape[0], header.type, isSwapped: header.isSwapped, at: header.dataStart) {
      position, value in
      if Int32(exactly: value) == nil && failure == nil {
        failure = unexpected(
          header.dataStart + position * header.type.byteCount, "\(Int(value))", "an index of 32 bits")
      }
      values.append(Int(value))
    }
    if let failure { throw failure }
    self.init(values)
  }

  /// Writes a `.npy` file of 32-bit integers, as a whole or not at all.
  ///
  /// - Parameter file: The path.
  /// - Throws: ``FileError/unwritable(file:reason:)``.
  public func write(npy file: String) throws(FileError) {
    try writeNPY(npyHeader("i4", [count]), Array(UnsafeRawBufferPointer(start: pointer, count: count * 4)), to: file)
  }
}

private func writeNPY(_ header: [UInt8], _ numbers: [UInt8], to file: String) throws(FileError) {
  let output = try AtomicFile(file)
  try output.write(header)
  try output.write(numbers)
  try output.commit()
}

private let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

/// The bytes before the numbers, filled up to a multiple of 64.
private func npyHeader(_ type: String, _ shape: Shape) -> [UInt8] {
  let order = 1.littleEndian == 1 ? "<" : ">"
  let extents = shape.map { "\($0)," }.joined(separator: " ")
  var text =
    "{'descr': '\(order)\(type)', 'fortran_order': False, 'shape': (\(shape.rank > 1 ? String(extents.dropLast()) : extents)), }"
  text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
  return magic + [1, 0, UInt8(text.utf8.count % 256), UInt8(text.utf8.count / 256)] + Array(text.utf8)
}

/// What the header of a `.npy` file says, checked against the size of the file before anything is allocated.
private struct NPYHeader {
  let type: StoredType
  let isSwapped: Bool
  let isFortran: Bool
  let shape: Shape
  /// Where the description begins.
  let offset: Int
  /// Where the numbers begin.
  let dataStart: Int

  init(_ source: borrowing ByteSource) throws(FileError) {
    func unexpected(_ offset: Int, _ found: String, _ expected: String) -> FileError {
      .unexpected(file: source.name, offset: offset, found: found, expected: expected)
    }
    let start = try source.bytes(0..<Swift.min(12, source.count))
    guard start.starts(with: magic) else { throw unexpected(0, "other bytes", "\\x93NUMPY") }
    guard start.count >= 10 else { throw unexpected(source.count, "the end of the file", "a version and a length") }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw unexpected(6, "version \(start[6]).\(start[7])", "1.0, 2.0 or 3.0")
    }
    offset = start[6] == 1 ? 10 : 12
    guard start.count >= offset else { throw unexpected(source.count, "the end of the file", "a length") }
    let length = start[8..<offset].reversed().reduce(0) { $0 << 8 | Int($1) }
    // A header describes one type and at most eight extents.
    let limit = Swift.min(source.count - offset, 1 << 16)
    guard length <= limit else { throw unexpected(8, "a header of \(length) bytes", "a length in 0 ... \(limit)") }
    dataStart = offset + length
    var scanner = HeaderScanner(try source.bytes(offset..<dataStart), file: source.name, start: offset)
    (type, isSwapped, isFortran, shape) = try scanner.description()
    let size = shape.byteCount(elementSize: type.byteCount), count = source.count - dataStart
    guard size == count else {
      throw unexpected(
        dataStart, "\(count) bytes",
        size.map { "the \($0) bytes of shape \(shape)" } ?? "the bytes of shape \(shape), more than 2⁶³,")
    }
  }
}

extension HeaderScanner {
  /// Takes the dictionary that describes the array.
  fileprivate mutating func description() throws(FileError) -> (StoredType, Bool, Bool, Shape) {
    var type: (StoredType, Bool)?, isFortran: Bool?, shape: Shape?
    try expectToken("{")
    while !takeToken("}") {
      skipSpace()
      let keyOffset = offset
      let key = try pythonString("descr, fortran_order or shape")
      try expectToken(":")
      switch key {
      case "descr" where type == nil: type = try storedType()
      case "fortran_order" where isFortran == nil:
        skipSpace()
        let start = self
        let word = word()
        guard word == "True" || word == "False" else { throw start.unexpected("True or False") }
        isFortran = word == "True"
      case "shape" where shape == nil: shape = try self.shape()
      default:
        throw .unexpected(
          file: file, offset: keyOffset, found: "'\(key)'", expected: "one of descr, fortran_order and shape")
      }
      if !takeToken(",") {
        try expectToken("}")
        break
      }
    }
    guard let type, let isFortran, let shape else {
      throw unexpected("a header with descr, fortran_order and shape")
    }
    try expectEnd()
    return (type.0, type.1, isFortran, shape)
  }

  private mutating func storedType() throws(FileError) -> (StoredType, isSwapped: Bool) {
    skipSpace()
    let start = offset
    guard next == 34 || next == 39 else { throw .unsupported(file: file, offset: start, type: "of several fields") }
    let text = try pythonString("a type")
    let types: [String: StoredType] = [
      "b1": .boolean, "i1": .signed(byteCount: 1), "i2": .signed(byteCount: 2), "i4": .signed(byteCount: 4),
      "i8": .signed(byteCount: 8), "u1": .unsigned(byteCount: 1), "u2": .unsigned(byteCount: 2),
      "u4": .unsigned(byteCount: 4), "u8": .unsigned(byteCount: 8), "f2": .float16, "f4": .float32, "f8": .float64,
    ]
    let order = text.first.flatMap { "<>=|".contains($0) ? $0 : nil }
    guard let type = types[order == nil ? text : String(text.dropFirst())] else {
      throw .unsupported(file: file, offset: start, type: text)
    }
    let isLittle = 1.littleEndian == 1
    return (type, order == ">" && isLittle || order == "<" && !isLittle)
  }

  private mutating func shape() throws(FileError) -> Shape {
    var shape = Shape()
    try expectToken("(")
    while !takeToken(")") {
      guard shape.rank < Shape.maximumRank else { throw unexpected("the end of at most \(Shape.maximumRank) extents") }
      shape.append(try number("an extent", through: Int(Int32.max)))
      // Python 2 marked long integers with an L.
      _ = take("L")
      if !takeToken(",") {
        try expectToken(")")
        break
      }
    }
    return shape
  }
}
