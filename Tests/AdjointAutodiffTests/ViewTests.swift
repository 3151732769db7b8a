import AdjointAutodiff
import Testing

/// f = max((x + y) z, 0) at (−2, 3, 2), with the names of a textbook.
private func workedExample(_ x: Double = -2) -> (tape: Tape, gradients: Gradients) {
  let tape = Tape()
  let x = tape.variable(Tensor(x), named: "x")
  let y = tape.variable(3, named: "y"), z = tape.variable(2, named: "z")
  let v = (x + y).named("v")
  let u = (v * z).named("u")
  let f = max(u, 0).named("f")
  return (tape, f.gradients())
}

/// The texts of a picture, in the order of its file.
private func texts(_ svg: String) -> [String] {
  svg.split(separator: "\n").filter { $0.hasPrefix("<text") }.map { line in
    String(line.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" })
  }
}

@Suite struct `A trace of the reverse sweep` {
  // 002-43, 002-45: forward pass, then local × upstream = downstream for every edge of the graph.
  @Test func `multiplies local and upstream for every edge of the graph`() {
    let (tape, gradients) = workedExample()
    let steps = tape.steps(with: gradients)
    #expect(steps.map(\.formula) == ["f = max(u, 0)", "u = v × z", "u = v × z", "v = x + y", "v = x + y"])
    #expect(steps.map(\.numbers) == ["1 × 1 = 1", "2 × 1 = 2", "1 × 1 = 1", "1 × 2 = 2", "1 × 2 = 2"])
    #expect(
      tape.trace(with: gradients) == """
        f = max(u, 0)  ∂f/∂u × ∂f/∂f = ∂f/∂u  1 × 1 = 1
        u = v × z      ∂u/∂v × ∂f/∂u = ∂f/∂v  2 × 1 = 2
                       ∂u/∂z × ∂f/∂u = ∂f/∂z  1 × 1 = 1
        v = x + y      ∂v/∂x × ∂f/∂v = ∂f/∂x  1 × 2 = 2
                       ∂v/∂y × ∂f/∂v = ∂f/∂y  1 × 2 = 2
        """)
  }

  // 002-44: the local derivative of max(u, 0) is 0 at the kink, so that everything below is 0.
  @Test func `shows the zero that a kink passes on`() {
    let (tape, gradients) = workedExample(-3)
    #expect(
      tape.steps(with: gradients).map(\.numbers) == ["0 × 1 = 0", "2 × 0 = 0", "0 × 0 = 0", "1 × 0 = 0", "1 × 0 = 0"])
  }

  @Test func `names the part that each use of a value adds`() {
    let tape = Tape()
    let x = tape.variable(3, named: "x")
    let f = (x * x + sin(x) * 0).named("f")
    let steps = tape.steps(with: f.gradients())
    // x · x is one step: its two edges have one local derivative, 2x.
    #expect(steps.count == 5)
    #expect(steps.last?.numbers == "6 × 1 = 6, part of 6")
    #expect(steps.last?.description == "%1 = x × x   ∂%1/∂x × ∂f/∂%1 = ∂f/∂x   6 × 1 = 6, part of 6")
  }

  @Test func `shows shapes where there are arrays, the Jacobian's as well`() {
    let tape = Tape()
    let x = tape.variable(Tensor(ones: [4, 3]), named: "x"), w = tape.variable(Tensor(ones: [3, 2]), named: "W")
    let y = matmul(x, w).named("y")
    let loss = y.sum().named("L")
    let steps = tape.steps(with: loss.gradients())
    #expect(steps.map(\.formula) == ["L = sum(y)", "y = matmul(x, W)", "y = matmul(x, W)"])
    #expect(
      steps.map(\.numbers) == [
        "[4, 2] × [] = [4, 2]", "[4, 2, 4, 3] × [4, 2] = [4, 3]", "[4, 2, 3, 2] × [4, 2] = [3, 2]",
      ]
    )
    #expect(steps.allSatisfy { $0.local == nil })
  }

  @Test func `leaves out what the result does not depend on, and operations on constants`() {
    let tape = Tape()
    let x = tape.variable(2, named: "x")
    _ = exp(x)
    let y = (-x).named("y")
    _ = exp(y)
    #expect(tape.steps(with: y.gradients()).map(\.description) == ["y = −x   ∂y/∂x × ∂y/∂y = ∂y/∂x   -1 × 1 = -1"])
  }
}

