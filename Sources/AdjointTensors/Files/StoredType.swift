/// How numbers are stored in a file, and what they become in memory.
enum StoredType: Equatable {
  case boolean
  case signed(byteCount: Int)
  case unsigned(byteCount: Int)
  case float16, bfloat16, float32, float64

  /// The size of a number in bytes.
  var byteCount: Int {
    switch self {
    case .boolean: 1
    case .signed(let count), .unsigned(let count): count
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64: 8
    }
  }

  /// The smallest element type that holds every number of this type exactly; of integers of 64 bits those up to 2⁵³.
  var dtype: DType {
    switch self {
    case .boolean, .float16, .bfloat16, .float32: .float32
    case .float64: .float64
    case .signed(let count), .unsigned(let count): count <= 2 ? .float32 : .float64
    }
  }
}

extension ByteSource {
  /// Reads numbers into a tensor.
  ///
  /// - Parameters:
  ///   - shape: The extents of the axes, which need no more bytes than the source has after `offset`.
  ///   - type: How the numbers are stored.
  ///   - isSwapped: Whether their bytes are in the other order than the processor's.
  ///   - offset: Where they begin.
  /// - Returns: A tensor of ``StoredType/dtype``.
  /// - Throws: ``FileError`` if the source cannot be read or an integer has no exact place in the tensor.
  func tensor(_ shape: Shape, _ type: StoredType, isSwapped: Bool, at offset: Int) throws(FileError) -> Tensor {
    // A single number is read as an array of one.
    var result = Tensor(uninitialized: shape.rank == 0 ? [1] : shape, dtype: type.dtype)
    let target = result.uniquePointer(), count = result.count
    if !isSwapped && (type == .float32 || type == .float64) {
      try read(offset..<offset + count * type.byteCount, into: target)
    } else if type.dtype == .float32 {
      let target = target.assumingMemoryBound(to: Float.self)
      try numbers(count, type, isSwapped: isSwapped, at: offset) { target[$0] = Float($1) }
    } else {
      let target = target.assumingMemoryBound(to: Double.self)
      try numbers(count, type, isSwapped: isSwapped, at: offset) { target[$0] = $1 }
    }
    return shape.rank == 0 ? result.viewed(as: shape) : result
  }

  /// Calls `body` with the position and the value of every number.
  func numbers(
    _ count: Int, _ type: StoredType, isSwapped: Bool, at offset: Int, _ body: (Int, Double) -> Void
  ) throws(FileError) {
    let size = type.byteCount, block = 1 << 16
    for start in stride(from: 0, to: count, by: block) {
      let end = Swift.min(count, start + block)
      let bytes = try bytes(offset + start * size..<offset + end * size)
      for position in 0..<end - start {
        var word: UInt64 = 0
        for byte in 0..<size {
          let place = isSwapped == isLittleEndian ? size - 1 - byte : byte
          word |= UInt64(bytes[position * size + place]) << (8 * UInt64(byte))
        }
        guard let value = type.value(word) else {
          let integer = type == .unsigned(byteCount: 8) ? String(word) : String(Int64(bitPattern: word))
          throw .unexpected(
            file: name, offset: offset + (start + position) * size, found: "the integer \(integer)",
            expected: "one that float64 holds exactly")
        }
        body(start + position, value)
      }
    }
  }
}

private let isLittleEndian = 1.littleEndian == 1

extension StoredType {
  /// The value of a number whose bits are the low ones of a word; nil for an integer that no `Double` equals.
  fileprivate func value(_ word: UInt64) -> Double? {
    switch self {
    case .boolean: word == 0 ? 0 : 1
    case .signed(let count):
      Double(exactly: Int64(bitPattern: word << UInt64(64 - 8 * count)) >> Int64(64 - 8 * count))
    case .unsigned: Double(exactly: word)
    case .float16: Double(float16(UInt32(word)))
    case .bfloat16: Double(Float(bitPattern: UInt32(word) << 16))
    case .float32: Double(Float(bitPattern: UInt32(word)))
    case .float64: Double(bitPattern: word)
    }
  }

  /// A number of IEEE 754's binary16; Swift's own type for it is not on every platform.
  private func float16(_ bits: UInt32) -> Float {
    let sign = (bits >> 15) << 31, exponent = (bits >> 10) & 31, mantissa = bits & 1023
    switch exponent {
    case 0: return (sign == 0 ? 1 : -1) * Float(mantissa) / 16_777_216
    case 31: return Float(bitPattern: sign | (255 << 23) | (mantissa << 13))
    default: return Float(bitPattern: sign | ((exponent + 112) << 23) | (mantissa << 13))
    }
  }
}
