import AdjointGraphs
import Testing

@Suite struct `Places by score` {
  private let scores: Tensor = [[0.1, 0.9, 0.5], [3, 3, 1], [0, 0, 0]]

  @Test func `count the better candidates, and half of the equal ones`() {
    let ranks = Ranks(scores: scores, truths: [2, 1, 0])
    #expect(ranks.places == [2, 1.5, 2])
    // (1/2 + 2/3 + 1/2) / 3
    #expect(abs(ranks.meanReciprocalRank - 5.0 / 9) < 1e-12)
    #expect(ranks.hits(at: 1) == 0)
    #expect(ranks.hits(at: 2) == 1)
  }

  @Test func `leave out what is filtered, but never the truth`() {
    #expect(Ranks(scores: scores, truths: [2, 1, 0], filtered: [[1, 2], [], [1, 2]]).places == [1, 1.5, 1])
  }

  @Test func `of a constant score are no better than chance`() {
    let ranks = Ranks(scores: Tensor(zeros: [10, 9]), truths: IndexArray([Int](repeating: 4, count: 10)))
    #expect(ranks.places.allSatisfy { $0 == 5 })
  }

  @Test func `infinite scores have places`() {
    let low = -Double.infinity
    #expect(Ranks(scores: Tensor([low, 0, -low], shape: [1, 3]), truths: [0]).places == [3])
    #expect(Ranks(scores: Tensor([low, low], shape: [1, 2]), truths: [0]).places == [1.5])
  }

  @Test func `of no queries are not a number`() {
    let none = Ranks(scores: Tensor(zeros: [0, 3]), truths: [])
    #expect(none.meanReciprocalRank.isNaN && none.hits(at: 1).isNaN)
  }
}
