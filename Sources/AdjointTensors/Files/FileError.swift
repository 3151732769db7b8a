/// What is wrong with a file that is read or written; offsets count bytes from 0.
public enum FileError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read.
  case unreadable(file: String, reason: String)
  /// The file cannot be written. What was there before is still there.
  case unwritable(file: String, reason: String)
  /// The content does not follow the format.
  case unexpected(file: String, offset: Int, found: String, expected: String)
  /// The content is not what was written: it has another checksum than the one that was written with it.
  case damaged(file: String, stored: String, computed: String)
  /// The numbers are of a type that has no place in a tensor.
  case unsupported(file: String, offset: Int, type: String)

  /// A sentence that names the file, the offset, what was found and what should be there.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason), .unwritable(let file, let reason): "\(file): \(reason)"
    case .unexpected(let file, let offset, let found, let expected):
      "\(file), byte \(offset): found \(found) where \(expected) should be"
    case .damaged(let file, let stored, let computed):
      "\(file): the checksum of the content is \(computed), but \(stored) was written with it"
    case .unsupported(let file, let offset, let type):
      "\(file), byte \(offset): numbers of type \(type) cannot be read; "
        + "booleans, integers of 8 to 64 bits and floating-point numbers of 16 to 64 bits can"
    }
  }
}
