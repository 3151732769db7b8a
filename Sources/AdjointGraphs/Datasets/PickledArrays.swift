/// A numeric array in a pickle: numbers in the file's bytes.
struct PickledArray {
  /// The bytes of one element, for each type that is known.
  static let sizes = ["i4": 4, "i8": 8, "f4": 4, "f8": 8]

  let shape: [Int]
  let kind: String
  let data: Range<Int>
  /// The byte that it was made at.
  let position: Int

  /// Makes an array from its state: version, shape, element type, whether the order is Fortran's, the bytes.
  init(_ state: Unpickler.Value, of pickle: Unpickler, _ position: Int) throws(DatasetError) {
    guard let fields = pickle.tuple(state), fields.count == 5, fields[0] == .int(1), fields[3] == .bool(false),
      let extents = pickle.tuple(fields[1]), (1...2).contains(extents.count), case .text(let data) = fields[4],
      case .dtype(let kind, isLittleEndian: true)? = pickle.object(fields[2]), let size = Self.sizes[kind]
    else { throw pickle.malformed(position, "an array whose state is not as numpy writes it, row by row") }
    var shape: [Int] = [], count = 1
    for extent in extents {
      guard case .int(let extent) = extent, extent >= 0 else { throw pickle.malformed(position, "a negative extent") }
      shape.append(extent)
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      count = overflows ? Int.max : product
    }
    guard data.count % size == 0, count == data.count / size else {
      throw pickle.malformed(position, "an array of shape \(shape) in \(data.count) bytes")
    }
    (self.shape, self.kind, self.data, self.position) = (shape, kind, data, position)
  }

  /// The elements as whole numbers.
  func integers(_ pickle: Unpickler) throws(DatasetError) -> [Int] {
    let size = Self.sizes[kind] ?? 4
    var values: [Int] = []
    values.reserveCapacity(data.count / size)
    for start in stride(from: data.lowerBound, to: data.upperBound, by: size) {
      var bits: UInt64 = 0
      for place in 0..<size { bits |= UInt64(pickle.bytes[start + place]) << UInt64(8 * place) }
      let value: Int?
      switch kind {
      case "i4": value = Int(Int32(truncatingIfNeeded: bits))
      case "i8": value = Int(Int64(bitPattern: bits))
      case "f4": value = Int(exactly: Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      default: value = Int(exactly: Double(bitPattern: bits))
      }
      guard let value, value >= -Int(Int32.max), value <= Int(Int32.max) else {
        throw pickle.malformed(start, "a number that is not whole, or exceeds 31 bits")
      }
      values.append(value)
    }
    return values
  }
}

/// A sparse matrix in a pickle, as compressed rows.
struct PickledMatrix {
  let rowCount: Int, columnCount: Int
  let offsets: [Int], columns: [Int], values: [Int]

  /// Reads a file that holds one.
  init(file: String, bytes: [UInt8]) throws(DatasetError) {
    var pickle = Unpickler(file: file, bytes: bytes)
    let whole = try pickle.load()
    guard case .sparseMatrix(let place?)? = pickle.object(whole), case .dictionary(let entries) = pickle.objects[place]
    else { throw pickle.malformed(0, "something other than a csr_matrix") }
    func field(_ name: String) throws(DatasetError) -> Unpickler.Value {
      guard let entry = entries.last(where: { pickle.string($0.key) == name }) else {
        throw pickle.malformed(pickle.position, "a sparse matrix without \(name)")
      }
      return entry.value
    }
    func numbers(_ name: String) throws(DatasetError) -> [Int] {
      guard case .array(let array?)? = pickle.object(try field(name)), array.shape.count == 1 else {
        throw pickle.malformed(pickle.position, "a sparse matrix whose \(name) is no array")
      }
      return try array.integers(pickle)
    }
    guard let shape = pickle.tuple(try field("_shape")), shape.count == 2, case .int(let rows) = shape[0],
      case .int(let columns) = shape[1], rows >= 0, columns >= 0, columns <= Int(Int32.max)
    else { throw pickle.malformed(pickle.position, "a sparse matrix without a shape") }
    (rowCount, columnCount) = (rows, columns)
    offsets = try numbers("indptr")
    self.columns = try numbers("indices")
    values = try numbers("data")
    let ascend = zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
    guard offsets.count - 1 == rows, offsets.first == 0, ascend, offsets.last == self.columns.count,
      values.count == self.columns.count, self.columns.allSatisfy({ $0 >= 0 && $0 < columns })
    else {
      throw pickle.malformed(
        pickle.position, "a sparse matrix of shape [\(rows), \(columns)] whose rows do not fit its entries")
    }
    if let value = values.first(where: { $0 != 0 && $0 != 1 }) {
      throw pickle.malformed(pickle.position, "a sparse matrix with the entry \(value), where words are 0 or 1")
    }
  }

  /// The columns of the entries of a row that are not 0, ascending.
  func row(_ row: Int) -> [Int] {
    (offsets[row]..<offsets[row + 1]).filter { values[$0] != 0 }.map { columns[$0] }.sorted()
  }
}
