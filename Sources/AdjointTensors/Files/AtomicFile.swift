import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that appears as a whole or not at all.
///
/// It is written beside its final place as `name.partial-process-number`, brought to the disk, and renamed, and the renaming is
/// brought to the disk. Whoever reads the final place, even after the process was killed or the power failed, finds
/// the old content or the new one. What a killed process leaves behind is removed by the next one that writes the same file.
package struct AtomicFile: ~Copyable {
  private let file, partial: String
  private var descriptor: Int32

  private static let number = Atomic(0)

  /// Begins to write a file; nothing changes before ``commit()``.
  package init(_ file: String) throws(FileError) {
    self.file = file
    removeRemains(of: file)
    let number = Self.number.wrappingAdd(1, ordering: .relaxed).newValue
    partial = "\(file).partial-\(getpid())-\(number)"
    // A number is used once in a process: what is there is left over from another one that had the same identifier.
    _ = unlink(partial)
    descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .unwritable(file: file, reason: lastReason()) }
  }

  deinit {
    if descriptor >= 0 {
      _ = close(descriptor)
      _ = unlink(partial)
    }
  }

  /// Adds bytes at the end.
  package borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try writeAll(bytes, to: descriptor, file: file)
  }

  /// Adds bytes at the end.
  package borrowing func write(_ bytes: [UInt8]) throws(FileError) {
    let descriptor = descriptor, file = file
    let failure = bytes.withUnsafeBytes { buffer -> FileError? in
      do throws(FileError) {
        try writeAll(buffer, to: descriptor, file: file)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  /// Puts the file in its place.
  package consuming func commit() throws(FileError) {
    guard flush(descriptor) else { throw .unwritable(file: file, reason: lastReason()) }
    let isClosed = close(descriptor) == 0
    descriptor = -1
    guard isClosed, rename(partial, file) == 0 else {
      let reason = lastReason()
      _ = unlink(partial)
      throw .unwritable(file: file, reason: reason)
    }
    let folder = open(folder(of: file), O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      // Not every file system can do this for a folder; the content itself is on the disk already.
      _ = fsync(folder)
      _ = close(folder)
    }
  }
}

/// Writes all bytes at a descriptor's position.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, file: String) throws(FileError) {
  var rest = bytes[...]
  while !rest.isEmpty {
    #if canImport(Darwin)
    let count = Darwin.write(
      descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, Swift.min(rest.count, 1 << 30))
    #elseif canImport(Musl)
    let count = Musl.write(
      descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, Swift.min(rest.count, 1 << 30))
    #else
    let count = Glibc.write(
      descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, Swift.min(rest.count, 1 << 30))
    #endif
    if count < 0 {
      if errno == EINTR { continue }
      throw .unwritable(file: file, reason: lastReason())
    }
    rest = rest.dropFirst(count)
  }
}

/// Brings what was written to the disk.
private func flush(_ descriptor: Int32) -> Bool {
  #if canImport(Darwin)
  // There, fsync leaves the data in the drive's cache.
  if fcntl(descriptor, F_FULLFSYNC) == 0 { return true }
  #endif
  return fsync(descriptor) == 0
}

private func folder(of file: String) -> String {
  guard let slash = file.lastIndex(of: "/") else { return "." }
  return slash == file.startIndex ? "/" : String(file[..<slash])
}

/// Removes the partial files of processes that are no more.
private func removeRemains(of file: String) {
  let folder = folder(of: file)
  let prefix = (file.split(separator: "/").last.map(String.init) ?? file) + ".partial-"
  guard let directory = opendir(folder) else { return }
  defer { closedir(directory) }
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
    }
    guard name.hasPrefix(prefix), let process = Int32(name.dropFirst(prefix.count).prefix { $0 != "-" }) else {
      continue
    }
    if process > 0 && kill(process, 0) != 0 && errno == ESRCH { _ = unlink("\(folder)/\(name)") }
  }
}
