/// Stops the program with `message` unless `condition` holds.
///
/// Wrong shapes, indices and element types are programming errors. Unlike `precondition`, the message is printed in
/// optimised builds as well.
///
/// - Parameters:
///   - condition: What has to hold.
///   - message: A sentence that names the operation, the shapes or values at fault, and the limit.
///   - file: The caller's file.
///   - line: The caller's line.
@inlinable @inline(__always)
public func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { stop(message(), file: file, line: line) }
}

/// Stops the program with `message` on the standard error stream.
///
/// - Parameters:
///   - message: A sentence that says what went wrong.
///   - file: The caller's file.
///   - line: The caller's line.
@inline(never)
public func stop(_ message: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
  fatalError(message, file: file, line: line)
}
