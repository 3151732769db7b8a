/// Scores triples (source, relation, target), as in a knowledge graph.
public protocol RelationDecoder: Layer {
  /// The number of relations.
  var relationCount: Int { get }

  /// The scores of triples.
  ///
  /// - Parameters:
  ///   - z: The embeddings of the nodes, `[N, D]`.
  ///   - pairs: The nodes of P triples.
  ///   - relations: The relation of every triple, from 0.
  /// - Returns: `[P]`; the larger the likelier.
  func callAsFunction(_ z: Variable, of pairs: NodePairs, by relations: IndexArray) -> Variable
}

/// A bilinear form for each relation.
///
///     s(u, r, v) = z_u W_r z_vᵀ            W: [R, D, D]
///
/// With one relation it scores plain pairs, too. The score of (u, v) differs from that of (v, u) unless W is symmetric.
///
/// Source: Nickel, Tresp & Kriegel, *A Three-Way Model for Collective Learning on Multi-Relational Data*, ICML 2011, eq. 1
/// (RESCAL).
public struct BilinearDecoder: EdgeDecoder, RelationDecoder {
  /// The forms W, `[R, D, D]`.
  @Parameter public var weight: Variable

  /// Creates a decoder.
  ///
  /// - Parameters:
  ///   - inputs: The width D of an embedding.
  ///   - relations: The number R of relations.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, relations: Int = 1, key: RandomKey) {
    _weight = Parameter(
      stack((0..<relations).map { Initializer.glorotUniform([inputs, inputs], key: key.stream($0)) }))
  }

  /// The number of relations.
  public var relationCount: Int { $weight.value.shape[0] }

  /// The scores of pairs of nodes under the only relation.
  public func callAsFunction(_ z: Variable, of pairs: NodePairs) -> Variable {
    require(relationCount == 1, "BilinearDecoder: \(relationCount) relations; say which one each pair is scored by")
    return self(z, of: pairs, by: IndexArray([Int](repeating: 0, count: pairs.count)))
  }

  /// The scores of triples.
  ///
  /// - Complexity: O(P D²) time and memory for the P rows of embeddings: the triples are taken relation by relation.
  public func callAsFunction(_ z: Variable, of pairs: NodePairs, by relations: IndexArray) -> Variable {
    let (u, v) = ends(of: z, pairs, "BilinearDecoder")
    requireRelations(relations, of: pairs, "BilinearDecoder")
    var rows = [[Int]](repeating: [], count: relationCount)
    for (triple, relation) in relations.enumerated() { rows[relation].append(triple) }
    let forms = weight.unstacked()
    let projected = rows.enumerated().map { relation, triples in
      matmul(u.gatherRows(IndexArray(triples)), forms[relation])
    }
    let order = IndexArray(rows.joined().map { $0 })
    return (concatenate(projected, along: 0) * v.gatherRows(order)).sum(along: 1).scatterSum(
      to: order, count: pairs.count)
  }
}

/// A translation for each relation.
///
///     s(u, r, v) = −‖z_u + t_r − z_v‖₂            t: [R, D]
///
/// Source: Bordes et al., *Translating Embeddings for Modeling Multi-relational Data*, NIPS 2013, section 2 (TransE).
public struct TransEDecoder: RelationDecoder {
  /// The translations t, `[R, D]`.
  @Parameter public var translation: Variable

  /// Creates a decoder.
  ///
  /// - Parameters:
  ///   - inputs: The width D of an embedding.
  ///   - relations: The number R of relations.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, relations: Int, key: RandomKey) {
    _translation = Parameter(Initializer.glorotUniform([relations, inputs], key: key))
  }

  /// The number of relations.
  public var relationCount: Int { $translation.value.shape[0] }

  /// The scores of triples.
  public func callAsFunction(_ z: Variable, of pairs: NodePairs, by relations: IndexArray) -> Variable {
    let (u, v) = ends(of: z, pairs, "TransEDecoder")
    requireRelations(relations, of: pairs, "TransEDecoder")
    return -(u + translation.gatherRows(relations) - v).norm(2, along: 1)
  }
}

