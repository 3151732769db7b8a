/// The content of a safetensors file: tensors by name, and texts by name.
///
///     try Safetensors(["weight": weight, "bias": bias]).write(to: "layer.safetensors")
///     let weight = try Safetensors(file: "layer.safetensors").tensors["weight"]
///
/// The format is a length, a header in JSON that gives every tensor's type, shape and place, and the numbers. It is what the
/// Python package `safetensors` reads and writes, and what published weights come in.
///
/// | stored | read as |
/// | --- | --- |
/// | `F32`, `F64` | the same |
/// | `F16`, `BF16` | float32, exactly |
/// | `BOOL`, `I8`, `U8`, `I16`, `U16` | float32, exactly |
/// | `I32`, `U32` | float64, exactly |
/// | `I64`, `U64` | float64; a number that it does not hold exactly is an error |
/// | others | an error that names the type |
///
/// Source: https://huggingface.co/docs/safetensors/index#format
public struct Safetensors: Sendable {
  /// The tensors by name.
  public var tensors: [String: Tensor]
  /// Texts by name, the header's `__metadata__`.
  public var metadata: [String: String]

  /// Creates a content.
  ///
  /// - Parameters:
  ///   - tensors: The tensors by name; `__metadata__` is not a name.
  ///   - metadata: Texts by name.
  public init(_ tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    (self.tensors, self.metadata) = (tensors, metadata)
  }

  /// Reads a file.
  ///
  /// - Parameter file: The path.
  /// - Throws: ``FileError`` for a file that cannot be read or does not follow the format exactly: names that are used twice,
  ///   offsets that leave gaps or overlap, bytes that belong to no tensor, extents of 2³¹ and more.
  /// - Complexity: Proportional to the size of the file, in time and memory.
  public init(file: String) throws(FileError) { try self.init(ByteSource(file: file)) }

  /// Reads the content of a file from memory.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of the file.
  ///   - name: What errors call it.
  /// - Throws: ``FileError`` as for a file.
  public init(bytes: [UInt8], name: String = "safetensors") throws(FileError) {
    try self.init(ByteSource(bytes, name: name))
  }

  private init(_ source: consuming ByteSource) throws(FileError) {
    let header = try SafetensorsHeader(source)
    try self.init(source, header)
  }

  init(_ source: borrowing ByteSource, _ header: SafetensorsHeader) throws(FileError) {
    var tensors: [String: Tensor] = [:]
    for entry in header.entries {
      tensors[entry.name] = try source.tensor(
        entry.shape, entry.type, isSwapped: 1.littleEndian != 1, at: header.dataStart + entry.range.lowerBound)
    }
    self.init(tensors, metadata: header.metadata)
  }

  /// Writes a file, as a whole or not at all: what was there before stays until all is on the disk.
  ///
  /// - Parameter file: The path.
  /// - Throws: ``FileError/unwritable(file:reason:)``.
  public func write(to file: String) throws(FileError) { try write(to: file, header: header()) }

  /// The content as the bytes of a file.
  ///
  /// - Returns: The header and the numbers.
  public func bytes() -> [UInt8] {
    var result = header()
    for (_, tensor) in ordered {
      tensor.withPointer {
        result += UnsafeRawBufferPointer(start: $0, count: tensor.count * tensor.dtype.byteCount)
      }
    }
    return result
  }

  /// Writes a file whose header is given.
  package func write(to file: String, header: [UInt8]) throws(FileError) {
    let output = try AtomicFile(file)
    try output.write(header)
    for (_, tensor) in ordered {
      // A single number lies in a register, the others in memory.
      if tensor.isScalar {
        try output.write(tensor.withPointer { Array(UnsafeRawBufferPointer(start: $0, count: tensor.dtype.byteCount)) })
      } else if tensor.count > 0 {
        try output.write(UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.count * tensor.dtype.byteCount))
      }
    }
    try output.commit()
  }

  /// The tensors in the order of their numbers in the file: wide types first, so that all are aligned, then by name.
  package var ordered: [(name: String, tensor: Tensor)] {
    tensors.map { (name: $0.key, tensor: $0.value) }.sorted {
      $0.tensor.dtype == $1.tensor.dtype
        ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : $0.tensor.dtype == .float64
    }
  }

  /// The length and the header of the file.
  package func header() -> [UInt8] {
    require(tensors["__metadata__"] == nil, "Safetensors: __metadata__ cannot be the name of a tensor")
    var parts: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(jsonText($0.key)):\(jsonText($0.value))" }
      parts.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var start = 0
    for (name, tensor) in ordered {
      let end = start + tensor.count * tensor.dtype.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let type = tensor.dtype == .float32 ? "F32" : "F64"
      parts.append("\(jsonText(name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
      start = end
    }
    var text = Array("{\(parts.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }
}

/// A text as JSON writes it, with its quotation marks.
package func jsonText(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\0"..<" ":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
