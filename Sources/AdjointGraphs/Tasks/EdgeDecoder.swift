/// Scores pairs of nodes from the embeddings of their nodes: what an encoder's output is decoded into.
///
/// A score is a logit: `sigmoid` of it is the probability of an edge, and ``binaryCrossEntropy(logits:_:positiveWeight:mask:reduction:)``
/// compares it with what is there. It may as well be read as a real number, such as the weight of an edge.
///
///     let logits = DotDecoder()(encoder(x, on: graph), of: pairs)
///     let loss = binaryCrossEntropy(logits: logits, labels)
public protocol EdgeDecoder: Layer {
  /// The scores of pairs of nodes.
  ///
  /// - Parameters:
  ///   - z: The embeddings of the nodes, `[N, D]`.
  ///   - pairs: P pairs of nodes.
  /// - Returns: `[P]`.
  func callAsFunction(_ z: Variable, of pairs: NodePairs) -> Variable
}

/// The inner product of two embeddings.
///
///     s(u, v) = z_u · z_v
///
/// The score is symmetric, and has no parameters.
///
/// Source: Kipf & Welling, *Variational Graph Auto-Encoders*, NIPS workshop on Bayesian deep learning 2016, eq. 2.
public struct DotDecoder: EdgeDecoder {
  /// Creates a decoder.
  public init() {}

  /// The scores of pairs of nodes.
  public func callAsFunction(_ z: Variable, of pairs: NodePairs) -> Variable {
    let (u, v) = ends(of: z, pairs, "DotDecoder")
    return (u * v).sum(along: 1)
  }
}

/// A perceptron on two embeddings beside each other.
///
///     s(u, v) = MLP(z_u ‖ z_v)
///
/// The score of (u, v) differs from that of (v, u).
public struct MLPDecoder: EdgeDecoder {
  /// The perceptron, from 2 D features to one.
  public let mlp: MLP

  /// Creates a decoder.
  ///
  /// - Parameters:
  ///   - inputs: The width D of an embedding.
  ///   - hidden: The widths of the hidden layers.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, hidden: [Int], key: RandomKey) { mlp = MLP([2 * inputs] + hidden + [1], key: key) }

  /// The scores of pairs of nodes.
  public func callAsFunction(_ z: Variable, of pairs: NodePairs) -> Variable {
    let (u, v) = ends(of: z, pairs, "MLPDecoder")
    return mlp(concatenate(u, v)).reshaped(to: [pairs.count])
  }
}

/// The embeddings of the two ends of every pair.
func ends(of z: Variable, _ pairs: NodePairs, _ name: String) -> (sources: Variable, targets: Variable) {
  require(z.rank == 2, "\(name): embeddings of shape \(z.shape); they are [N, D]")
  return (z.gatherRows(pairs.sources), z.gatherRows(pairs.targets))
}
