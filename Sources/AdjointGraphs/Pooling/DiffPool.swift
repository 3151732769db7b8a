/// What differentiable pooling makes of a graph.
public struct PooledGraph {
  /// The features of the clusters, Sᵀ Z.
  public let features: Variable
  /// The adjacency of the clusters, Sᵀ A S.
  public let adjacency: Variable
  /// ‖A − S Sᵀ‖, which is small where neighbours share a cluster.
  public let linkLoss: Variable
  /// The mean entropy of the nodes' assignments, which is small where each node belongs to one cluster.
  public let entropy: Variable
}

/// Pools a dense graph into clusters by a soft assignment of its nodes.
///
///     X′ = Sᵀ Z,   A′ = Sᵀ A S,   link loss ‖A − S Sᵀ‖,   entropy −Σ_i Σ_c S[i, c] log S[i, c] / N
///
/// Z: `[N, D]`, A: `[N, N]`, S: `[N, C]` with rows that sum to 1, X′: `[C, D]`, A′: `[C, C]`. 0 log 0 counts as 0.
///
/// Source: Ying et al., *Hierarchical Graph Representation Learning with Differentiable Pooling*, NeurIPS 2018, eqs. 3–4 and
/// section 3.3.
///
/// - Parameters:
///   - features: Z.
///   - adjacency: A.
///   - s: S, a softmax over the clusters for each node.
/// - Returns: The pooled graph and both auxiliary losses.
public func diffPool(_ features: Variable, adjacency: Variable, assignment s: Variable) -> PooledGraph {
  let n = s.shape.first ?? 0
  require(
    s.rank == 2 && features.rank == 2 && features.shape[0] == n && adjacency.shape == [n, n],
    "diffPool: features \(features.shape), adjacency \(adjacency.shape), assignment \(s.shape); they are [N, D], [N, N], [N, C]"
  )
  let pooled = matmul(matmul(s, adjacency, transposingLeft: true), s)
  let misfit = adjacency - matmul(s, s, transposingRight: true)
  let isZero = Variable(equal(s.value, 0))
  let entropy = (s * log(s + isZero)).sum() / Variable(-Double(max(n, 1)))
  return PooledGraph(
    features: matmul(s, features, transposingLeft: true), adjacency: pooled, linkLoss: misfit.norm(), entropy: entropy)
}
