import AdjointAutodiff
import Testing

/// An elementwise operation on two variables, one of which it may ignore.
struct ElementwiseCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let apply: @Sendable (Variable, Variable) -> Variable

  init(_ name: String, _ apply: @escaping @Sendable (Variable, Variable) -> Variable) {
    (testDescription, self.apply) = (name, apply)
  }

  static let all = [
    ElementwiseCase("add") { $0 + $1 }, ElementwiseCase("subtract") { $0 - $1 },
    ElementwiseCase("multiply") { $0 * $1 },
    ElementwiseCase("divide") { $0 / $1 }, ElementwiseCase("negate") { a, _ in -a },
    ElementwiseCase("max") { max($0, $1) },
    ElementwiseCase("min") { min($0, $1) }, ElementwiseCase("max with itself") { a, _ in max(a, a) },
    ElementwiseCase("max with a constant") { a, _ in max(a, 1) },
    ElementwiseCase("min with a constant") { a, _ in min(a, 0) },
    ElementwiseCase("relu") { a, _ in relu(a) }, ElementwiseCase("abs") { a, _ in abs(a) },
    ElementwiseCase("square") { a, _ in square(a) }, ElementwiseCase("sqrt") { a, _ in sqrt(a) },
    ElementwiseCase("log") { a, _ in log(a) }, ElementwiseCase("exp") { a, _ in exp(a) },
    ElementwiseCase("tanh") { a, _ in tanh(a) }, ElementwiseCase("sigmoid") { a, _ in sigmoid(a) },
  ]
}

@Suite struct `A single number` {
  /// The value, the first derivatives and the second ones, of both operands in the given shape.
  static func results(_ operation: ElementwiseCase, _ a: Double, _ b: Double, _ shape: Shape, _ dtype: DType)
    -> [Double]
  {
    let tape = Tape()
    let (x, y) = (tape.variable(.full(a, shape, dtype)), tape.variable(.full(b, shape, dtype)))
    let z = operation.apply(x, y)
    let first = z.gradients(seed: Variable(.full(0.5, shape, dtype)), recorded: true)
    let second = [x, y].flatMap { variable -> [Double] in
      let slope = first[variable]
      guard slope.isRecorded else { return [0, 0] }
      let gradients = slope.gradients(seed: Variable(.full(1, shape, dtype)))
      return [gradients[x].item(), gradients[y].item()]
    }
    return [z.item(), first[x].item(), first[y].item()] + second
  }

  // Numbers and arrays take different paths through the library.
  @Test(arguments: ElementwiseCase.all, DType.allCases)
  func `has the value and the derivatives of an array of one, at kinks and ties too`(
    _ operation: ElementwiseCase, _ dtype: DType
  ) {
    for (a, b) in [(0.75, 0.5), (0.5, 0.75), (0.5, 0.5), (1, 1), (0, 0.5), (-0.0, 1), (-0.5, -0.5), (0, 0), (1, -2)] {
      let number = Self.results(operation, a, b, [], dtype), array = Self.results(operation, a, b, [1], dtype)
      for (x, y) in zip(number, array) {
        let agree = x == y || x.isNaN && y.isNaN || Swift.abs(x - y) <= 16 * dtype.ulpOfOne * Swift.max(1, x.magnitude)
        #expect(agree, "at (\(a), \(b)): \(number) and \(array)")
      }
    }
  }

  @Test func `shares a tie of two with ½ each`() {
    for f in [{ max($0, $1) }, { min($0, $1) }] as [(Variable, Variable) -> Variable] {
      let tape = Tape()
      let (x, y) = (tape.variable(2), tape.variable(2))
      let gradients = f(x, y).gradients()
      #expect(gradients[x].item() == 0.5 && gradients[y].item() == 0.5)
    }
  }

  @Test func `that stands against an array gets the sum of what its uses get`() {
    let tape = Tape()
    let x = tape.variable(2), y = tape.variable([1, 2, 3, 2])
    let gradients = max(x, y).sum().gradients()
    #expect(gradients[x].item() == 2 && gradients[y].value == [0, 0.5, 1, 0.5])
  }
}

extension Tensor {
  fileprivate static func full(_ value: Double, _ shape: Shape, _ dtype: DType) -> Tensor {
    Tensor(repeating: value, shape: shape, dtype: dtype)
  }
}
