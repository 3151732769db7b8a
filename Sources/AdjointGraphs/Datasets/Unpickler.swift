/// Reads the pickles of a few known data sets and executes nothing.
///
/// A pickle is a program for a stack machine that may name any Python function and call it. This reader knows six names, for each
/// of which it keeps a plain record; any other name, any other instruction, and any use of a name that those data sets do not
/// make is an error that names the byte. Everything made lies in one table, so that a pickle can build neither cycles nor deep
/// nests of memory; what is made is never larger than a constant times the file.
struct Unpickler {
  /// A value on the stack. Containers are places in the table.
  enum Value: Equatable {
    case none, bool(Bool), int(Int)
    /// Bytes of the file.
    case text(Range<Int>)
    case name(Name)
    case object(Int)
  }

  /// The names that are known.
  enum Name: String {
    case sparseMatrix = "scipy.sparse.csr csr_matrix"
    case reconstruct = "numpy.core.multiarray _reconstruct"
    case array = "numpy ndarray"
    case dtype = "numpy dtype"
    case defaultDictionary = "collections defaultdict"
    case list = "__builtin__ list"
  }

  /// What the table holds.
  enum Object {
    case tuple([Value])
    case list([Value])
    case dictionary([(key: Value, value: Value)])
    case dtype(kind: String, isLittleEndian: Bool)
    case array(PickledArray?)
    case sparseMatrix(fields: Int?)
  }

  let file: String
  let bytes: [UInt8]
  private(set) var position = 0
  private(set) var objects: [Object] = []
  private var stack: [Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Value] = [:]

  init(file: String, bytes: [UInt8]) { (self.file, self.bytes) = (file, bytes) }

  /// Runs the program.
  ///
  /// - Returns: The one value that it leaves.
  mutating func load() throws(DatasetError) -> Value {
    while true {
      let start = position
      let instruction = try byte()
      switch instruction {
      case 0x80:
        let version = try byte()
        if version > 2 { throw malformed(start, "protocol \(version); only 0 to 2 are known") }
      case UInt8(ascii: "."):
        guard stack.count == 1, marks.isEmpty, let value = stack.last else {
          throw malformed(start, "the end, with \(stack.count) values on the stack instead of one")
        }
        return value
      case UInt8(ascii: "("): marks.append(stack.count)
      case UInt8(ascii: "N"): stack.append(.none)
      case 0x88: stack.append(.bool(true))
      case 0x89: stack.append(.bool(false))
      case UInt8(ascii: "K"): stack.append(.int(try integer(1)))
      case UInt8(ascii: "M"): stack.append(.int(try integer(2)))
      case UInt8(ascii: "J"): stack.append(.int(Int(Int32(truncatingIfNeeded: try integer(4)))))
      case UInt8(ascii: "U"): stack.append(.text(try text(try integer(1))))
      case UInt8(ascii: "T"): stack.append(.text(try text(Int(Int32(truncatingIfNeeded: try integer(4))))))
      case UInt8(ascii: "q"): memo[try integer(1)] = try top()
      case UInt8(ascii: "r"): memo[try integer(4)] = try top()
      case UInt8(ascii: "h"): try recall(integer(1), start)
      case UInt8(ascii: "j"): try recall(integer(4), start)
      case UInt8(ascii: "]"): push(.list([]))
      case UInt8(ascii: "}"): push(.dictionary([]))
      case UInt8(ascii: ")"): push(.tuple([]))
      case 0x85: push(.tuple(try pop(1)))
      case 0x86: push(.tuple(try pop(2)))
      case 0x87: push(.tuple(try pop(3)))
      case UInt8(ascii: "t"): push(.tuple(try popToMark()))
      case UInt8(ascii: "a"): try append(pop(1))
      case UInt8(ascii: "e"): try append(popToMark())
      case UInt8(ascii: "s"): try setItems(pop(2))
      case UInt8(ascii: "u"): try setItems(popToMark())
      case UInt8(ascii: "c"): stack.append(.name(try name(start)))
      case UInt8(ascii: "R"): try call(start)
      case 0x81: try create(start)
      case UInt8(ascii: "b"): try build(start)
      default: throw malformed(start, "instruction \(instruction), which is not known")
      }
    }
  }

  /// The error for what stands at a byte.
  func malformed(_ byte: Int, _ reason: String) -> DatasetError {
    .malformed(file: file, byte: byte, reason: reason)
  }

  func object(_ value: Value) -> Object? { if case .object(let place) = value { objects[place] } else { nil } }

  func tuple(_ value: Value) -> [Value]? { if case .tuple(let values)? = object(value) { values } else { nil } }

  /// The characters of a text; nil for anything else and for long ones.
  func string(_ value: Value) -> String? {
    guard case .text(let range) = value, range.count < 256 else { return nil }
    return String(decoding: bytes[range], as: UTF8.self)
  }
}

// MARK: Instructions

