import Adjoint
import ArgumentParser

/// Embeddings of entities, and what scores facts about them.
struct EntityModel: Layer {
  enum Name: String, CaseIterable, ExpressibleByArgument {
    case transE = "transe"
    case distMult = "distmult"
    case complEx = "complex"
    case rgcn
  }

  private let entities: Parameter
  private let convolution: RGCNConv?
  private let decoder: any RelationDecoder

  init(_ name: Name, _ facts: KnowledgeGraph, width: Int, key: RandomKey) {
    entities = Parameter(Tensor(normal: [facts.entityCount, width], key: key.stream(0)))
    // Schlichtkrull et al. 2018, section 4: DistMult scores what relational convolutions make of the entities.
    convolution =
      name == .rgcn ? RGCNConv(width, width, relations: 2 * facts.relationCount, key: key.stream(1)) : nil
    decoder =
      switch name {
      case .transE: TransEDecoder(width, relations: facts.relationCount, key: key.stream(2))
      case .distMult, .rgcn: DistMultDecoder(width, relations: facts.relationCount, key: key.stream(2))
      case .complEx: ComplExDecoder(width, relations: facts.relationCount, key: key.stream(2))
      }
  }

  /// The embeddings that are scored, given what is known.
  private func embeddings(_ known: RelationalGraph) -> Variable {
    let z = entities.wrappedValue
    return convolution.map { z + tanh($0(z, on: known)) } ?? z
  }

  /// Trains on the facts that are known.
  func train(on known: KnowledgeGraph, steps: Int) {
    // Without a decay, the models fit what is known by heart and find nothing else.
    let optimizer = Adam(learningRate: 0.05, weightDecay: 0.01), graph = known.relationalGraph()
    for _ in 0..<steps {
      let gradients = valueWithGradients {
        softmaxCrossEntropy(logits: decoder.candidateScores(embeddings(graph), of: known), known.answers)
      }.gradients
      optimizer.update(parameters, with: gradients)
    }
  }

  /// The filtered places of hidden facts.
  func ranks(of hidden: KnowledgeGraph, known: KnowledgeGraph) -> Ranks {
    Ranks(of: hidden, by: decoder, embeddings(known.relationalGraph()), known: known)
  }
}
