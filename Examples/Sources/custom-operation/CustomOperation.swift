import Adjoint
import ArgumentParser

/// Returns the softened absolute value of a variable.
///
///     y = √(x² + ε²)           x, y: [any shape]
///     x̄ = ȳ ⊙ x / y
///
/// It is smooth everywhere, unlike |x|, and as close to it as ε is small (the loss of P. Charbonnier et al., *Two deterministic
/// half-quadratic regularization algorithms for computed imaging*, ICIP 1994).
func softAbsolute(_ x: Variable, epsilon: Double) -> Variable {
  let value = sqrt(x.value * x.value + Tensor(epsilon * epsilon, dtype: x.dtype))
  return record("softAbsolute", x, value: value, saving: [.input0, .output]) { dy, saved in
    [dy * saved[0] / saved.output]
  }
}

/// The same function with a slip of the pen: the pullback leaves the division out.
func slippedAbsolute(_ x: Variable, epsilon: Double) -> Variable {
  let value = sqrt(x.value * x.value + Tensor(epsilon * epsilon, dtype: x.dtype))
  return record("slippedAbsolute", x, value: value, saving: .inputs) { dy, saved in [dy * saved[0]] }
}

/// The same function with a pullback that is right once and wrong when it is differentiated: it reads the result as a number.
func frozenAbsolute(_ x: Variable, epsilon: Double) -> Variable {
  let value = sqrt(x.value * x.value + Tensor(epsilon * epsilon, dtype: x.dtype))
  return record("frozenAbsolute", x, value: value, saving: [.input0, .output]) { dy, saved in
    [dy * saved[0] / saved.output.detached()]
  }
}

/// Defines an operation, checks it, breaks it in three ways and shows what the check says.
@main struct CustomOperation: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "custom-operation",
    abstract: "Defines y = √(x² + ε²), checks its derivatives, then breaks them and shows the report.")

  @Option(help: "The seed of the points where derivatives are checked.")
  var seed: UInt64 = 1

  @Option(help: "How much the corner of |x| is rounded.")
  var epsilon = 0.1

  @Option(help: "The number of points.")
  var points = 4

  func validate() throws {
    if epsilon <= 0 { throw ValidationError("--epsilon \(epsilon) is not above 0") }
    if points < 1 { throw ValidationError("--points \(points) is not above 0") }
  }

  func run() throws {
    let epsilon = epsilon
    let x = Tensor(normal: [points], key: RandomKey(seed: seed), dtype: .float64)

    print("A new operation, checked in both element types and both orders\n")
    for dtype in DType.allCases {
      for order in [1, 2] {
        let report = checkGradients(of: { softAbsolute($0, epsilon: epsilon) }, at: x, order: order, dtype: dtype)
        print("\(report)")
        if !report.passes { throw ExitCode.failure }
      }
    }

    let broken: [(title: String, function: (Variable) -> Variable, point: Tensor, order: Int)] = [
      ("The pullback leaves out a division", { slippedAbsolute($0, epsilon: epsilon) }, x, 1),
      ("The pullback cannot be differentiated", { frozenAbsolute($0, epsilon: epsilon) }, x, 2),
      ("The point lies on a kink: |x| at 0", { abs($0) }, [0], 1),
    ]
    for (title, function, point, order) in broken {
      let report = checkGradients(of: function, at: point, order: order)
      print("\n\(title)\n\n\(report)")
      if report.passes { throw ExitCode.failure }
    }

    print("\nEvery element of the first of them\n")
    print(checkGradients(of: broken[0].function, at: x).table)
  }
}
