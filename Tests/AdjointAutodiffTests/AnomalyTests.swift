import AdjointAutodiff
import Testing

/// The anomaly that a computation meets, if any.
private func anomaly(allowingInfinities: Bool = false, on tape: Tape? = nil, _ body: () throws -> Void) throws
  -> Anomaly?
{
  do {
    try withAnomalyDetection(on: tape, allowingInfinities: allowingInfinities, body)
    return nil
  } catch let anomaly as Anomaly {
    return anomaly
  }
}

@Suite struct `Anomaly detection` {
  @Test func `names the operation, the element, the inputs and the call of a bad result`() throws {
    let weight = Parameter(Tensor([1, 2, 0, 4], shape: [2, 2], dtype: .float64))
    var line = 0
    let found = try anomaly {
      let tape = Tape()
      tape.recording {
        line = #line + 1
        _ = tanh(log(weight.wrappedValue) * 0)
      }
    }
    let anomaly = try #require(found)
    #expect(anomaly.direction == .forward && anomaly.operation == "log" && anomaly.input == nil)
    #expect(anomaly.value == -.infinity && anomaly.position == [1, 0])
    #expect(anomaly.inputs.map(\.minimum) == [0] && anomaly.inputs.map(\.maximum) == [4])
    #expect(anomaly.inputs.map(\.nanCount) == [0] && anomaly.inputs.map(\.infinityCount) == [0])
    let lines = anomaly.description.split(separator: "\n")
    #expect(lines[0].hasPrefix("log: the result is -inf at [1, 0]"))
    #expect(lines[1] == "  input 0: float64 [2, 2], min 0, max 4, 0 NaN, 0 infinite")
    #if os(Linux) && DEBUG
    #expect(anomaly.callSite?.hasPrefix("AdjointAutodiffTests/AnomalyTests.swift:\(line) in ") == true, "\(anomaly)")
    #endif
  }

  @Test func `finds a gradient that is infinite where the value is not`() throws {
    let found = try anomaly {
      let tape = Tape()
      let x = tape.variable(Tensor([4, 0], dtype: .float32), named: "x")
      let y = sqrt(x)
      _ = (y + 1).sum().gradients()
    }
    let anomaly = try #require(found)
    #expect(anomaly.direction == .backward && anomaly.operation == "sqrt" && anomaly.input == 0)
    #expect(anomaly.value == .infinity && anomaly.position == [1])
    #expect(anomaly.inputs.map(\.label) == ["input 0 (x)", "upstream gradient"])
    #expect(anomaly.inputs.map(\.maximum) == [4, 1])
    #expect(anomaly.description.hasPrefix("sqrt: the gradient of input 0 is inf at [1]"))
  }

  @Test func `tells the NaN that comes in with the data`() throws {
    let found = try anomaly {
      let weight = Parameter(Tensor(ones: [2, 2], dtype: .float64))
      _ = valueWithGradients {
        matmul(Variable(Tensor([1, .nan], shape: [1, 2], dtype: .float64)), weight.wrappedValue).sum()
      }
    }
    #expect(found?.operation == "matmul" && found?.inputs.map(\.nanCount) == [1, 0])
    #expect(found?.value.isNaN == true && found?.position == [0, 0])
  }

  @Test func `reports the first of several, and lets the body run to its end`() throws {
    var ended = false
    let found = try anomaly {
      let tape = Tape()
      let x = tape.variable(-1)
      _ = log(sqrt(x)).gradients()
      ended = true
    }
    #expect(found?.operation == "sqrt" && ended)
  }

  @Test func `looks into derivatives of derivatives and checkpointed blocks`() throws {
    let second = try anomaly { _ = gradient(of: { gradient(of: { pow($0, 1.5) }, at: $0) }, at: Variable(Tensor(0))) }
    #expect(second != nil)
    let block = try anomaly {
      let tape = Tape()
      _ = checkpoint(tape.variable(0)) { log($0) * 0 + 1 }
    }
    #expect(block?.operation == "log")
  }

  @Test func `allows infinities if told to, but never NaN`() throws {
    func masked() {
      let tape = Tape()
      _ = softmax(tape.variable([1, 2]) + Variable([0, Tensor(-Double.infinity)])).gradients(seed: [1, 1])
    }
    #expect(try anomaly(masked)?.operation == "add")
    #expect(try anomaly(allowingInfinities: true, masked) == nil)
    let nan = try anomaly(allowingInfinities: true) {
      let tape = Tape()
      _ = sqrt(tape.variable(-1))
    }
    #expect(nan?.operation == "sqrt")
  }

  @Test func `watches a tape from before, the scope around it, and nothing after its end`() throws {
    let tape = Tape()
    let x = tape.variable(0)
    #expect(try anomaly { _ = log(x) } == nil)
    #expect(try anomaly(on: tape) { _ = log(x) }?.operation == "log")
    #expect(try tape.recording { try anomaly { _ = log(x) } }?.operation == "log")
    _ = log(x).gradients()
    #expect(try withAnomalyDetection { 3 } == 3)
  }

  @Test func `throws what the body throws if nothing else was wrong, and the anomaly if something was`() {
    struct Mine: Error {}
    #expect(throws: Mine.self) { try withAnomalyDetection { throw Mine() } }
    #expect(throws: Anomaly.self) {
      let tape = Tape()
      try withAnomalyDetection(on: tape) {
        _ = log(tape.variable(0))
        throw Mine()
      }
    }
  }

  @Test func `nests: each scope has its own report`() throws {
    let outer = try anomaly {
      let inner = try anomaly {
        let tape = Tape()
        _ = log(tape.variable(0))
      }
      #expect(inner?.operation == "log")
      let tape = Tape()
      _ = sqrt(tape.variable(-1))
    }
    #expect(outer?.operation == "sqrt")
  }

  @Test func `does not change a computation, its tape or its gradients`() throws {
    func run() -> (Int, [Double]) {
      let tape = Tape()
      let x = tape.variable(Tensor([0.5, 2], dtype: .float64))
      let y = (exp(x) * x + x).sum()
      return (tape.count, y.gradients()[x].scalars())
    }
    let watched = try withAnomalyDetection { run() }, plain = run()
    #expect(watched == plain)
  }
}
