import Adjoint
import Foundation

/// Shows how training goes: one line that changes on a terminal, a line every now and then elsewhere.
struct Progress {
  let epochs: Int
  private let isTerminal = isatty(STDOUT_FILENO) == 1

  init(epochs: Int) { self.epochs = epochs }

  /// Shows a step.
  func show(epoch: Int, loss: Double, right: Int) {
    let line =
      "Step \(epoch) of \(epochs): loss \(loss.formatted(4)), \(right) of 34 right "
      + "(\((100 * Double(right) / 34).formatted(1)) %)"
    if isTerminal {
      // Back to the start of the line, and clear what is left of the one before.
      print("\r\(line)\u{1B}[K", terminator: epoch == epochs ? "\n" : "")
      fflush(nil)
    } else if epoch == 1 || epoch % 20 == 0 || epoch == epochs {
      print(line)
    }
  }
}

extension Double {
  /// The number with so many digits after the point.
  func formatted(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