@Suite struct `A picture of the tape` {
  // 002-42: the graph shows its sum, its product and its maximum.
  @Test func `in Graphviz's language has a node for each operation and leaf`() {
    let (tape, gradients) = workedExample()
    #expect(
      tape.dot(with: gradients) == """
        digraph tape {
          rankdir=LR
          node [fontname="Helvetica"]
          edge [fontname="Courier"]
          n0 [label="x", shape=box, style=rounded]
          n1 [label="y", shape=box, style=rounded]
          n2 [label="z", shape=box, style=rounded]
          n3 [label="+", shape=ellipse]
          n4 [label="×", shape=ellipse]
          n5 [label="0", shape=plaintext]
          n6 [label="max", shape=ellipse]
          n7 [label="f", shape=plaintext]
          n0 -> n3 [label="−2\\n2"]
          n1 -> n3 [label="3\\n2"]
          n3 -> n4 [label="v = 1\\n2"]
          n2 -> n4 [label="2\\n1"]
          n4 -> n6 [label="u = 2\\n1"]
          n5 -> n6
          n6 -> n7 [label="2\\n1"]
        }

        """)
    #expect(!tape.dot().contains("∇") && tape.dot().contains("n0 -> n3 [label=\"−2\"]"))
  }

  @Test func `has the value above and the gradient below every edge`() {
    let (tape, gradients) = workedExample()
    let shown = texts(tape.svg(with: gradients))
    #expect(
      shown.sorted()
        == [
          "−2", "2", "3", "2", "v = 1", "2", "2", "1", "u = 2", "1", "2", "1", "x", "y", "z", "+", "×", "0", "max", "f",
          "above each edge: the value", "below: the gradient of f",
        ].sorted())
    #expect(!texts(tape.svg()).contains { $0.hasPrefix("below") })
  }

  @Test func `shows large arrays by shape and norm, and sums over several uses`() {
    let tape = Tape()
    let x = tape.variable(Tensor(ones: [4, 3]), named: "a < b & c")
    let y = (x * 2 + tanh(x)).sum()
    let svg = tape.svg(with: y.gradients())
    #expect(svg.contains(">a &lt; b &amp; c</text>") && svg.contains(">[4, 3]</text>"))
    #expect(texts(svg).contains { $0.hasPrefix("‖∇‖ 6.93") } && texts(svg).contains { $0.hasPrefix("Σ ‖∇‖ 8.38") })
    #expect(tape.dot().contains("label=\"a < b & c\""))
  }

  @Test func `escapes the quotation marks of names`() {
    let tape = Tape()
    _ = tape.variable(1, named: "\"a\\b\"") * 2
    #expect(tape.dot().contains(#"label="\"a\\b\"""#))
  }

  @Test func `of an empty tape is an empty page`() {
    #expect(texts(Tape().svg()) == ["above each edge: the value"])
    #expect(Tape().dot().contains("digraph") && Tape().dot().split(separator: "\n").count == 5)
  }

  /// The box of every text, as wide as a monospaced font draws it.
  private func boxes(_ svg: String) -> [(text: String, x: ClosedRange<Double>, y: ClosedRange<Double>)] {
    svg.split(separator: "\n").filter { $0.hasPrefix("<text") }.map { line in
      func attribute(_ name: String) -> Double {
        Double(line.split(separator: " \(name)=\"")[1].prefix { $0 != "\"" }) ?? .nan
      }
      let text = String(line.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" })
      let width = Double(text.count) * 7.9, y = attribute("y")
      let x = attribute("x") - (line.contains("\"middle\"") ? width / 2 : 0)
      return (text, x...x + width, y - 10...y + 3)
    }
  }

  @Test(arguments: [1, 2, 3]) func `has no text upon another`(_ seed: UInt64) {
    // Random graphs of sums and products, with values that are used again and again.
    let tape = Tape()
    var values = (0..<4).map { tape.variable(Tensor(Double($0)), named: "x\($0)") }
    let draws = Tensor(uniform: [60], key: RandomKey(seed: seed)).scalars(as: Double.self)
    for step in 0..<20 {
      let (a, b) = (
        values[Int(draws[step] * Double(values.count))], values[Int(draws[step + 20] * Double(values.count))]
      )
      values.append(draws[step + 40] < 0.4 ? a + b : draws[step + 40] < 0.8 ? a * 0.5 * b : tanh(a))
    }
    let boxes = boxes(tape.svg(with: (values[23] + values[22]).gradients()))
    #expect(boxes.count > 80)
    for (i, a) in boxes.enumerated() {
      for b in boxes[..<i] {
        #expect(!(a.x.overlaps(b.x) && a.y.overlaps(b.y)), "\(a) and \(b)")
      }
    }
  }
}
