import AdjointGraphs
import Testing

private let key = RandomKey(seed: 22)

@Suite struct `A readout of sets by questions` {
  /// Graphs of three nodes, of none, of one and of two.
  let batch = GraphBatch([Graph.ring(3), .path(0), .path(1), .path(2)])
  let x = Tensor(normal: [6, 2], key: key, dtype: .float64)

  private func readout(_ steps: Int = 3) -> Set2Set {
    withDefaultDType(.float64) { Set2Set(2, steps: steps, key: key) }
  }

  @Test func `follows the paper's equations for each graph`() {
    let readout = readout(), y = readout(Variable(x), on: batch).value
    for g in 0..<batch.count {
      let m = Variable(x.rows(batch.nodeOffsets[g]..<batch.nodeOffsets[g + 1]))
      var state = readout.cell.zeroState(batch: 1, dtype: .float64)
      var seen = Variable(Tensor(zeros: [1, 4], dtype: .float64))
      for _ in 0..<3 {
        state = readout.cell(seen, state)
        let weights = softmax(matmul(state.hidden, m.transposed()))
        seen = concatenate(state.hidden, matmul(weights, m))
      }
      #expect(abs(y.rows(g..<g + 1) - seen.value).max().item() <= 1e-15, "graph \(g)")
    }
  }

  @Test func `does not depend on the order of the nodes`() {
    let readout = readout(), graph = Graph.ring(4), x = Tensor(normal: [4, 2], key: key.stream(1), dtype: .float64)
    #expect(checkInvariance(of: { readout($0, on: GraphBatch([$1])) }, on: graph, features: x).passes)
  }

  @Test func `reads nothing of a graph without nodes, and a single node as it is`() {
    let y = readout()(Variable(x), on: batch).value
    #expect(y.shape == [4, 4])
    #expect(Array(y.rows(1..<2).scalars(as: Double.self).suffix(2)) == [0, 0])
    #expect(Array(y.rows(2..<3).scalars(as: Double.self).suffix(2)) == x.rows(3..<4).scalars(as: Double.self))
    let none = readout()(Variable(Tensor(zeros: [0, 2], dtype: .float64)), on: GraphBatch([Graph]()))
    #expect(none.shape == [0, 4])
    // A graph alone gets the bits that it gets in the batch.
    let alone = readout()(Variable(x.rows(4..<6)), on: GraphBatch([Graph.path(2)])).value
    #expect(alone.isIdentical(to: y.rows(3..<4)))
  }

  @Test(arguments: [1, 2]) func `passes the gradient check`(_ order: Int) {
    withDefaultDType(.float64) {
      let readout = readout(2)
      let nodes = checkGradients(of: { readout($0, on: batch) }, at: x, order: order)
      #expect(nodes.passes, "\(nodes)")
      let parameters = checkGradients(for: readout.parameters, order: order) { readout(Variable(x), on: batch) }
      #expect(parameters.passes, "\(parameters)")
    }
  }
}
