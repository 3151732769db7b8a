import AdjointAutodiff
import Testing

/// x², with a pullback that is wrong by a factor.
private func wrongSquare(_ x: Variable, factor: Double) -> Variable {
  record("wrong square", x, value: x.value * x.value, saving: .inputs) { dy, saved in [Variable(factor) * dy * saved[0]]
  }
}

@Suite struct `A gradient check` {
  @Test(arguments: [1, 2], DType.allCases) func `passes what is right`(_ order: Int, _ dtype: DType) {
    let report = checkGradients(of: { wrongSquare($0, factor: 2) }, at: [1, -2, 3], order: order, dtype: dtype)
    #expect(report.passes && report.elements.count == 3)
    #expect(
      report.description.hasPrefix(
        "gradient check of wrong square, order \(order), \(dtype): 3 elements agree, the worst within "))
  }

  @Test(arguments: [(2.001, DType.float64), (1.999, .float64), (2.02, .float32), (1.98, .float32), (-2, .float32)])
  func `fails what is wrong, in every element`(_ factor: Double, _ dtype: DType) {
    let report = checkGradients(of: { wrongSquare($0, factor: factor) }, at: [1, -2, 3], dtype: dtype)
    #expect(!report.passes && report.elements.allSatisfy { $0.verdict == .wrong })
    #expect((report.worst?.error ?? 0) > 1)
  }

  @Test func `fails a second derivative that is wrong where the first is right`() {
    // The pullback reads a constant where it should read the variable.
    func frozen(_ x: Variable) -> Variable {
      record("frozen", x, value: x.value * x.value, saving: .inputs) { dy, saved in [2 * dy * saved[0].detached()] }
    }
    #expect(checkGradients(of: frozen, at: [1, 2]).passes)
    let second = checkGradients(of: frozen, at: [1, 2], order: 2)
    #expect(!second.passes && second.elements.allSatisfy { $0.verdict == .wrong && $0.analytic == 0 })
  }

  @Test func `names the input, the position and both numbers`() {
    let report = checkGradients(
      of: { wrongSquare($0[0], factor: 2) + wrongSquare($0[1], factor: 3).sum() }, at: [[1, 2], [4, 5]])
    let wrong = report.elements.filter { $0.verdict == .wrong }
    #expect(wrong.map(\.name) == ["input 1", "input 1"] && wrong.map(\.position) == [0, 1])
    let lines = report.description.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0] == "gradient check of add, order 1, float64: 2 of 4 elements disagree")
    #expect(lines[1].hasPrefix("  input 1[1]: wrong: reverse sweep "))
    #expect(lines[2].hasPrefix("  input 1[0]: wrong: reverse sweep "))
    #expect(lines[1].contains(", differences ") && lines[1].contains(" (step ") && lines[1].contains(", tolerance "))
  }

  @Test func `shows ten elements at most, the worst first`() {
    let point = Tensor((1...30).map(Double.init))
    let report = checkGradients(of: { wrongSquare($0, factor: 3) }, at: point)
    #expect(report.description.split(separator: "\n").count == 11)
    #expect((report.worst?.error ?? 0) == report.elements.map(\.error).max())
  }

  static let kinks: [String: @Sendable (Variable) -> Variable] = [
    "relu(0)": { relu($0) }, "abs(0)": { abs($0) }, "max(x, 0) at 0": { max($0, 0) }, "min(x, 0) at 0": { min($0, 0) },
    "max(x, −x) at 0": { max($0, -$0) }, "maximum of two ties": { concatenate([$0, -2 * $0]).max(along: 0) },
    "minimum of two ties": { concatenate([$0, 3 * $0]).min(along: 0) },
    "scatterMax of a tie": { concatenate([$0, -$0]).scatterMax(to: [0, 0], count: 1) },
  ]

  @Test(arguments: kinks.keys.sorted(), DType.allCases)
  func `names a kink as one`(_ name: String, _ dtype: DType) throws {
    let function = try #require(Self.kinks[name])
    let report = checkGradients(of: function, at: [0], dtype: dtype)
    #expect(report.elements.map(\.verdict) == [.kink] && !report.passes, "\(report)")
    #expect(report.description.contains("[0]: kink: reverse sweep "))
    #expect(report.description.contains("; slope ") && report.description.contains(" below, "))
    let smooth = checkGradients(of: function, at: [0.5], dtype: dtype)
    #expect(smooth.passes, "\(smooth)")
  }

  @Test func `does not take a minimum, an inflexion or a steep slope for a kink`() {
    for f in [{ $0 * $0 }, { $0 * $0 * $0 }, { tanh(2 * $0) }, { exp($0) - $0 }] as [(Variable) -> Variable] {
      for dtype in [DType.float64, .float32] {
        let report = checkGradients(of: f, at: [0], dtype: dtype)
        #expect(report.elements.allSatisfy { $0.verdict != .kink }, "\(report)")
      }
      #expect(checkGradients(of: f, at: [0]).passes)
    }
  }

  @Test func `names a function that is not repeatable`() {
    var calls: UInt64 = 0
    let report = checkGradients(
      of: { x in
        calls += 1
        return x + Variable(Tensor(uniform: x.shape, key: RandomKey(seed: calls), dtype: x.dtype))
      }, at: [1, 2])
    #expect(!report.passes && !report.isRepeatable && report.elements.isEmpty)
    #expect(
      report.description
        == "gradient check of add, order 1, float64: the function gives different results at the same point; "
        + "pass it the same random key every time")
    let key = RandomKey(seed: 1)
    #expect(checkGradients(of: { dropout($0, probability: 0.5, key: key) }, at: Tensor(ones: [10])).passes)
  }

  @Test func `fails a gradient that is NaN or missing`() {
    func broken(_ gradient: Double?) -> GradientReport {
      checkGradients(
        of: { x in
          let (shape, dtype) = (x.shape, x.dtype)
          return record("broken", x, value: x.value * 2) { _, _ in
            [gradient.map { Variable(Tensor(repeating: $0, shape: shape, dtype: dtype)) }]
          }
        }, at: [1, 2])
    }
    #expect(!broken(.nan).passes && !broken(.infinity).passes && !broken(nil).passes)
    #expect(broken(.nan).worst?.error == .infinity)
  }

  @Test func `looks at 200 elements of a large input`() {
    let report = checkGradients(of: { wrongSquare($0, factor: 2).sum() }, at: Tensor(repeating: 0.5, shape: [1000]))
    #expect(report.passes && report.elements.count == 200)
    #expect(Set(report.elements.map(\.position)).count == 200)
  }

  @Test func `of a function that ignores its input passes, its derivative being 0`() {
    #expect(checkGradients(of: { _ in Variable(Tensor(3, dtype: .float64)) }, at: [1, 2]).passes)
    #expect(checkGradients(of: { $0 * 2 }, at: [1, 2], order: 2).passes)
  }

  @Test(arguments: [1, 2]) func `of parameters puts their values back`(_ order: Int) {
    let w = Parameter(Tensor([1, 2], dtype: .float32)), b = Parameter(Tensor(3, dtype: .float32))
    let report = checkGradients(for: [("w", w), ("b", b)], order: order) {
      (w.wrappedValue * w.wrappedValue * b.wrappedValue).sum()
    }
    #expect(report.passes && report.elements.map(\.name) == ["w", "w", "b"])
    #expect(w.value.isIdentical(to: Tensor([1, 2], dtype: .float32)))
    #expect(b.value.isIdentical(to: Tensor(3, dtype: .float32)))
  }

  @Test func `of parameters names what is wrong by its path`() {
    let w = Parameter([1, 2])
    let report = checkGradients(for: [("layer.w", w)]) { wrongSquare(w.wrappedValue, factor: 2.001) }
    #expect(report.description.contains("  layer.w[1]: wrong: "))
  }

  @Test(arguments: [(1e9, DType.float64), (1e3, .float32)])
  func `tells noise from a mistake where digits cancel`(_ offset: Double, _ dtype: DType) {
    func cancelling(_ x: Variable) -> Variable { (x + Variable(offset)) - Variable(offset) }
    let report = checkGradients(of: cancelling, at: [0.3, -0.7, 0.1], dtype: dtype)
    #expect(!report.passes && report.elements.contains { $0.verdict == .noise }, "\(report)")
    #expect(report.elements.allSatisfy { $0.verdict == .noise || $0.verdict == .agrees }, "\(report)")
    #expect(
      report.description.contains(": noise: reverse sweep ") && report.description.contains("; other steps give "))
    #expect(
      report.description.contains(dtype == .float32 ? ": check in float64" : ": check at a point where fewer digits"))
    // Digits that cancel do not hide a derivative that is wrong by more than they leave open.
    let wrong = checkGradients(of: { cancelling(wrongSquare($0, factor: -20)) }, at: [3], dtype: dtype)
    #expect(wrong.elements.map(\.verdict) == [.wrong], "\(wrong)")
  }

  @Test func `takes a strongly curved function for what it is`() {
    // The error of a central difference is h² f‴ / 6.
    #expect(checkGradients(of: { sin(2000 * $0) }, at: [0.3]).passes)
    let wrong = checkGradients(of: { sin(2000 * $0) + wrongSquare($0, factor: 500) }, at: [0.3])
    #expect(wrong.elements.map(\.verdict) == [.wrong], "\(wrong)")
  }

  @Test(arguments: DType.allCases) func `finds a mistake in any element of a large input`(_ dtype: DType) throws {
    let point = Tensor(uniform: [500], low: 0.5, high: 1, key: RandomKey(seed: 2))
    let right = checkGradients(of: { $0 * $0 }, at: point, dtype: dtype)
    #expect(right.passes && right.elements.count == 200 && right.directions.count == 4, "\(right)")
    // The mistake is in an element that the samples miss.
    let sampled = Set(right.elements.map(\.position))
    let missed = try #require((0..<500).first { !sampled.contains($0) })
    func slipped(_ x: Variable) -> Variable {
      record("slipped", x, value: x.value * x.value, saving: .inputs) { dy, saved in
        let factors = (0..<500).map { $0 == missed ? 400.0 : 2.0 }
        return [dy * Variable(Tensor(factors, shape: [500], dtype: dy.dtype)) * saved[0]]
      }
    }
    let report = checkGradients(of: slipped, at: point, dtype: dtype)
    #expect(report.elements.allSatisfy { $0.verdict == .agrees })
    #expect(report.directions.map(\.verdict) == [.wrong, .wrong, .wrong, .wrong], "\(report)")
    #expect(report.description.contains("4 of 200 elements and 4 directions disagree"))
    #expect(report.description.contains("  input 0 along direction "))
  }

  @Test func `prints every element in a table`() {
    let report = checkGradients(of: { wrongSquare($0, factor: 3) }, at: [1, 2])
    let lines = report.table.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines[0].split(separator: " ") == ["verdict", "reverse", "sweep", "differences", "step", "tolerance"])
    #expect(lines[1].hasPrefix("input 0[0]  wrong    ") && lines[2].hasPrefix("input 0[1]  wrong    "))
  }
}
