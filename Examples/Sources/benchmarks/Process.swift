import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the system counts about this process; without `/proc` some of it is missing.
enum Process {
  private static var usage: rusage {
    var usage = rusage()
    #if canImport(Glibc)
    getrusage(RUSAGE_SELF.rawValue, &usage)
    #else
    getrusage(RUSAGE_SELF, &usage)
    #endif
    return usage
  }

  /// The page faults so far that needed no reading.
  static var pageFaults: Int { usage.ru_minflt }

  /// The processor time of all threads so far, in seconds.
  static var seconds: Double {
    let usage = usage
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }

  /// The processor time of everything on the machine so far, in seconds; 0 where it is not known.
  static var machineSeconds: Double {
    guard let first = lines("/proc/stat").first else { return 0 }
    let ticks = first.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count == 8 else { return 0 }
    return (ticks.reduce(0, +) - ticks[3] - ticks[4]) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The processors of the machine.
  static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The largest resident memory since ``resetPeakMemory()``, in MB; nil where it is not known.
  static var peakMemory: Double? { memory("VmHWM") }

  /// The resident memory, in MB; nil where it is not known.
  static var residentMemory: Double? { memory("VmRSS") }

  private static func memory(_ key: String) -> Double? {
    lines("/proc/self/status").first { $0.hasPrefix(key) }
      .flatMap { Double($0.split(whereSeparator: \.isWhitespace)[1]) }.map { $0 / 1024 }
  }

  /// Starts ``peakMemory`` anew from what is resident now.
  static func resetPeakMemory() {
    guard let handle = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", handle)
    fclose(handle)
  }

  private static func lines(_ file: String) -> [Substring] {
    (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n") ?? []
  }
}
