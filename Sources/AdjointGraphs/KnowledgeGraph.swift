/// Facts about numbered entities, such as (Lisbon, capital of, Portugal): triples of a source, a relation and a target.
///
/// Completing a knowledge graph means scoring triples that are not in it. A ``RelationDecoder`` scores them from embeddings of the
/// entities, which are parameters of their own, or what an ``RGCNConv`` makes of ``relationalGraph()``.
///
///     let logits = decoder.candidateScores(z, of: facts)
///     let loss = softmaxCrossEntropy(logits: logits, facts.answers)
///     Ranks(of: hidden, by: decoder, z, known: facts).meanReciprocalRank
public struct KnowledgeGraph: Sendable, Equatable {
  /// The number of entities.
  public let entityCount: Int
  /// The number of relations.
  public let relationCount: Int
  /// The source and the target of every fact.
  public let pairs: NodePairs
  /// The relation of every fact.
  public let relations: IndexArray

  /// Creates a knowledge graph.
  ///
  /// - Parameters:
  ///   - entityCount: The number of entities.
  ///   - relationCount: The number of relations.
  ///   - facts: The triples.
  /// - Throws: ``GraphError`` for a fact about an entity or a relation that is not there.
  public init(
    entityCount: Int, relationCount: Int, facts: [(source: Int, relation: Int, target: Int)]
  ) throws(GraphError) {
    _ = try Graph(nodeCount: entityCount, edges: facts.map { ($0.source, $0.target) })
    for (position, fact) in facts.enumerated() where fact.relation < 0 || fact.relation >= relationCount {
      throw .relationOutside(position: position, relation: fact.relation, relationCount: relationCount)
    }
    self.init(known: entityCount, relationCount, facts)
  }

  /// A knowledge graph of facts that are known to be right.
  init(known entityCount: Int, _ relationCount: Int, _ facts: [(source: Int, relation: Int, target: Int)]) {
    (self.entityCount, self.relationCount) = (entityCount, relationCount)
    pairs = NodePairs(facts.map { ($0.source, $0.target) })
    relations = IndexArray(facts.map(\.relation))
  }

  /// The number of facts.
  public var count: Int { pairs.count }

  /// The facts as edges of a kind for each relation, and then once more turned round, as kinds of their own.
  ///
  /// - Returns: A graph of 2 · `relationCount` relations.
  public func relationalGraph() -> RelationalGraph {
    let graph = Graph(
      nodeCount: entityCount, sources: .joined([pairs.sources, pairs.targets]),
      targets: .joined([pairs.targets, pairs.sources]))
    let kinds = IndexArray.joined([relations, relations], adding: [0, relationCount])
    return RelationalGraph(graph, kinds: kinds.gathered(graph.edgeOrder), count: 2 * relationCount)
  }

  /// What ``RelationDecoder/candidateScores(_:of:)`` should score best: the targets of the facts, then their sources.
  public var answers: IndexArray { .joined([pairs.targets, pairs.sources]) }
}

extension RelationDecoder {
  /// The scores of every entity in place of each fact's target, then in place of each fact's source.
  ///
  ///     y[f, e] = s(u, r, e),  y[F + f, e] = s(e, r, v)          for the fact (u, r, v) number f of F
  ///
  /// With ``KnowledgeGraph/answers`` they are the logits of a cross-entropy over all entities, which needs no negative sampling.
  ///
  /// Source: Lacroix, Usunier & Obozinski, *Canonical Tensor Decomposition for Knowledge Base Completion*, ICML 2018, eqs. 1–2.
  ///
  /// - Parameters:
  ///   - z: The embeddings of the entities, `[N, D]`.
  ///   - facts: The facts.
  /// - Returns: `[2 F, N]`.
  /// - Complexity: O(F N D) time and memory; take the facts of a large graph in parts.
  public func candidateScores(_ z: Variable, of facts: KnowledgeGraph) -> Variable {
    let entities = facts.entityCount
    require(
      z.rank == 2 && z.shape[0] == entities,
      "candidateScores: embeddings of shape \(z.shape) for \(entities) entities")
    func forEach(_ indices: IndexArray) -> IndexArray {
      IndexArray(indices.flatMap { repeatElement($0, count: entities) })
    }
    let everyone = IndexArray((0..<facts.count * entities).map { $0 % entities })
    let (sources, targets, relations) = (
      forEach(facts.pairs.sources), forEach(facts.pairs.targets), forEach(facts.relations)
    )
    let pairs = NodePairs(sources: .joined([sources, everyone]), targets: .joined([everyone, targets]))
    return self(z, of: pairs, by: .joined([relations, relations])).reshaped(to: [2 * facts.count, entities])
  }
}

extension Ranks {
  /// The filtered places of facts: each fact's target among all entities, then each fact's source.
  ///
  /// Entities that make another fact of `facts` or `known` do not count.
  ///
  /// Source: Bordes et al., *Translating Embeddings for Modeling Multi-relational Data*, NIPS 2013, section 4.1.
  ///
  /// - Parameters:
  ///   - facts: The facts to be found.
  ///   - decoder: What scores triples.
  ///   - z: The embeddings of the entities, `[N, D]`.
  ///   - known: Facts that are known to be true.
  public init(of facts: KnowledgeGraph, by decoder: some RelationDecoder, _ z: Variable, known: KnowledgeGraph) {
    var trueTargets: [[Int]: [Int]] = [:], trueSources: [[Int]: [Int]] = [:]
    for graph in [facts, known] {
      for (fact, relation) in graph.relations.enumerated() {
        let (source, target) = graph.pairs[fact]
        trueTargets[[source, relation], default: []].append(target)
        trueSources[[relation, target], default: []].append(source)
      }
    }
    let places = facts.relations.enumerated()
    let filtered =
      places.map { trueTargets[[facts.pairs[$0.offset].source, $0.element]] ?? [] }
      + places.map { trueSources[[$0.element, facts.pairs[$0.offset].target]] ?? [] }
    self.init(
      scores: decoder.candidateScores(z, of: facts).value, truths: facts.answers, filtered: filtered)
  }
}
