import AdjointGraphs
import Testing

private let key = RandomKey(seed: 46)

@Suite struct `The classifier of graph isomorphism networks` {
  /// A path, no nodes at all, a triangle with a tail.
  private let graphs: [Graph]
  init() throws {
    graphs = [.path(3), .ring(0), try Graph(nodeCount: 4, undirected: [(0, 1), (1, 2), (2, 0), (2, 3)])]
  }
  private var x: Tensor { Tensor(normal: [7, 2], key: key) }

  @Test func `adds up what is read of every layer`() {
    let batch = GraphBatch(graphs), model = GINClassifier(2, hidden: 3, layers: 2, classes: 2, key: key)
    let first = relu(model.norms[0](model.layers[0](Variable(x), on: batch.graph)))
    let second = relu(model.norms[1](model.layers[1](first, on: batch.graph)))
    let expected = zip(model.heads, [Variable(x), first, second]).map { $0(batch.readout($1, by: .sum)) }
    let y = model(Variable(x), on: batch)
    #expect(y.shape == [3, 2] && abs(y - (expected[0] + expected[1] + expected[2])).value.max().item() < 1e-5)
    // A graph without nodes has the biases, all 0 at first.
    #expect(y.value.rows(1..<2) == [[0, 0]])
  }

  @Test func `reads the last layer alone, without norms, when told so`() {
    let batch = GraphBatch(graphs)
    let model = GINClassifier(
      2, hidden: 3, layers: 2, classes: 2, isNormalized: false, readsEveryLayer: false, dropout: 0, key: key)
    #expect(
      model.norms.isEmpty && model.layers[0].network.norms.isEmpty && model.heads.count == 1 && model.buffers.isEmpty)
    let h = model.layers.reduce(Variable(x)) { relu($1($0, on: batch.graph)) }
    let y = model(Variable(x), on: batch, key: key)
    #expect(y.value.isIdentical(to: model.heads[0](batch.readout(h, by: .sum)).value))
  }

  @Test(arguments: [1, 2]) func `passes the gradient check in training and in evaluation`(_ order: Int) {
    withDefaultDType(.float64) {
      let batch = GraphBatch(graphs)
      let model = GINClassifier(2, hidden: 2, layers: 1, classes: 2, dropout: 0.3, key: key)
      for key in [key, nil] {
        let report = checkGradients(of: { model($0, on: batch, key: key) }, at: x, order: order)
        #expect(report.passes, "\(report)")
        let ofParameters = checkGradients(for: model.parameters, order: order) {
          model(Variable(x), on: batch, key: key)
        }
        #expect(ofParameters.passes, "\(ofParameters)")
      }
    }
  }

  @Test func `gives a graph the same logits alone and in a batch, whatever the numbers of its nodes`() {
    let batch = GraphBatch(graphs), model = GINClassifier(2, hidden: 3, layers: 2, classes: 2, key: key)
    _ = model(Variable(x), on: batch, key: key)
    let y = model(Variable(x), on: batch).value
    for (number, graph) in graphs.enumerated() {
      let rows = x.rows(batch.nodeOffsets[number]..<batch.nodeOffsets[number + 1])
      #expect(
        abs(model(Variable(rows), on: GraphBatch([graph])).value - y.rows(number..<number + 1)).max().item() < 1e-6)
    }
    let report = checkInvariance(
      of: { model($0, on: GraphBatch([$1])) }, on: graphs[2], features: x.rows(3..<7))
    #expect(report.passes, "\(report)")
  }

  @Test func `drops logits and takes the batch's statistics with a key alone`() {
    let batch = GraphBatch(graphs), model = GINClassifier(2, hidden: 3, layers: 2, classes: 2, key: key)
    let y = model(Variable(x), on: batch).value
    #expect(model(Variable(x), on: batch).value.isIdentical(to: y))
    #expect(model.buffers.count == 8 && model.norms[0].runningMean.value == [0, 0, 0])
    let trained = model(Variable(x), on: batch, key: key).value
    #expect(trained != y && model.norms[0].runningMean.value != [0, 0, 0])
    #expect(model.layers[0].network.norms[0].runningMean.value != [0, 0, 0])
    #expect(model(Variable(x), on: batch).value != y)
  }
}
