import AdjointGraphs
import Testing

private let key = RandomKey(seed: 31)

/// Trains a model on pairs of inputs and outputs and returns its error before and after: one loop for every kind of model.
private func train(
  _ layer: some Layer, steps: Int, _ model: (Variable) -> Variable, on x: Variable, _ y: Variable
) -> (before: Double, after: Double) {
  let optimizer = Adam(learningRate: 0.05)
  func error() -> Variable { squaredErrorLoss(model(x), y) }
  let before = error().item()
  for _ in 0..<steps { optimizer.update(layer, with: valueWithGradients(error).gradients) }
  return (before, error().item())
}

@Suite struct `Models of signals on a graph` {
  /// A ring of eight nodes, and as many copies of it as there are signals.
  let ring: Graph
  let signals = 6
  let rings: Graph
  let filter = GraphFilter(
    taps: [0.5, 1, -0.3].map { (1, Parameter(Tensor([$0], shape: [1, 1]))) }, shift: .symmetric)

  init() throws {
    ring = try Graph(nodeCount: 8, undirected: (0..<8).map { ($0, ($0 + 1) % 8) })
    rings = GraphBatch([Graph](repeating: ring, count: signals)).graph
  }

  /// A signal in every row becomes a column of all nodes, and back.
  private func onRings(_ x: Variable, _ model: (Variable) -> Variable) -> Variable {
    model(x.reshaped(to: [8 * signals, 1])).reshaped(to: [signals, 8])
  }

  // 002-05, 002-06
  @Test func `map a graph and a signal, Φ(A, x), in any order of the nodes and at any size`() throws {
    let net = GraphFilterNet(1, layers: [(3, 4), (3, 2)], shift: .symmetric, activation: { tanh($0) }, key: key)
    let graph = Graph.grid(rows: 3, columns: 4), x = Tensor(normal: [12, 1], key: key.stream(1))
    let y = net(Variable(x), on: graph).value
    let report = checkEquivariance(of: { net($0, on: $1) }, on: graph, features: x)
    #expect(y.shape == [12, 2] && report.passes, "\(report)")
    // The same through matrices: Φ(P A Pᵀ, P x) = P Φ(A, x).
    let order = IndexArray(key.permutation(12)), moved = graph.permuted(order)
    let p = Variable(Tensor(zeros: [12, 12])).setting(rows: Variable(Tensor.eye(12)), at: order).value
    #expect(moved.denseAdjacency() == matmul(matmul(p, graph.denseAdjacency()), p, transposingRight: true))
    #expect(abs(net(Variable(matmul(p, x)), on: moved).value - matmul(p, y)).max().item() < 1e-6)
    // The very same parameters on graphs of other sizes.
    for count in [0, 1, 2, 34, 1000] {
      let other = Graph.ring(count), z = net(Variable(Tensor(normal: [count, 1], key: key)), on: other).value
      #expect(z.shape == [count, 2] && z.scalars(as: Double.self).allSatisfy { $0.isFinite })
    }
  }

  // 002-17
  @Test func `share one training loop: a linear map, a perceptron, a network and a graph filter`() {
    let x = Variable(Tensor(normal: [signals, 8], key: key)), y = onRings(x) { filter($0, on: rings) }
    let linear = Linear(8, 8, key: key.stream(1)), network = MLP([8, 16, 8], key: key.stream(2))
    let graphical = GraphFilter(1, 1, taps: 3, shift: .symmetric, key: key.stream(3))
    let errors = [
      train(linear, steps: 60, { linear($0) }, on: x, y), train(linear, steps: 60, { tanh(linear($0)) }, on: x, y),
      train(network, steps: 60, { network($0) }, on: x, y),
      train(graphical, steps: 60, { x in onRings(x) { graphical($0, on: rings) } }, on: x, y),
    ]
    for (before, after) in errors { #expect(after < before) }
  }

  // 002-18
  @Test func `fit alike when they are fully connected, but only those of the graph know a pattern that has moved`() {
    // The first signals leave the last nodes out; the same patterns return elsewhere on the ring.
    let seen = Variable(Tensor(normal: [signals, 8], key: key) * Tensor([1, 1, 1, 1, 0, 0, 0, 0]))
    let moved = seen.rolled(by: 4, along: 1)
    let (y, movedY) = (onRings(seen) { filter($0, on: rings) }, onRings(moved) { filter($0, on: rings) })
    let full = Linear(8, 8, key: key.stream(1))
    let graphical = GraphFilter(1, 1, taps: 3, shift: .symmetric, key: key.stream(3))
    let ofFull = train(full, steps: 250, { full($0) }, on: seen, y).after
    let ofGraph = train(graphical, steps: 250, { x in onRings(x) { graphical($0, on: rings) } }, on: seen, y).after
    #expect(ofFull <= ofGraph && ofGraph < 0.01)
    #expect(squaredErrorLoss(onRings(moved) { graphical($0, on: rings) }, movedY).item() < 0.01)
    #expect(squaredErrorLoss(full(moved), movedY).item() > 0.1)
  }

  // 000-17
  @Test func `of two graph convolutions learn the karate club from two members`() {
    let graph = KarateClub.graph, x = Variable(Tensor.eye(34))
    let model = GCN(34, hidden: 8, classes: 2, dropout: 0, key: key), optimizer = Adam(learningRate: 0.02)
    let labelled: IndexArray = [0, 33], labels = IndexArray(labelled.map { KarateClub.labels[$0] })
    for _ in 0..<60 {
      let (_, gradients) = valueWithGradients {
        softmaxCrossEntropy(logits: model(x, on: graph).gatherRows(labelled), labels)
      }
      optimizer.update(model, with: gradients)
    }
    let predictions = model(x, on: graph).value.argmax(along: 1)
    #expect((0..<34).count { predictions[$0] == KarateClub.labels[$0] } >= 31)
  }

  @Test func `made of layers are graph networks that drop nothing without a key, and read sparse features alike`() {
    withDefaultDType(.float64) {
      let x = Tensor(normal: [34, 5], key: key), graph = KarateClub.graph
      func check(_ dense: (Variable, RandomKey?) -> Variable, _ sparse: (SparseMatrix, RandomKey?) -> Variable) {
        let y = dense(Variable(x), nil).value
        #expect(y.shape == [34, 3] && abs(y - sparse(SparseMatrix(x), nil).value).max().item() <= 1e-10)
        #expect(dense(Variable(x), nil).value.isIdentical(to: y))
        #expect(dense(Variable(x), key).value != y)
        #expect(dense(Variable(x), key).value.isIdentical(to: dense(Variable(x), key).value))
      }
      let gat = GAT(5, hidden: 2, heads: 3, classes: 3, key: key), sage = GraphSAGE([5, 4, 3], key: key)
      let gin = GIN([5, 4, 3], key: key), cheb = ChebNet([5, 4, 3], key: key)
      check({ gat($0, on: graph, key: $1) }, { gat($0, on: graph, key: $1) })
      check({ sage($0, on: graph, key: $1) }, { sage($0, on: graph, key: $1) })
      check({ gin($0, on: graph, key: $1) }, { gin($0, on: graph, key: $1) })
      check({ cheb($0, on: graph, key: $1) }, { cheb($0, on: graph, key: $1) })
      let classifier = GINClassifier(5, hidden: 4, layers: 2, classes: 3, key: key)
      #expect(classifier(Variable(x), on: GraphBatch([graph])).shape == [1, 3])
    }
  }
}
