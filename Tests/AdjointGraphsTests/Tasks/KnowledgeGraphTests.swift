import AdjointGraphs
import Testing

private let key = RandomKey(seed: 41)

@Suite struct `A knowledge graph` {
  /// Lisbon, Portugal, Spain, Europe: capital of, lies in, borders on.
  private let facts: KnowledgeGraph
  init() throws {
    facts = try KnowledgeGraph(
      entityCount: 4, relationCount: 3, facts: [(0, 0, 1), (1, 1, 3), (2, 1, 3), (1, 2, 2), (2, 2, 1)])
  }

  @Test func `is a relational graph with an inverse for each relation`() {
    let kinds = facts.relationalGraph().relations
    #expect(kinds.count == 6)
    #expect(
      kinds.map { pairs($0) } == [
        [[0, 1]], [[1, 3], [2, 3]], [[2, 1], [1, 2]], [[1, 0]], [[3, 1], [3, 2]], [[2, 1], [1, 2]],
      ])
  }

  @Test func `names a fact about what is not there`() {
    let relation = #expect(throws: GraphError.self) {
      try KnowledgeGraph(entityCount: 2, relationCount: 1, facts: [(0, 0, 1), (1, 1, 0)])
    }
    #expect(relation?.description == "KnowledgeGraph: relation 1 of fact 1 is outside 0 ..< 1")
    let entity = #expect(throws: GraphError.self) {
      try KnowledgeGraph(entityCount: 2, relationCount: 1, facts: [(0, 0, 2)])
    }
    #expect(entity?.description == "Graph: edge 0 (0 → 2): node 2 is outside 0 ..< 2")
  }

  @Test func `has every entity as a candidate for targets, then for sources`() {
    let decoder = TransEDecoder(1, relations: 3, key: key)
    decoder.$translation.value = [[1], [10], [100]]
    let scores = decoder.candidateScores([[0], [1], [2], [3]], of: facts).value
    #expect(scores.shape == [10, 4] && facts.answers == [1, 3, 3, 2, 1, 0, 1, 2, 1, 2])
    // −|0 + 1 − e| for the target of fact 0, −|e + 10 − 3| for the source of fact 1.
    #expect(scores.rows(0..<1) == [[-1, 0, -1, -2]] && scores.rows(6..<7) == [[-7, -8, -9, -10]])
  }

  @Test func `ranks without entities that make another fact`() {
    let decoder = TransEDecoder(1, relations: 3, key: key)
    decoder.$translation.value = [[1], [1.25], [1]]
    // Spain lies in Europe, too, and scores better than Portugal.
    let z: Variable = [[0], [1], [2], [3]], scores = decoder.candidateScores(z, of: facts).value
    #expect(Ranks(scores: scores, truths: facts.answers).places[6...7] == [2, 1])
    #expect(Ranks(of: facts, by: decoder, z, known: facts).places[6...7] == [1, 1])
  }

  @Test func `of countries hides continents, which follow from the regions`() {
    let (known, hidden) = SyntheticTasks.countries(continents: 2, regions: 2, countries: 3, hidden: 0.5, key: key)
    #expect(known.entityCount == 18 && known.relationCount == 4 && hidden.count == 6)
    // 4 regions; 12 countries with a region, 6 with a continent; 3 borders in each region, in both directions.
    #expect((0..<4).map { relation in known.relations.count { $0 == relation } } == [12, 4, 6, 24])
    #expect(hidden.relations.allSatisfy { $0 == 2 })
    func target(_ source: Int, _ relation: Int) -> Int? {
      known.relations.indices.first { known.relations[$0] == relation && known.pairs[$0].source == source }.map {
        known.pairs[$0].target
      }
    }
    for fact in 0..<hidden.count {
      let (country, continent) = hidden.pairs[fact]
      #expect(target(country, 2) == nil && target(country, 0).flatMap { target($0, 1) } == continent)
    }
    #expect(SyntheticTasks.countries(hidden: 0, key: key).hidden.count == 0)
    #expect(SyntheticTasks.countries(regions: 1, countries: 2, key: key).known.relations.count { $0 == 3 } == 8)
    #expect(SyntheticTasks.countries(countries: 1, key: key).known.relations.allSatisfy { $0 != 3 })
    #expect(SyntheticTasks.countries(continents: 0, key: key).known.entityCount == 0)
  }

  // 002-02
  @Test(arguments: ["TransE", "DistMult", "ComplEx", "R-GCN"])
  func `is completed: hidden facts come among the first by filtered rank`(_ name: String) {
    let (known, hidden) = SyntheticTasks.countries(continents: 3, regions: 2, countries: 4, key: key)
    let table = Parameter(Tensor(normal: [known.entityCount, 12], key: key.stream(1)))
    let decoder: any RelationDecoder =
      switch name {
      case "TransE": TransEDecoder(12, relations: 4, key: key.stream(2))
      case "ComplEx": ComplExDecoder(12, relations: 4, key: key.stream(2))
      default: DistMultDecoder(12, relations: 4, key: key.stream(2))
      }
    let convolution = name == "R-GCN" ? RGCNConv(12, 12, relations: 8, key: key.stream(3)) : nil
    let graph = known.relationalGraph(), optimizer = Adam(learningRate: 0.05, weightDecay: 0.01)
    let parameters = decoder.parameters + (convolution?.parameters ?? []) + [("entities", table)]
    func embeddings() -> Variable {
      let z = table.wrappedValue
      return convolution.map { z + tanh($0(z, on: graph)) } ?? z
    }
    var losses: [Double] = []
    for _ in 0..<60 {
      let (loss, gradients) = valueWithGradients {
        softmaxCrossEntropy(logits: decoder.candidateScores(embeddings(), of: known), known.answers)
      }
      optimizer.update(parameters, with: gradients)
      losses.append(loss.item())
    }
    #expect(losses[59] < 0.6 * losses[0])
    let ranks = Ranks(of: hidden, by: decoder, embeddings(), known: known)
    // Of 33 entities, chance would find a mean reciprocal rank of 0.12.
    #expect(ranks.meanReciprocalRank > 0.5, "mean reciprocal rank \(ranks.meanReciprocalRank)")
    #expect(ranks.hits(at: 1) <= ranks.hits(at: 3) && ranks.hits(at: 3) > 0.6, "hits at 3: \(ranks.hits(at: 3))")
  }
}
