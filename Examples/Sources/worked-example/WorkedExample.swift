import Adjoint
import ArgumentParser

/// Prints a textbook's reverse sweep, number by number.
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

  func run() {
    let tape = Tape()
    let x = tape.variable(Tensor(x), named: "x")
    let y = tape.variable(Tensor(y), named: "y")
    let z = tape.variable(Tensor(z), named: "z")
    let v = x + y
    let u = v * z
    let f = max(u, 0)
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
      """)
    for (input, inputName, output, outputName) in [
      (u, "u", f, "f"), (v, "v", u, "u"), (z, "z", u, "u"), (x, "x", v, "v"), (y, "y", v, "v"),
    ] {
      // The sweep that begins at an operation's own output finds its local derivatives.
      let local = output.gradients()[input]
      print(
        "  ∂f/∂\(inputName) = ∂f/∂\(outputName) × ∂\(outputName)/∂\(inputName) =",
        "\(gradients[output]) × \(local) = \(gradients[input])")
    }
    print(
      """

      Gradients
        ∂f/∂x = \(gradients[x])   ∂f/∂y = \(gradients[y])   ∂f/∂z = \(gradients[z])

      The tape
      \(tape.description(with: gradients))
      """)
  }
}