/// A diagonal bilinear form for each relation.
///
///     s(u, r, v) = Σ_d z_ud w_rd z_vd            w: [R, D]
///
/// The score is symmetric in u and v.
///
/// Source: Yang et al., *Embedding Entities and Relations for Learning and Inference in Knowledge Bases*, ICLR 2015, eq. 3
/// (DistMult).
public struct DistMultDecoder: RelationDecoder {
  /// The diagonals w, `[R, D]`.
  @Parameter public var diagonal: Variable

  /// Creates a decoder.
  ///
  /// - Parameters:
  ///   - inputs: The width D of an embedding.
  ///   - relations: The number R of relations.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, relations: Int, key: RandomKey) {
    _diagonal = Parameter(Initializer.glorotUniform([relations, inputs], key: key))
  }

  /// The number of relations.
  public var relationCount: Int { $diagonal.value.shape[0] }

  /// The scores of triples.
  public func callAsFunction(_ z: Variable, of pairs: NodePairs, by relations: IndexArray) -> Variable {
    let (u, v) = ends(of: z, pairs, "DistMultDecoder")
    requireRelations(relations, of: pairs, "DistMultDecoder")
    return (u * diagonal.gatherRows(relations) * v).sum(along: 1)
  }
}

/// A diagonal Hermitian form for each relation, on embeddings read as complex numbers.
///
///     s(u, r, v) = Re Σ_d z_ud w_rd z̄_vd            z_u = a_u + i b_u,  w_r = c_r + i e_r
///                = Σ_d c_r (a_u a_v + b_u b_v) + e_r (a_u b_v − b_u a_v)
///
/// The first half of an embedding's D features is a, the second half b. The score is not symmetric.
///
/// Source: Trouillon et al., *Complex Embeddings for Simple Link Prediction*, ICML 2016, eq. 9 to 11 (ComplEx).
public struct ComplExDecoder: RelationDecoder {
  /// The forms w, `[R, D]`: real parts, then imaginary parts.
  @Parameter public var diagonal: Variable

  /// Creates a decoder.
  ///
  /// - Parameters:
  ///   - inputs: The width D of an embedding, an even number.
  ///   - relations: The number R of relations.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, relations: Int, key: RandomKey) {
    require(inputs % 2 == 0, "ComplExDecoder: \(inputs) features do not split into real and imaginary parts")
    _diagonal = Parameter(Initializer.glorotUniform([relations, inputs], key: key))
  }

  /// The number of relations.
  public var relationCount: Int { $diagonal.value.shape[0] }

  /// The scores of triples.
  public func callAsFunction(_ z: Variable, of pairs: NodePairs, by relations: IndexArray) -> Variable {
    let (u, v) = ends(of: z, pairs, "ComplExDecoder")
    requireRelations(relations, of: pairs, "ComplExDecoder")
    let width = $diagonal.value.shape[1]
    require(z.shape[1] == width, "ComplExDecoder: \(z.shape[1]) features of a node do not match \(width) of a relation")
    let (a, b) = halves(u), (c, e) = halves(diagonal.gatherRows(relations)), (x, y) = halves(v)
    return (c * (a * x + b * y) + e * (a * y - b * x)).sum(along: 1)
  }

  private func halves(_ z: Variable) -> (Variable, Variable) {
    let parts = z.chunked(by: z.shape[1] / 2, along: 1)
    return (parts[0], parts[1])
  }
}

extension RelationDecoder {
  func requireRelations(_ relations: IndexArray, of pairs: NodePairs, _ name: String) {
    require(
      relations.count == pairs.count, "\(name): \(relations.count) relations for \(pairs.count) pairs of nodes")
    relations.check(within: relationCount, operation: name, noun: "relation")
  }
}
