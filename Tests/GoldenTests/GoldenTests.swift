import Adjoint
import Foundation
import Synchronization
import Testing

@Suite struct `Golden values` {
  @Test(arguments: GoldenFolder.files)
  func `forward values and gradients agree in single and double precision`(_ file: GoldenFile) {
    let verdict = Verdict(of: file)
    if case .failed(let problems) = verdict {
      for problem in problems { Issue.record("\(problem)") }
    }
    if case .unsupported(nil) = verdict, GoldenFolder.isBundled { Issue.record("\(file.path): no row computes it") }
    Tally.add(file, verdict)
  }

  @Test func `the folder holds cases`() {
    #expect(!GoldenFolder.files.isEmpty, "there is no case below \(GoldenFolder.url.path())")
    if GoldenFolder.files.isEmpty { Tally.close([:]) }
  }
}

/// How a case came out.
enum Verdict: Sendable {
  case passed
  case failed([String])
  /// With the reason, unless it is that no row computes the case.
  case unsupported(String?)

  /// Runs the case in both element types.
  init(of file: GoldenFile) {
    do {
      let golden = try file.content.get()
      guard let row = CaseTable.row(named: golden.baseName) else {
        self = .unsupported(nil)
        return
      }
      let problems = try DType.allCases.flatMap { try CaseRun(golden, $0).differences(of: row) }
      self = problems.isEmpty ? .passed : .failed(problems.map { "\(file.path): \($0)" })
    } catch CaseError.unsupported(let reason) {
      self = .unsupported(reason)
    } catch {
      self = .failed(["\(file.path): \(error)"])
    }
  }
}

/// Counts verdicts and prints the closing line after the last one.
enum Tally {
  private static let verdicts = Mutex<[String: (name: String, verdict: Verdict)]>([:])

  static func add(_ file: GoldenFile, _ verdict: Verdict) {
    let complete: [String: (name: String, verdict: Verdict)]? = verdicts.withLock { verdicts in
      verdicts[file.path] = (file.name, verdict)
      guard verdicts.count == GoldenFolder.files.count else { return nil }
      defer { verdicts = [:] }
      return verdicts
    }
    if let complete { close(complete) }
  }

  static func close(_ verdicts: [String: (name: String, verdict: Verdict)]) {
    var passed = 0, failed = 0
    var unsupported: [String] = []
    for (_, entry) in verdicts.sorted(by: { $0.key < $1.key }) {
      switch entry.verdict {
      case .passed: passed += 1
      case .failed: failed += 1
      case .unsupported(let reason): unsupported.append(entry.name + (reason.map { " (\($0))" } ?? ""))
      }
    }
    let names = unsupported.isEmpty ? "" : "golden: unsupported: \(unsupported.joined(separator: ", "))\n"
    let line = "golden: \(verdicts.count) cases, \(passed) passed, \(failed) failed, \(unsupported.count) unsupported\n"
    FileHandle.standardOutput.write(Data((names + line).utf8))
  }
}
