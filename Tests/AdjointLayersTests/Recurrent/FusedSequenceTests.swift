import AdjointLayers
import Testing

/// A batch to compare on: lengths and direction.
struct Batch: Sendable, CustomTestStringConvertible {
  let steps: Int, batch: Int, lengths: [Int]?, reversed: Bool

  var testDescription: String {
    "\(steps) steps of \(batch)\(lengths.map { ", lengths \($0)" } ?? "")\(reversed ? ", reversed" : "")"
  }

  static let all = [
    Batch(steps: 4, batch: 3, lengths: nil, reversed: false), Batch(steps: 4, batch: 3, lengths: nil, reversed: true),
    Batch(steps: 5, batch: 4, lengths: [2, 0, 5, 3], reversed: false),
    Batch(steps: 5, batch: 4, lengths: [2, 0, 5, 3], reversed: true),
    Batch(steps: 1, batch: 1, lengths: nil, reversed: false),
    Batch(steps: 3, batch: 2, lengths: [0, 0], reversed: false),
    Batch(steps: 0, batch: 2, lengths: nil, reversed: false), Batch(steps: 0, batch: 2, lengths: nil, reversed: true),
    Batch(steps: 2, batch: 0, lengths: nil, reversed: false),
  ]
}

/// Outputs and gradients of sequences of several lengths on a number of threads.
private func result(of cell: some AffineCell, threads: Int) -> SequenceResult {
  setThreadCount(threads)
  let key = RandomKey(seed: 3)
  let x = Tensor(normal: [3, 13, 4], key: key), state = cell.randomState(batch: 13, key: key.stream(1))
  let lengths = IndexArray((0..<13).map { $0 % 4 })
  return SequenceResult(cell, over: x, from: state, lengths: lengths, reversed: false, isFused: true)
}

@Suite struct `A sequence as one operation` {
  let key = RandomKey(seed: 3)

  @Test(arguments: CellForm.allCases, Batch.all)
  func `agrees with the cell's steps in values and gradients`(form: CellForm, batch: Batch) {
    for (dtype, tolerance) in [(DType.float32, 3e-6), (.float64, 1e-14)] {
      withDefaultDType(dtype) {
        compare(form.cell(3, 5), batch, tolerance)
      }
    }
  }

  @Test(arguments: CellForm.allCases)
  func `agrees for as many units as fill vectors, and without biases`(form: CellForm) {
    let batch = Batch(steps: 3, batch: 9, lengths: nil, reversed: false)
    compare(form.cell(2, 33, bias: .single), batch, 1e-5)
    compare(form.cell(2, 16, bias: .none), batch, 1e-5)
    compare(form.cell(0, 1), batch, 1e-5)
  }

  private func compare(_ cell: some AffineCell, _ batch: Batch, _ tolerance: Double) {
    let x = Tensor(normal: [batch.steps, batch.batch, cell.inputs], key: key)
    let state = cell.randomState(batch: batch.batch, key: key.stream(1))
    let lengths = batch.lengths.map { IndexArray($0) }
    let results = [true, false].map {
      SequenceResult(cell, over: x, from: state, lengths: lengths, reversed: batch.reversed, isFused: $0)
    }
    let distance = results[0].distance(to: results[1])
    #expect(distance <= tolerance, "\(distance)")
  }

  @Test(arguments: CellForm.allCases, [1, 2])
  func `passes the gradient check`(form: CellForm, order: Int) {
    withDefaultDType(.float64) { check(form.cell(1, 2), order, .float64) }
  }

  @Test(arguments: CellForm.allCases) func `passes the gradient check in single precision`(form: CellForm) {
    check(form.cell(1, 2), 1, .float32)
  }

  /// Away from the kink of relu, which only large biases reach.
  private func check(_ cell: some AffineCell, _ order: Int, _ dtype: DType) {
    let x = Variable(Tensor(normal: [2, 2, 1], key: key, dtype: dtype))
    let state = cell.randomState(batch: 2, dtype: dtype, key: key.stream(1))
    let report = checkGradients(for: cell.parameters, order: order, dtype: dtype) {
      let (outputs, last) = cell.sequence(over: x, from: state, lengths: [2, 1], reversed: false)
      return flattened(outputs, last)
    }
    #expect(report.passes, "\(report)")
    checkInputs(cell, x.value, state, order, dtype)
  }

  private func checkInputs<Cell: AffineCell>(
    _ cell: Cell, _ x: Tensor, _ state: Cell.State, _ order: Int, _ dtype: DType
  ) {
    let report = checkGradients(
      of: { inputs in
        let initial = Cell.State(stateVariables: Array(inputs.dropFirst()))
        let (outputs, last) = cell.sequence(over: inputs[0], from: initial, lengths: nil, reversed: true)
        return flattened(outputs, last)
      }, at: [x] + state.stateVariables.map(\.value), order: order, dtype: dtype)
    #expect(report.passes, "\(report)")
  }

  @Test(arguments: CellForm.allCases) func `has the same bits for any number of threads`(form: CellForm) async {
    await #expect(processExitsWith: .success) { [name = form.rawValue as String] in
      let cell = try #require(CellForm(rawValue: name)).cell(4, 40)
      let first = result(of: cell, threads: 1)
      for threads in [2, 3, 7] {
        let other = result(of: cell, threads: threads)
        for (a, b) in zip(first.values + first.gradients, other.values + other.gradients) {
          #expect(a.isIdentical(to: b), "\(threads) threads")
        }
      }
    }
  }

  @Test func `is one entry of the tape, whatever the number of steps`() {
    let cell = GRUCell(2, 3, key: key)
    func entries(_ steps: Int) -> Int {
      let tape = Tape()
      tape.recording {
        _ = cell.sequence(
          over: Variable(Tensor(ones: [steps, 1, 2])), from: cell.zeroState(batch: 1, dtype: .float32), lengths: nil,
          reversed: false)
      }
      return tape.count
    }
    #expect(entries(2) == entries(200))
  }

  @Test(arguments: CellForm.allCases) func `never reads padding`(form: CellForm) {
    func check(_ cell: some AffineCell) {
      var x = Tensor(ones: [3, 2, 2])
      let state = cell.randomState(batch: 2, key: key)
      let clean = SequenceResult(cell, over: x, from: state, lengths: [3, 1], reversed: false, isFused: true)
      for time in 1..<3 { for feature in 0..<2 { x[time, 1, feature] = .nan } }
      let dirty = SequenceResult(cell, over: x, from: state, lengths: [3, 1], reversed: false, isFused: true)
      for (a, b) in zip(clean.values + clean.gradients, dirty.values + dirty.gradients) {
        #expect(a.isIdentical(to: b))
      }
    }
    check(form.cell(2, 3))
  }
}
