#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Shows how training goes: on a terminal a line that changes, elsewhere a plain line for every epoch.
///
///     var progress = ProgressReporter(epochs: 20, steps: loader.batchesPerEpoch)
///     for epoch in 0..<20 {
///       for (x, y) in loader {
///         …
///         progress.step(["loss": loss.item()])
///       }
///       progress.endEpoch(["accuracy": accuracy])
///     }
///
/// On a terminal:
///
///     epoch 3 of 20  ━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌ 41 of 90  212 steps/s  0:08 left  loss 0.2134
///
/// The time left is that of all epochs, at the rate so far. Where there is no terminal, in a pipe or a file, only the lines at the ends of
/// epochs appear:
///
///     epoch 3 of 20  90 steps  212 steps/s  0:08 left  loss 0.1987  accuracy 0.9411
public struct ProgressReporter {
  /// Where the lines go, and what time it is.
  public struct Terminal {
    /// Whether a line may be overwritten.
    public var isInteractive: Bool
    /// The number of columns that a line may fill.
    public var columns: Int
    /// Shows a text.
    public var write: (String) -> Void
    /// The seconds since some moment.
    public var seconds: () -> Double

    /// Creates a place for lines.
    ///
    /// - Parameters:
    ///   - isInteractive: Whether a line may be overwritten.
    ///   - columns: The number of columns that a line may fill.
    ///   - write: Shows a text.
    ///   - seconds: The seconds since some moment.
    public init(
      isInteractive: Bool, columns: Int, write: @escaping (String) -> Void, seconds: @escaping () -> Double
    ) {
      (self.isInteractive, self.columns, self.write, self.seconds) = (isInteractive, columns, write, seconds)
    }
  }

  /// The number of epochs.
  public let epochs: Int
  /// The number of steps in an epoch.
  public let steps: Int
  private let terminal: Terminal
  private let start: Double
  private var epoch = 0, step = 0, done = 0
  private var shownAt = -Double.infinity
  private var metrics: [(name: String, value: Double)] = []

  /// Begins to measure the time.
  ///
  /// - Parameters:
  ///   - epochs: The number of epochs, at least 1.
  ///   - steps: The number of steps in an epoch, at least 1.
  ///   - finished: The number of epochs that an earlier run has made already.
  ///   - terminal: Where the lines go.
  public init(epochs: Int, steps: Int = 1, finished: Int = 0, terminal: Terminal = .standardOutput) {
    require(epochs >= 1 && steps >= 1, "ProgressReporter: \(epochs) epochs of \(steps) steps are no work")
    require(finished >= 0 && finished <= epochs, "ProgressReporter: \(finished) epochs of \(epochs) are finished")
    (self.epochs, self.steps, self.terminal, epoch) = (epochs, steps, terminal, finished)
    start = terminal.seconds()
  }

  /// Counts a step, and shows it on a terminal, at most ten times a second.
  ///
  /// - Parameter metrics: What is shown besides, until the epoch ends; what has been given before under the same name is replaced.
  public mutating func step(_ metrics: KeyValuePairs<String, Double> = [:]) {
    (step, done) = (step + 1, done + 1)
    take(metrics)
    let now = terminal.seconds()
    guard terminal.isInteractive, now - shownAt >= 0.1 else { return }
    shownAt = now
    let filled = Swift.min(20, 20 * step / steps)
    let bar = String(repeating: "━", count: filled) + String(repeating: "╌", count: 20 - filled)
    show("epoch \(epoch + 1) of \(epochs)  \(bar) \(step) of \(steps)" + rest(now))
  }

  /// Ends an epoch with a line that stays.
  ///
  /// An epoch without a call of ``step(_:)`` counts as one with all its steps.
  ///
  /// - Parameter metrics: What is shown besides.
  public mutating func endEpoch(_ metrics: KeyValuePairs<String, Double> = [:]) {
    if step == 0 { (step, done) = (steps, done + steps) }
    take(metrics)
    let count = step
    (epoch, step) = (epoch + 1, 0)
    let line = "epoch \(epoch) of \(epochs)" + (steps > 1 ? "  \(count) steps" : "") + rest(terminal.seconds())
    if terminal.isInteractive {
      show(line)
      terminal.write("\n")
    } else {
      terminal.write(line + "\n")
    }
    self.metrics = []
  }

  private mutating func take(_ metrics: KeyValuePairs<String, Double>) {
    for (name, value) in metrics {
      if let index = self.metrics.firstIndex(where: { $0.name == name }) {
        self.metrics[index].value = value
      } else {
        self.metrics.append((name, value))
      }
    }
  }

  /// Shows a line in place of the one before.
  private func show(_ line: String) {
    // A line that is longer than the terminal is wide could not be overwritten.
    terminal.write("\r\(line.prefix(Swift.max(1, terminal.columns - 1)))\u{1B}[K")
  }

  /// The rate, the time left and the metrics.
  private func rest(_ now: Double) -> String {
    let elapsed = now - start
    var parts: [String] = []
    if elapsed > 0 {
      let rate = Double(done) / elapsed
      parts.append("\(shortNumber(rate, digits: 3)) \(steps > 1 ? "steps" : "epochs")/s")
      let left = (epochs - epoch) * steps - step
      if left > 0 {
        parts.append("\(clockTime(Double(left) / rate)) left")
      } else {
        parts.append("\(clockTime(elapsed)) in all")
      }
    }
    parts += metrics.map { "\($0.name) \(shortNumber($0.value, digits: 4))" }
    return parts.map { "  " + $0 }.joined()
  }
}

extension ProgressReporter.Terminal {
  /// The standard output, overwritten only where it is a terminal.
  public static var standardOutput: ProgressReporter.Terminal {
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let clock = ContinuousClock(), start = clock.now
    return ProgressReporter.Terminal(
      isInteractive: isatty(STDOUT_FILENO) == 1, columns: isKnown ? Int(size.ws_col) : 80,
      write: { text in
        // Buffered, like print, so that both appear in order.
        print(text, terminator: "")
        fflush(nil)
      }, seconds: { (clock.now - start) / .seconds(1) })
  }
}

/// A duration as minutes and seconds, or hours, minutes and seconds.
func clockTime(_ seconds: Double) -> String {
  guard seconds < 1e9 else { return "a long time" }
  let total = Int(Swift.max(0, seconds).rounded(.up))
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let (hours, minutes) = (total / 3600, total / 60 % 60)
  return hours > 0 ? "\(hours):\(two(minutes)):\(two(total % 60))" : "\(minutes):\(two(total % 60))"
}

/// A number rounded to a few digits, without the zeros that would follow.
func shortNumber(_ value: Double, digits: Int) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : value.description }
  // Whole multiples of a power of ten, so that no rounding error shows.
  var exponent = Int(log10(abs(value)).rounded(.down)) - digits + 1
  func scaled(_ exponent: Int) -> Double {
    exponent < -300
      ? value * 1e300 * pow(10, Double(-exponent - 300))
      : exponent < 0 ? value * pow(10, Double(-exponent)) : value / pow(10, Double(exponent))
  }
  var count = Int(scaled(exponent).rounded())
  while count % 10 == 0 { (count, exponent) = (count / 10, exponent + 1) }
  let length = String(abs(count)).count
  if exponent + length > 7 || exponent + length < -3 { return powerText(count, exponent) }
  return plainText(count, exponent)
}
