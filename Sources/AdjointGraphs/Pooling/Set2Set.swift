/// A readout that looks at the nodes of a graph several times, each time with a question that depends on what it has seen.
///
///     q_t = LSTM(q*_{t−1}),   e[i, t] = ⟨x[i], q_t⟩,   a[i, t] = softmax of e[i, t] over the nodes i of g
///     r_t = Σ_i a[i, t] x[i],   q*_t = [q_t, r_t],   h[g] = q*_T
///
/// x: `[N, D]`, q, r: `[G, D]` for G graphs, h: `[G, 2 D]`; q*₀ and the state of the memory are zeros. The result does not depend on
/// the order of the nodes. A graph without nodes reads r = 0 every time.
///
/// Source: Vinyals, Bengio & Kudlur, *Order Matters: Sequence to Sequence for Sets*, ICLR 2016, eqs. 3–7.
public struct Set2Set: Layer {
  /// The memory, of 2 D inputs and D units.
  public let cell: LSTMCell
  private let steps: Int

  /// Creates a readout.
  ///
  /// - Parameters:
  ///   - features: The number of features D of a node.
  ///   - steps: T, how often it looks, at least 1.
  ///   - key: The place in the random sequence.
  public init(_ features: Int, steps: Int, key: RandomKey) {
    require(steps >= 1, "Set2Set: \(steps) steps; there has to be at least 1")
    cell = LSTMCell(2 * features, features, key: key)
    self.steps = steps
  }

  /// Applies the readout.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, D]`; another shape stops the program.
  ///   - batch: The graphs.
  /// - Returns: `[batch.count, 2 D]`.
  /// - Complexity: O(T (N D + G D²)).
  public func callAsFunction(_ x: Variable, on batch: GraphBatch) -> Variable {
    let (graphs, count, units) = (batch.graphOfNode, batch.count, cell.units)
    batch.requireNodeRows(x, "Set2Set")
    require(x.rank == 2 && x.shape[1] == units, "Set2Set: rows of shape \(x.rowShape); they have \(units) features")
    var state = cell.zeroState(batch: count, dtype: x.dtype)
    var seen = Variable(Tensor(zeros: [count, 2 * units], dtype: x.dtype))
    for _ in 0..<steps {
      state = cell(seen, state)
      let question = state.hidden
      let score = (x * question.gatherRows(graphs)).sum(along: 1, keepingAxes: true)
      let answer = (score.segmentSoftmax(over: graphs, count: count) * x).scatterSum(to: graphs, count: count)
      seen = concatenate(question, answer)
    }
    return seen
  }
}
