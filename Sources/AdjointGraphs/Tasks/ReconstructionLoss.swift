/// The cross-entropy of a decoder's scores on pairs with and without an edge, each side by its mean.
///
///     ℓ = mean over edges of −ln σ(s(u, v)) + mean over pairs without an edge of −ln (1 − σ(s(u, v)))
///
/// Encoder, decoder and pairs are one's own choice. With a graph neural network, the inner product and the edges of the graph this
/// is the graph autoencoder; with a table of embeddings and the pairs that walks visit together, DeepWalk and node2vec with
/// negative sampling.
///
/// Source: Kipf & Welling, *Variational Graph Auto-Encoders*, NIPS workshop on Bayesian deep learning 2016, section 2; Mikolov
/// et al., *Distributed Representations of Words and Phrases and their Compositionality*, NIPS 2013, eq. 4.
///
/// - Parameters:
///   - decoder: What scores pairs of nodes.
///   - z: The embeddings of the nodes, `[N, D]`.
///   - edges: Pairs of nodes with an edge between them.
///   - nonEdges: Pairs of nodes without one.
/// - Returns: One number; a side without pairs adds nothing.
public func reconstructionLoss(
  _ decoder: some EdgeDecoder, _ z: Variable, edges: NodePairs, nonEdges: NodePairs
) -> Variable {
  func side(_ pairs: NodePairs, label: Double) -> Variable {
    if pairs.isEmpty { return Variable(Tensor(0, dtype: z.dtype)) }
    let logits = decoder(z, of: pairs)
    return binaryCrossEntropy(
      logits: logits, Variable(Tensor(repeating: label, shape: logits.shape, dtype: z.dtype)))
  }
  return side(edges, label: 1) + side(nonEdges, label: 0)
}
