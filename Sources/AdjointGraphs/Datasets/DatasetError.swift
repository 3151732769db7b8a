/// What is wrong with the files of a data set; lines are counted from 1, bytes from 0.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// A file cannot be read.
  case unreadable(file: String, reason: String)
  /// The text does not follow the format.
  case unexpected(file: String, line: Int, found: String, expected: String)
  /// A number lies outside its limits.
  case outside(file: String, line: Int, quantity: String, value: Int, limits: Range<Int>)
  /// A number that has to be the same in two places is not.
  case countsDiffer(file: String, line: Int, quantity: String, found: Int, expected: Int)
  /// A binary file does not follow its format, or asks for something that is never done.
  case malformed(file: String, byte: Int, reason: String)
  /// A node is named twice in the split.
  case repeated(file: String, line: Int, node: Int, part: String, firstPart: String)
  /// A node of the split has no class.
  case unlabelled(file: String, line: Int, node: Int, part: String)

  /// A sentence that names the file, the line, the value and the limit.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .unexpected(let file, let line, let found, let expected):
      "\(file), line \(line): found \(found) where \(expected) should be"
    case .outside(let file, let line, let quantity, let value, let limits):
      "\(file), line \(line): \(quantity) \(value) is outside \(limits.lowerBound) ..< \(limits.upperBound)"
    case .countsDiffer(let file, let line, let quantity, let found, let expected):
      "\(file), line \(line): found \(found) \(quantity) where there should be \(expected)"
    case .malformed(let file, let byte, let reason): "\(file), byte \(byte): \(reason)"
    case .repeated(let file, let line, let node, let part, let firstPart):
      "\(file), line \(line): node \(node) is in \"\(part)\" but was in \"\(firstPart)\" before"
    case .unlabelled(let file, let line, let node, let part):
      "\(file), line \(line): node \(node) is in \"\(part)\" but has the label -1: its class is not known"
    }
  }
}