extension Unpickler {
  private mutating func byte() throws(DatasetError) -> UInt8 {
    guard position < bytes.count else { throw malformed(position, "the file ends within the program") }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func integer(_ count: Int) throws(DatasetError) -> Int {
    var value = 0
    for place in 0..<count { value |= Int(try byte()) << (8 * place) }
    return value
  }

  private mutating func text(_ count: Int) throws(DatasetError) -> Range<Int> {
    guard count >= 0, count <= bytes.count - position else {
      throw malformed(position, "a text of \(count) bytes, of which \(bytes.count - position) are there")
    }
    defer { position += count }
    return position..<position + count
  }

  private mutating func push(_ object: Object) {
    stack.append(.object(objects.count))
    objects.append(object)
  }

  private func top() throws(DatasetError) -> Value {
    guard let value = stack.last, stack.count > marks.last ?? 0 else { throw malformed(position, "an empty stack") }
    return value
  }

  private mutating func pop(_ count: Int) throws(DatasetError) -> [Value] {
    guard stack.count - count >= marks.last ?? 0 else { throw malformed(position, "an empty stack") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(DatasetError) -> [Value] {
    guard let mark = marks.popLast() else { throw malformed(position, "values from a mark that was not set") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func recall(_ key: Int, _ start: Int) throws(DatasetError) {
    guard let value = memo[key] else { throw malformed(start, "value \(key), which was not kept") }
    stack.append(value)
  }

  private mutating func append(_ values: [Value]) throws(DatasetError) {
    guard case .object(let place) = try top(), case .list(var list) = objects[place] else {
      throw malformed(position, "elements for something that is no list")
    }
    objects[place] = .tuple([])
    list += values
    objects[place] = .list(list)
  }

  private mutating func setItems(_ values: [Value]) throws(DatasetError) {
    guard case .object(let place) = try top(), case .dictionary(var entries) = objects[place], values.count % 2 == 0
    else { throw malformed(position, "entries for something that is no dictionary, or a key without a value") }
    objects[place] = .tuple([])
    for item in stride(from: 0, to: values.count, by: 2) { entries.append((values[item], values[item + 1])) }
    objects[place] = .dictionary(entries)
  }

  private mutating func name(_ start: Int) throws(DatasetError) -> Name {
    var words: [String] = []
    for _ in 0..<2 {
      let limit = Swift.min(bytes.count, position + 128)
      guard let end = bytes[position..<limit].firstIndex(of: UInt8(ascii: "\n")) else {
        throw malformed(start, "a name without an end")
      }
      words.append(String(decoding: bytes[position..<end], as: UTF8.self))
      position = end + 1
    }
    let text = words.joined(separator: " ")
    guard let name = Name(rawValue: text) else {
      throw malformed(start, "the name \"\(text)\"; nothing is ever called but what these data sets need")
    }
    return name
  }

  /// A call: of `_reconstruct`, of `dtype` or of `defaultdict`, which makes an empty record.
  private mutating func call(_ start: Int) throws(DatasetError) {
    let operands = try pop(2)
    guard case .name(let function) = operands[0], let arguments = tuple(operands[1]) else {
      throw malformed(start, "a call of something that is no name")
    }
    switch (function, arguments.count) {
    case (.reconstruct, 3) where arguments[0] == .name(.array) && tuple(arguments[1]) == [.int(0)]:
      push(.array(nil))
    case (.dtype, 3):
      guard let kind = string(arguments[0]), PickledArray.sizes[kind] != nil else {
        throw malformed(start, "an array of elements other than i4, i8, f4 and f8")
      }
      push(.dtype(kind: kind, isLittleEndian: false))
    case (.defaultDictionary, 1) where arguments == [.name(.list)]: push(.dictionary([]))
    default: throw malformed(start, "a call of \"\(function.rawValue)\" with arguments that it never has")
    }
  }

  /// A new object: of `csr_matrix` alone.
  private mutating func create(_ start: Int) throws(DatasetError) {
    let operands = try pop(2)
    guard operands[0] == .name(.sparseMatrix), tuple(operands[1]) == [] else {
      throw malformed(start, "a new object other than a csr_matrix")
    }
    push(.sparseMatrix(fields: nil))
  }

  /// The state of an object that was made empty.
  private mutating func build(_ start: Int) throws(DatasetError) {
    let state = try pop(1)[0]
    guard case .object(let place) = try top() else { throw malformed(start, "a state for something that has none") }
    switch objects[place] {
    case .dtype(let kind, _):
      guard let fields = tuple(state), fields.count >= 2, string(fields[1]) == "<" else {
        throw malformed(start, "an element type that is not little-endian")
      }
      objects[place] = .dtype(kind: kind, isLittleEndian: true)
    case .array(nil): objects[place] = .array(try PickledArray(state, of: self, start))
    case .sparseMatrix(nil):
      guard case .object(let fields) = state, case .dictionary = objects[fields] else {
        throw malformed(start, "a sparse matrix without fields")
      }
      objects[place] = .sparseMatrix(fields: fields)
    default: throw malformed(start, "a state for something that has none, or has one already")
    }
  }
}
