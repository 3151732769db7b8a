#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Bytes that are read from any place: an open file, or memory.
struct ByteSource: ~Copyable {
  /// How errors name the source.
  let name: String
  /// The number of bytes.
  let count: Int
  private let memory: [UInt8]
  private let descriptor: Int32

  init(_ bytes: [UInt8], name: String) {
    (memory, self.name, count, descriptor) = (bytes, name, bytes.count, -1)
  }

  /// Opens a file.
  init(file: String) throws(FileError) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(file: file, reason: lastReason()) }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
      let reason = isKnown ? "it is not a regular file" : lastReason()
      _ = close(descriptor)
      throw .unreadable(file: file, reason: reason)
    }
    (memory, name, count, self.descriptor) = ([], file, Int(status.st_size), descriptor)
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Copies the bytes of a range, which lies within the source.
  func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(FileError) {
    if range.isEmpty { return }
    if descriptor < 0 {
      memory.withUnsafeBytes { target.copyMemory(from: $0.baseAddress! + range.lowerBound, byteCount: range.count) }
      return
    }
    var position = range.lowerBound
    while position < range.upperBound {
      // Some systems refuse to read more than 2 GB at a time.
      let part = Swift.min(range.upperBound - position, 1 << 30)
      let size = pread(descriptor, target + (position - range.lowerBound), part, off_t(position))
      if size < 0 {
        if errno == EINTR { continue }
        throw .unreadable(file: name, reason: lastReason())
      }
      if size == 0 {
        throw .unexpected(file: name, offset: position, found: "the end of the file", expected: "more numbers")
      }
      position += size
    }
  }

  /// The bytes of a range, which lies within the source.
  func bytes(_ range: Range<Int>) throws(FileError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: range.count)
    if range.isEmpty { return result }
    // A rethrowing closure forgets the type of its error.
    let failure = result.withUnsafeMutableBytes { buffer -> FileError? in
      do throws(FileError) {
        try read(range, into: buffer.baseAddress!)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    return result
  }
}

/// Why the last call to the system failed.
package func lastReason() -> String { String(cString: strerror(errno)) }
