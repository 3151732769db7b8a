#if canImport(Runtime) && (os(Linux) || os(macOS))
import Runtime
#endif

/// Finds the line of a user's program that called into the framework.
///
/// A capture walks the stack, about 4 µs; names and lines are looked up when they are asked for. Operators cannot take the
/// place of their call as an argument, and passing it through every function would cost every call, so that this is done
/// only while somebody is looking. Lines need debug information: a build without has the function's name alone.
struct CallSiteFinder {
  /// Walks the stack, and returns what looks the place up.
  let capture: () -> (() -> String?)

  init() {
    #if canImport(Runtime) && (os(Linux) || os(macOS))
    if #available(macOS 26.0, *) {
      let images = ImageMap.capture()
      capture = {
        guard let stack = try? Backtrace.capture(limit: 48, top: 0, images: images) else { return { nil } }
        return { stack.symbolicated(with: images).flatMap(Self.place(in:)) }
      }
      return
    }
    #endif
    capture = { { nil } }
  }

  #if canImport(Runtime) && (os(Linux) || os(macOS))
  /// The innermost frame outside the framework.
  @available(macOS 26.0, *)
  private static func place(in stack: SymbolicatedBacktrace) -> String? {
    for frame in stack.frames {
      guard let symbol = frame.symbol, !isOwn(symbol.rawName) else { continue }
      guard let source = symbol.sourceLocation, source.line > 0 else { return "in \(symbol.name)" }
      let file = source.path.split(separator: "/").suffix(2).joined(separator: "/")
      return "\(file):\(source.line) in \(symbol.name)"
    }
    return nil
  }
  #endif

  /// Whether a mangled name belongs to a module of this package or to the standard library.
  private static func isOwn(_ name: String) -> Bool {
    let name = name.drop { $0 == "_" }
    return [
      "$s15AdjointAutodiff", "$s14AdjointTensors", "$s13AdjointLayers", "$s13AdjointGraphs", "$ss", "$sS", "swift_",
    ].contains { name.hasPrefix($0) }
  }
}
