import AdjointGraphs
import Testing

private let key = RandomKey(seed: 54)

/// Six cities, each the capital of a country, three countries on each of two continents; countries of one continent are neighbours.
private struct World {
  static let entities = 14
  /// capital of, lies in, is a neighbour of
  static let relations = 3
  /// (source, relation, target): cities 0 to 5, countries 6 to 11, continents 12 and 13.
  let facts: [(Int, Int, Int)]
  let training: [(Int, Int, Int)]
  /// Follows from the others: a city lies where its country does, and neighbours are neighbours both ways.
  let asked: [(Int, Int, Int)]

  init() {
    var facts: [(Int, Int, Int)] = []
    for city in 0..<6 {
      let country = 6 + city, continent = 12 + city / 3
      facts += [(city, 0, country), (country, 1, continent), (city, 1, continent)]
      facts += (6..<12).filter { $0 != country && ($0 - 6) / 3 == city / 3 }.map { (country, 2, $0) }
    }
    let asked = [(1, 1, 12), (4, 1, 13), (7, 2, 6), (10, 2, 11)]
    self.facts = facts
    self.asked = asked
    training = facts.filter { fact in !asked.contains { $0 == fact } }
  }

  /// The score of every entity as the target of each fact, `[facts, entities]`.
  func scores(_ decoder: some RelationDecoder, _ z: Variable, _ facts: [(Int, Int, Int)]) -> Variable {
    let pairs = NodePairs(facts.flatMap { fact in (0..<Self.entities).map { (fact.0, $0) } })
    let relations = IndexArray(facts.flatMap { fact in [Int](repeating: fact.1, count: Self.entities) })
    return decoder(z, of: pairs, by: relations).reshaped(to: [facts.count, Self.entities])
  }

  /// The places of the asked targets among all that are not true as well.
  func ranks(_ decoder: some RelationDecoder, _ z: Variable) -> Ranks {
    let filtered = asked.map { asked in facts.filter { $0.0 == asked.0 && $0.1 == asked.1 }.map(\.2) }
    return Ranks(
      scores: scores(decoder, z, asked).value, truths: IndexArray(asked.map(\.2)), filtered: filtered)
  }

  func loss(_ decoder: some RelationDecoder, _ z: Variable) -> Variable {
    softmaxCrossEntropy(logits: scores(decoder, z, training), IndexArray(training.map(\.2)))
  }

  /// The facts of training as edges of three kinds.
  func messages() throws -> RelationalGraph {
    let graph = try Graph(nodeCount: Self.entities, edges: training.map { ($0.0, $0.2) })
    return RelationalGraph(graph, kinds: IndexArray(training.map(\.1)), count: Self.relations)
  }
}

// 002-02: completing a knowledge graph; facts that are left out are ranked among all that are not known.
@Suite struct `A knowledge graph is completed` {
  private let world = World()
  private let table = Embedding(World.entities, 8, initializer: .normal(standardDeviation: 0.5), key: key.stream(0))

  private func check(_ decoder: some RelationDecoder, steps: Int = 80) {
    let before = world.ranks(decoder, table.weight).meanReciprocalRank
    let losses = fit(table, decoder, steps: steps, learningRate: 0.05) { _ in world.loss(decoder, table.weight) }
    #expect(losses[steps - 1] < 0.7 * losses[0], "\(losses[0]) → \(losses[steps - 1])")
    let ranks = world.ranks(decoder, table.weight)
    #expect(
      ranks.meanReciprocalRank > 0.5 && ranks.meanReciprocalRank > before,
      "places \(ranks.places), reciprocal rank \(before) before")
    #expect(ranks.hits(at: 3) >= 0.75, "places \(ranks.places)")
  }

  @Test func `by translations`() { check(TransEDecoder(8, relations: World.relations, key: key.stream(1))) }

  @Test func `by diagonal forms`() { check(DistMultDecoder(8, relations: World.relations, key: key.stream(2))) }

  @Test func `by complex forms`() { check(ComplExDecoder(8, relations: World.relations, key: key.stream(3))) }

  @Test func `by a relational graph network under diagonal forms`() throws {
    let graph = try world.messages(), decoder = DistMultDecoder(8, relations: World.relations, key: key.stream(4))
    let encoder = RGCNConv(8, 8, relations: World.relations, key: key.stream(5))
    func z() -> Variable { encoder(table.weight, on: graph) }
    let before = world.ranks(decoder, z()).meanReciprocalRank
    fit(table, encoder, decoder, steps: 80, learningRate: 0.03) { _ in world.loss(decoder, z()) }
    let ranks = world.ranks(decoder, z())
    #expect(
      ranks.meanReciprocalRank > 0.5 && ranks.meanReciprocalRank > before,
      "places \(ranks.places), reciprocal rank \(before) before")
  }
}
