import Adjoint

/// Scalars, where recording is all the work.
let tapes = [
  Case(name: "scalar_tape") { stopwatch in
    let evaluations = 200
    func evaluate(on tape: Tape) -> Double {
      let (x, y, z) = (tape.variable(-2), tape.variable(3), tape.variable(2))
      let f = max((x + y) * z, 0)
      let gradients = f.gradients()
      require(
        gradients[x].item() == 2 && gradients[y].item() == 2 && gradients[z].item() == 1,
        "scalar_tape: a gradient is wrong")
      return f.item()
    }
    func perEvaluation(_ milliseconds: Double) -> JSONFields {
      [
        ("ns_per_eval", .rounded(milliseconds * 1e6)), ("evals_per_s", .rounded(1e3 / milliseconds)),
        ("ops_per_s", .rounded(6e3 / milliseconds)),
      ]
    }
    let tape = Tape()
    stopwatch.measure("scalar_tape", variant: "reset", evaluations: evaluations, extra: perEvaluation) {
      var f = 0.0
      for _ in 0..<evaluations {
        tape.reset()
        f = evaluate(on: tape)
      }
      return f
    }
    stopwatch.measure("scalar_tape", variant: "fresh", evaluations: evaluations, extra: perEvaluation) {
      var f = 0.0
      for _ in 0..<evaluations { f = evaluate(on: Tape()) }
      return f
    }
  },

  Case(name: "chain") { stopwatch in
    let operations = 1_000_000
    let before = Process.residentMemory
    var recordTimes: [Double] = [], sweepTimes: [Double] = []
    var bytesPerOperation = 0.0
    let clock = ContinuousClock()
    stopwatch.measure(
      "chain",
      extra: { milliseconds in
        [
          ("ns_per_op", .rounded(milliseconds * 1e6 / Double(operations))),
          ("record_ms", .rounded(median(recordTimes))), ("sweep_ms", .rounded(median(sweepTimes))),
          ("tape_bytes_per_op", .rounded(bytesPerOperation)), ("rss_before_mb", .rounded(before)),
        ]
      }
    ) {
      TensorMemory.resetPeak()
      let liveBefore = TensorMemory.liveBytes
      let tape = Tape()
      let x = tape.variable(1)
      var y = x
      let start = clock.now
      for _ in 0..<operations / 2 { y = y * 1.0000001 + 1e-9 }
      let recorded = clock.now
      bytesPerOperation = Double(TensorMemory.liveBytes - liveBefore) / Double(operations)
      let gradient = y.gradients(keeping: .leaves)[x].item()
      recordTimes.append((recorded - start).seconds * 1e3)
      sweepTimes.append((clock.now - recorded).seconds * 1e3)
      return gradient
    }
  },
]
