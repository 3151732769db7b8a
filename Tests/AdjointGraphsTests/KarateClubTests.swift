import AdjointGraphs
import Testing

@Suite struct `The karate club` {
  @Test func `has 34 members and 78 friendships`() {
    let graph = KarateClub.graph
    #expect(graph.nodeCount == 34 && graph.edgeCount == 156 && KarateClub.friendships.count == 78)
    #expect(Set(KarateClub.friendships.map { [Swift.min($0, $1), Swift.max($0, $1)] }).count == 78)
    #expect(zip(graph.sources, graph.targets).allSatisfy { $0 != $1 })
    #expect(graph.inDegrees == graph.outDegrees)
    // The degrees that networkx.karate_club_graph() has.
    #expect(
      graph.inDegrees == [
        16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2, 2, 2, 2, 3, 2, 2, 2, 5, 3, 3, 2, 4, 3, 4, 4, 6, 12, 17,
      ])
  }

  @Test func `is connected`() {
    let graph = KarateClub.graph
    var reached = Variable(Tensor.eye(34).rows(0..<1).reshaped(to: [34, 1]))
    for _ in 0..<5 { reached = max(reached, graph.max(.source(reached))) }
    #expect(reached.value.sum().item() == 34)
  }

  @Test func `split in two halves of 17, Mr. Hi's and the administrator's`() {
    let hi = (0..<34).filter { KarateClub.labels[$0] == 0 }
    #expect(hi == Array(0...8) + Array(10...13) + [16, 17, 19, 21])
    #expect(hi.count == 17 && KarateClub.labels.count == 34 && KarateClub.labels[33] == 1)
  }

  @Test func `is learnt by a GCN from one label on each side`() {
    let model = GCN(34, hidden: 8, classes: 2, dropout: 0, key: RandomKey(seed: 5))
    let optimizer = Adam(learningRate: 0.02)
    let x = Variable(Tensor.eye(34)), graph = KarateClub.graph
    let known = (0..<34).map { $0 == 0 || $0 == 33 }
    for _ in 0..<100 {
      let gradients = valueWithGradients {
        softmaxCrossEntropy(logits: model(x, on: graph), KarateClub.labels, mask: known)
      }.gradients
      optimizer.update(model, with: gradients)
    }
    let right = zip(model(x, on: graph).value.argmax(along: 1), KarateClub.labels).count { $0 == $1 }
    #expect(right >= 32)
  }
}
