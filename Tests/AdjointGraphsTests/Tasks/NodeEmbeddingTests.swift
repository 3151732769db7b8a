import AdjointGraphs
import Testing

private let key = RandomKey(seed: 36)

@Suite struct `Embeddings from walks` {
  @Test func `pairs lie within the window of one walk`() {
    let walks: IndexArray = [0, 1, 2, 3, 4, 5, -1, -1]
    let pairs = NodePairs(visitedTogetherBy: walks, length: 3, window: 1)
    #expect(
      pairs == NodePairs([(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (4, 5), (5, 4)]))
    #expect(NodePairs(visitedTogetherBy: walks, length: 3, window: 9).count == 4 * 3 + 2)
    #expect(NodePairs(visitedTogetherBy: [], length: 3, window: 2).isEmpty)
    #expect(NodePairs(visitedTogetherBy: [4, 2], length: 0, window: 2).isEmpty)
  }

  // 001-36: the loss falls, and held-out edges score above pairs without one.
  @Test func `tell held-out edges from pairs without one`() throws {
    let (graph, _) = Graph.stochasticBlockModel(
      sizes: [20, 20], probabilities: [[0.6, 0.02], [0.02, 0.6]], key: key)
    let split = try LinkSplit(graph, validation: 0.05, test: 0.1, key: key)
    let messages = split.train.messages
    let walks = messages.randomWalks(
      from: IndexArray((0..<200).map { $0 % 40 }), length: 6, p: 1, q: 0.5, key: key.stream(1))
    let positives = NodePairs(visitedTogetherBy: walks, length: 6, window: 2)
    let table = Parameter(Tensor(normal: [40, 4], standardDeviation: 0.1, key: key.stream(2)))
    let optimizer = Adam(learningRate: 0.05)
    var losses: [Double] = []
    for step in 0..<80 {
      let draws = key.stream(3).stream(step).bits(count: 2 * 1000).map { Int($0 % 40) }
      let negatives = NodePairs((0..<1000).map { (draws[2 * $0], draws[2 * $0 + 1]) })
      let (loss, gradients) = valueWithGradients {
        reconstructionLoss(DotDecoder(), table.wrappedValue, edges: positives, nonEdges: negatives)
      }
      optimizer.update([("table", table)], with: gradients)
      losses.append(loss.item())
    }
    #expect(losses[79] < 0.9 * losses[0])
    let z = Variable(table.value), held = split.test
    let yes = DotDecoder()(z, of: held.positives).scalars(as: Double.self)
    let no = DotDecoder()(z, of: held.negatives).scalars(as: Double.self)
    let wins = yes.reduce(0.0) { sum, score in sum + Double(no.count { $0 < score }) }
    #expect(wins / Double(yes.count * no.count) > 0.8)
  }
}
