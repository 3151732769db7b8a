import Adjoint
import BenchmarkData
import Foundation

/// Times cases by the rules of the scripts that time other frameworks: warm-up steps, then single steps until there are
/// enough of them and enough time has passed.
struct Stopwatch {
  let options: Options

  init(_ options: Options) { self.options = options }

  /// The fields that every line begins with.
  func identity(_ name: String, _ variant: String) -> JSONFields {
    [
      ("case", .text(name)), ("impl", .text("adjoint")), ("variant", .text(variant)),
      ("version", .text("adjoint, \(instructionSet)")), ("threads", .integer(threadCount)),
    ]
  }

  /// Times `step` and prints a line.
  ///
  /// - Parameters:
  ///   - name: The name of the case.
  ///   - variant: What tells this way of doing it from others.
  ///   - warmUp: The number of steps that are not counted.
  ///   - evaluations: How many evaluations one step makes; times are for one of them.
  ///   - extra: Further fields, from the median in milliseconds.
  ///   - step: Runs one step and returns a loss, if there is one.
  func measure(
    _ name: String, variant: String = "default", warmUp: Int = 3, evaluations: Int = 1,
    extra: (_ milliseconds: Double) -> JSONFields = { _ in [] }, _ step: () -> Double?
  ) {
    Process.resetPeakMemory()
    var losses: [Double?] = []
    for _ in 0..<warmUp { losses.append(step()) }
    var times: [Double] = []
    let faults = Process.pageFaults, ownBefore = Process.seconds, allBefore = Process.machineSeconds
    let clock = ContinuousClock()
    let start = clock.now
    var elapsed = 0.0
    repeat {
      let stepStart = clock.now
      losses.append(step())
      let end = clock.now
      times.append((end - stepStart).seconds * 1e3 / Double(evaluations))
      elapsed = (end - start).seconds
    } while !((elapsed >= options.minSeconds && times.count >= options.minIterations)
      || (elapsed > options.maxSeconds && times.count >= 3))
    let newFaults = Process.pageFaults - faults
    let own = Process.seconds - ownBefore
    let other = max(0, Process.machineSeconds - allBefore - own) / elapsed / Double(Process.processorCount)
    times.sort()
    let middle = median(times)
    let fields: JSONFields = [
      ("median_ms", .rounded(middle)), ("min_ms", .rounded(times[0])),
      ("p90_ms", .rounded(times[Int(0.9 * Double(times.count - 1))])), ("iterations", .integer(times.count)),
      ("peak_rss_mb", .rounded(Process.peakMemory)),
      ("page_faults_per_iter", .integer((newFaults + times.count / 2) / times.count)),
      ("cpu_used", .rounded(own / elapsed, to: 3)), ("other_cpu", .rounded(other, to: 2)),
      ("final_loss", .rounded(losses[losses.count - 1], to: 7)), ("loss_first", .rounded(losses[0], to: 7)),
      ("loss_10", .rounded(losses.count > 9 ? losses[9] : nil, to: 7)),
    ]
    printLine(identity(name, variant) + fields + extra(middle))
  }

  /// Times an operation alone and its reverse sweep alone, given a tape that is ready, and prints a line for each.
  ///
  /// - Parameters:
  ///   - name: The name of the case, without `_fwd` and `_bwd`.
  ///   - inputs: The operands; gradients are computed for all of them.
  ///   - forwardExtra: Further fields of the operation's line.
  ///   - backwardExtra: Further fields of the sweep's line.
  ///   - operation: The operation.
  func measureBoth(
    _ name: String, _ inputs: [Tensor], forwardExtra: (Double) -> JSONFields, backwardExtra: (Double) -> JSONFields,
    _ operation: ([Variable]) -> Variable
  ) {
    let constants = inputs.map { Variable($0) }
    measure(name + "_fwd", extra: forwardExtra) {
      _ = operation(constants)
      return nil
    }
    let tape = Tape()
    let variables = inputs.map { tape.variable($0) }, result = operation(variables)
    let seed: Variable? = result.rank == 0 ? nil : Variable(features(55, result.shape))
    measure(name + "_bwd", extra: backwardExtra) {
      // Reading makes a whole gradient of one that is kept as some rows.
      let gradients = result.gradients(seed: seed, keeping: .leaves)
      for x in variables { _ = gradients[x] }
      return nil
    }
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// The field `gb_per_s`.
func bandwidth(_ byteCount: Int) -> (Double) -> JSONFields {
  { [("gb_per_s", .rounded(Double(byteCount) / $0 / 1e6))] }
}

/// The field `gflops`.
func rate(_ operations: Int) -> (Double) -> JSONFields {
  { [("gflops", .rounded(Double(operations) / $0 / 1e6))] }
}

/// The middle value, or the mean of the two in the middle.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
