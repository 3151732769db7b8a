#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// A tape that ends with its scope cannot leak. What can grow from step to step is a tape that outlives the step: one kept in a
// property, whose variables are carried on, or the tape of a scope around the whole training loop.

/// How a tape has grown since it was last empty.
struct TapeGrowth {
  /// The furthest value that was differentiated, and how often it has moved on.
  var furthest: Int32 = -1, steps: Int32 = 0

  /// After so many steps it is no inner loop, but a leak.
  static let patience: Int32 = 100
}

extension UnsafeMutablePointer<TapeState> {
  /// Counts a sweep from a value that was recorded later than any other one that was differentiated before.
  @inline(__always)
  func noteSweep(from index: Int32) {
    if index > pointee.growth.furthest {
      pointee.growth.furthest = index
      pointee.growth.steps += 1
      if pointee.growth.steps >= TapeGrowth.patience { suspectLeak() }
    }
  }

  /// Looks where the next step records, and tells at its end.
  @inline(never)
  private func suspectLeak() {
    if pointee.growth.steps == TapeGrowth.patience {
      pointee.observe(GrowthObserver(pointee.memory))
    } else if let observer = pointee.observers.lazy.compactMap({ $0 as? GrowthObserver }).first, !observer.isDone {
      observer.isDone = true
      observer.warn(entries: pointee.count, steps: Int(pointee.growth.steps), pointee.memory)
    }
  }
}

/// Finds the place where a growing tape goes on recording.
private final class GrowthObserver: TapeObserver {
  var isDone = false
  private let before: MemoryReport
  private let finder = CallSiteFinder()
  private var site: (() -> String?)?

  init(_ memory: MemoryReport) { before = memory }

  func didRecord(
    _ rule: OperationRule, at index: Int32, of state: UnsafeMutablePointer<TapeState>, inputs: [Variable], value: Tensor
  ) {
    if site == nil { site = finder.capture() }
  }

  func didPull(
    _ rule: OperationRule, at index: Int32, of state: UnsafeMutablePointer<TapeState>, upstream: Tensor, input: Int,
    gradient: Tensor
  ) {}

  /// One warning on the standard error stream.
  func warn(entries: Int, steps: Int, _ now: MemoryReport) {
    let bytes = now.savedBytes + now.listBytes, growth = bytes - before.savedBytes - before.listBytes
    let place = site?().map { ", recorded at \($0)" } ?? ""
    let text =
      "Adjoint: warning: a tape has grown for \(steps) steps without a reset: \(entries) entries keep \(formatBytes(bytes)), "
      + "\(formatBytes(growth)) of them from the last step\(place). Make a tape for each step or reset() it, and carry values "
      + "on with detached()\n"
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  }
}
