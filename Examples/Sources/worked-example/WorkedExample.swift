import Adjoint
import ArgumentParser
import Foundation

/// Prints a textbook's reverse sweep, number by number, and draws it.
@main struct WorkedExample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worked-example",
    abstract: "Prints the values and gradients of f = max((x + y) z, 0), step by step.")

  @Option(parsing: .unconditional, help: "The value of x.")
  var x = -2.0

  @Option(parsing: .unconditional, help: "The value of y.")
  var y = 3.0

  @Option(parsing: .unconditional, help: "The value of z.")
  var z = 2.0

  @Option(help: ArgumentHelp("Draw the computational graph into this SVG file.", valueName: "file"))
  var svg: String?

  @Option(help: ArgumentHelp("Write the computational graph in Graphviz's language into this file.", valueName: "file"))
  var dot: String?

  func run() throws {
    let tape = Tape()
    let x = tape.variable(Tensor(x), named: "x")
    let y = tape.variable(Tensor(y), named: "y")
    let z = tape.variable(Tensor(z), named: "z")
    let v = (x + y).named("v")
    let u = (v * z).named("u")
    let f = max(u, 0).named("f")
    let gradients = f.gradients()

    print(
      """
      f(x, y, z) = max((x + y) z, 0)   at x = \(x), y = \(y), z = \(z)

      Forward
        v = x + y     = \(v)
        u = v z       = \(u)
        f = max(u, 0) = \(f)

      Backward: each gradient is the gradient upstream × the local derivative
        ∂f/∂f = \(gradients[f])
      \(tape.trace(with: gradients).indented)

      Gradients
        ∂f/∂x = \(gradients[x])   ∂f/∂y = \(gradients[y])   ∂f/∂z = \(gradients[z])

      The tape
      \(tape.description(with: gradients).indented)
      """)
    try write(tape.svg(with: gradients), to: svg)
    try write(tape.dot(with: gradients), to: dot)
  }

  private func write(_ text: String, to path: String?) throws {
    guard let path else { return }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    print("\nwrote \(path)")
  }
}

extension String {
  /// Every line two places to the right.
  fileprivate var indented: String { split(separator: "\n").map { "  " + $0 }.joined(separator: "\n") }
}
